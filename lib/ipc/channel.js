'use strict'

const { native } = require('../binding')
const { codes, errnoException } = require('../errors')
const { hasDeprecatedChannel } = require('../node-version')
const { validateObject } = require('../options/validators')
const { define } = require('../properties')
const { maybeClose } = require('../stdio/closes')
const { advanced } = require('./advanced')
const { Control, defineDeprecatedChannel, kPendingMessages } = require('./control')
const { kChannelHandle } = require('./handles')
const { json } = require('./json')
const { Outbox } = require('./outbox')
const { isInternal, receiveHandle, takeHandles } = require('./received')
const { acknowledge, closePendingHandle, failQueue, isAcknowledgement, sendMessage } = require('./send')

/** @typedef {import('./types').Channel} Channel */
/** @typedef {import('./types').Target} Target */

/** @type {Record<string, import('./types').Codec>} */
const serializations = { advanced, json }

const DEFAULT_OPTIONS = Object.freeze({ swallowErrors: false })

/**
 * Opens a channel: gives `target` its send(), disconnect(), channel and connected, and lets it emit 'message',
 * 'internalMessage' and 'disconnect'.
 *
 * @param {any} object a ChildProcess, or the `process` of a child
 * @param {number} fd the socket, which belongs to the channel from here on
 * @param {'json' | 'advanced'} mode
 * @returns {InstanceType<typeof Control>}
 * @throws {Error} the descriptor is not open, or no socket
 */
