'use strict'

const { native } = require('../binding')
const { codes, errnoException } = require('../errors')
const { hasDeprecatedChannel } = require('../node-version')
const { validateObject } = require('../options/validators')
const { define } = require('../properties')
const { maybeClose } = require('../stdio/closes')
const { advanced } = require('./advanced')
const { Control, kPendingMessages } = require('./control')
const { handleConversion, kChannelHandle, openDescriptor } = require('./handles')
const { json } = require('./json')
const { Outbox } = require('./outbox')
const { acknowledge, closePendingHandle, failQueue, isAcknowledgement, sendMessage } = require('./send')
const { deprecate } = require('node:util')

/** @typedef {import('./types').Channel} Channel */
/** @typedef {import('./types').NativeChannel} NativeChannel */
/** @typedef {import('./types').Target} Target */

/** @type {Record<string, import('./types').Codec>} */
const serializations = { advanced, json }

const INTERNAL_PREFIX = 'NODE_'
const DEFAULT_OPTIONS = Object.freeze({ swallowErrors: false })

/** Messages that are the protocol's own, and raise 'internalMessage'. */
const isInternal = (/** @type {any} */ message) =>
  message !== null &&
  typeof message === 'object' &&
  typeof message.cmd === 'string' &&
  message.cmd.length > INTERNAL_PREFIX.length &&
  message.cmd.startsWith(INTERNAL_PREFIX)

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
  const finish = () => {
    if (isFinished) return
    isFinished = true
    failQueue(target)
    outbox.close()
    try {
      target.emit('disconnect')
    } finally {
      if ('_closesNeeded' in target) maybeClose(/** @type {any} */ (target))
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
    if (target.connected) target.disconnect()
    else if (target.channel !== null) target._disconnect()
  }

  target.on('internalMessage', (message, received) => {
    if (message.cmd === 'NODE_HANDLE') receiveHandle(target, message, received, emit)
    else if (isAcknowledgement(message)) acknowledge(target, channel, message.cmd)
  })

  target.on('newListener', () => {
    process.nextTick(() => {
      while (unheard.length > 0 && target.channel !== null && target.listenerCount('message') > 0) {
        const [message, received] = /** @type {[any, any]} */ (unheard.shift())
        target.emit('message', message, received)
      }
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

/**
 * Finds the message that the descriptor belongs to. There is one at most: the kernel ends a read behind it.
 *
 * @param {NativeChannel} channel
 * @param {any[]} messages
 * @returns {any[] | undefined} handles by the index of their message
 */
function takeHandles(channel, messages) {
  const index = messages.findIndex(message => isInternal(message) && message.cmd === 'NODE_HANDLE')
  if (index === -1) return undefined
  const fd = channel.takeDescriptor()
  const handles = []
  handles[index] = fd === -1 ? undefined : openDescriptor(fd)
  return handles
}

/**
 * Unpacks a message that came with a handle, and confirms that it did.
 *
 * @param {Target} target
 * @param {any} envelope
 * @param {any} received a native handle, or undefined if it was lost on the way
 * @param {(message: any, handle: any) => void} emit
 */
function receiveHandle(target, envelope, received, emit) {
  const reply = (/** @type {string} */ cmd) => target.channel && target._send({ cmd }, null, true)
  if (!received) {
    reply('NODE_HANDLE_NACK')
    return
  }
  reply('NODE_HANDLE_ACK')
  const conversion = handleConversion[envelope.type]
  if (conversion === undefined) {
    received.close()
    return
  }
  conversion.got(envelope, received, target, converted => {
    if (target.channel !== null) process.nextTick(emit, envelope.msg, converted)
  })
}

/**
 * `_channel`, the former name of `channel` (DEP0129).
 * @param {Target} target
 */
function defineDeprecatedChannel(target) {
  const message = '_channel is deprecated. Use ChildProcess.channel instead.'
  Object.defineProperty(target, '_channel', {
    // @ts-expect-error: so that a polluted Object.prototype cannot make an accessor a value
    __proto__: null,
    get: deprecate(() => target.channel, message, 'DEP0129'),
    set: deprecate(value => (target.channel = value), message, 'DEP0129'),
    configurable: true,
    enumerable: false
  })
}

module.exports = { setupChannel }