function setupChannel(object, fd, mode) {
  const target = /** @type {Target} */ (object)
  const handle = new native.Channel()
  const result = handle.open(fd, mode === 'advanced', onmessages, written => outbox.settle(written), onend)
  if (result < 0) throw errnoException(result, 'open')

  const codec = serializations[mode]
  const control = new Control(handle)
  /** @type {[message: any, handle: any][]} */
  const unheard = /** @type {any} */ (control)[kPendingMessages]
  const outbox = new Outbox(handle, control, error => process.nextTick(() => target.emit('error', error)))
  /** @type {Channel} */
  const channel = { native: handle, outbox, codec, sockets: { got: {}, send: {} } }

  target.channel = control
  // Hidden, for console.log(): what Node keeps there (its Pipe) is of no use to anybody either.
  define(target, kChannelHandle, channel)
  if (hasDeprecatedChannel) defineDeprecatedChannel(target)
  target._handleQueue = null
  target._pendingMessage = null

  // disconnect() in the middle of a message waits for the rest of it; until then this is what is to be done.
  /** @type {(() => void) | undefined} */
  let finishLater
  let isFinished = false
  let hasEnded = false
  let isCounted = false
  /** The channel is one of what a child's 'close' waits for. */
  const count = () => {
    if (isCounted || !('_closesNeeded' in target)) return
    isCounted = true
    maybeClose(/** @type {any} */ (target))
  }
  const finish = () => {
    if (isFinished) return
    isFinished = true
    failQueue(target)
    outbox.close()
    try {
      target.emit('disconnect')
    } finally {
      count()
    }
  }

  /** @param {Batch} batch */
  const deliver = batch => {
    const { messages, handles } = batch
    try {
      while (batch.next < messages.length) {
        const index = batch.next++
        emit(messages[index], handles?.[index])
      }
    } finally {
      // A listener that throws must not cost the others their messages.
      if (batch.next < messages.length) process.nextTick(deliver, batch)
      else if (finishLater !== undefined) finishLater()
    }
  }

  /** @param {any} message */
  const deliverOne = message => {
    if (finishLater !== undefined) finishLater()
    emit(message)
  }

  /**
   * @param {any} message
   * @param {any} [received]
   */
  const emit = (message, received) => {
    if (isInternal(message)) target.emit('internalMessage', message, received)
    else if (target.listenerCount('message') > 0) target.emit('message', message, received)
    else unheard.push([message, received])
  }

  /**
   * @param {any} data
   * @param {number} [count]
   * @param {boolean} [sound]
   * @param {boolean} [hasDescriptor]
   */
  function onmessages(data, count = 1, sound = true, hasDescriptor = false) {
    // One message, and no handle: by far the most frequent case where time matters, which is a question and its answer.
    if (count === 1 && sound && !hasDescriptor) {
      let message
      try {
        message = codec.readOne(data)
      } catch (error) {
        process.nextTick(rethrow, error)
        return
      }
      if (target.channel !== null || finishLater !== undefined) process.nextTick(deliverOne, message)
      return
    }

    /** @type {unknown[]} */
    const errors = []
    const messages = codec.read(data, count, sound, errors)
    // As in Node, what cannot be read is an uncaught exception, and comes first; unlike there, it takes no other message
    // along.
    for (const error of errors) process.nextTick(rethrow, error)
    if (target.channel !== null || finishLater !== undefined) {
      const handles = hasDescriptor ? takeHandles(handle, messages) : undefined
      process.nextTick(deliver, { messages, handles, next: 0 })
    }
  }

  function onend() {
    hasEnded = true
    if (finishLater !== undefined) return finishLater()
    // Nobody will acknowledge what is under way.
    failQueue(target)
    // As in Node, 'close' does not wait for 'disconnect' when it is the other end that has closed.
    process.nextTick(count)
    if (target.connected) target.disconnect()
    else if (target.channel !== null) target._disconnect()
  }

  /**
   * As in Node, all go to who listens now: what once() leaves is gone, and does not wait for a later listener.
   * @param {[message: any, handle: any][]} messages
   */
  const catchUp = messages => {
    let next = 0
    try {
      while (next < messages.length) target.emit('message', ...messages[next++])
    } finally {
      if (next < messages.length) process.nextTick(catchUp, messages.slice(next))
    }
  }

  target.on('internalMessage', (message, received) => {
    if (message.cmd === 'NODE_HANDLE') receiveHandle(target, message, received, emit)
    else if (isAcknowledgement(message)) acknowledge(target, channel, message.cmd)
  })

  target.on('newListener', () => {
    process.nextTick(() => {
      if (target.channel !== null && target.listenerCount('message') > 0) catchUp(unheard.splice(0))
    })
  })

  target.send = function (message, handle, options, callback) {
    if (typeof handle === 'function') {
      callback = handle
      handle = undefined
      options = undefined
    } else if (typeof options === 'function') {
      callback = options
      options = undefined
    } else if (options !== undefined) {
      validateObject(options, 'options')
    }

    if (this.connected) {
      return this._send(message, handle, options ? { ...DEFAULT_OPTIONS, ...options } : DEFAULT_OPTIONS, callback)
    }
    const error = new codes.ERR_IPC_CHANNEL_CLOSED()
    if (typeof callback === 'function') process.nextTick(callback, error)
    else process.nextTick(() => this.emit('error', error))
    return false
  }

  target._send = function (message, handle, options, callback) {
    return sendMessage(target, channel, message, handle, options, callback)
  }

  // false once a disconnect is asked for; `channel` is null once it is done.
  target.connected = true

  target.disconnect = function () {
    if (!this.connected) {
      this.emit('error', new codes.ERR_IPC_DISCONNECTED())
      return
    }
    this.connected = false
    // What is queued behind a handle goes first; acknowledge() comes back here.
    if (!this._handleQueue) this._disconnect()
  }

  target._disconnect = function () {
    this.channel = null
    if (this._pendingMessage) closePendingHandle(target)
    if (handle.buffering && !hasEnded) finishLater = () => process.nextTick(finish)
    else process.nextTick(finish)
  }

  return control
}

/**
 * @typedef {object} Batch the messages of one read; they share a place in the tick queue
 * @property {any[]} messages
 * @property {any[] | undefined} handles
 * @property {number} next
 */

/** @param {unknown} error */
function rethrow(error) {
  throw error
}

module.exports = { setupChannel }
