'use strict'

const { codes, errnoException, errnos } = require('../errors')
const { handOver, handleConversion, typeOf } = require('./handles')

/** @typedef {import('./types').Channel} Channel */
/** @typedef {import('./types').QueuedMessage} QueuedMessage */
/** @typedef {import('./types').SendCallback} SendCallback */
/** @typedef {import('./types').SendOptions} SendOptions */
/** @typedef {import('./types').Target} Target */

const { ERR_INVALID_ARG_TYPE, ERR_IPC_CHANNEL_CLOSED, ERR_MISSING_ARGS } = codes

const MAX_HANDLE_RETRANSMISSIONS = 3
/** From here on send() returns false: two of libuv's reads. */
const HIGH_WATER_MARK = 2 * 65536

/**
 * What `_send()` does: sends a message, or queues it while a handle before it is unacknowledged, because the receiver
 * could not tell which message a second descriptor belongs to.
 *
 * @param {Target} target
 * @param {Channel} channel
 * @param {any} message
 * @param {any} [handle]
 * @param {SendOptions | boolean} [options] true is the old way to say swallowErrors
 * @param {SendCallback} [callback]
 * @returns {boolean} false: better wait with the next one
 * @throws {TypeError} ERR_MISSING_ARGS, ERR_INVALID_ARG_TYPE, ERR_INVALID_HANDLE_TYPE, and what serializing throws
 */
function sendMessage(target, channel, message, handle, options, callback) {
  if (message === undefined) throw new ERR_MISSING_ARGS('message')
  const type = typeof message
  if (type !== 'string' && type !== 'object' && type !== 'number' && type !== 'boolean') {
    throw new ERR_INVALID_ARG_TYPE('message', ['string', 'object', 'number', 'boolean'], message)
  }

  const settings = typeof options === 'object' ? options : { swallowErrors: options === true }
  const done = typeof callback === 'function' ? callback : undefined
  if (handle) return sendWithHandle(target, channel, { message, handle, options: settings, callback: done })

  if (target._handleQueue && !isAcknowledgement(message)) {
    target._handleQueue.push({ message, handle: null, options: settings, callback: done })
    return target._handleQueue.length === 1
  }
  const errno = channel.codec.write(channel.outbox, message, -1, done, !settings.swallowErrors)
  if (errno < 0 && !settings.swallowErrors) report(target, errnoException(errno, 'write'), done)
  return channel.outbox.waiting < HIGH_WATER_MARK
}

/** The answers that a queue waits for on the other side must not wait here. */
const isAcknowledgement = (/** @type {any} */ message) =>
  message !== null && (message.cmd === 'NODE_HANDLE_ACK' || message.cmd === 'NODE_HANDLE_NACK')

/**
 * @param {Target} target
 * @param {Channel} channel
 * @param {QueuedMessage} queued
 * @returns {boolean}
 */
function sendWithHandle(target, channel, queued) {
  const { message, handle, options, callback } = queued
  const type = typeOf(handle)
  if (target._handleQueue) {
    target._handleQueue.push(queued)
    return target._handleQueue.length === 1
  }

  const conversion = handleConversion[type]
  const envelope = { cmd: 'NODE_HANDLE', type, msg: message }
  const native = conversion.send(envelope, handle)
  // It was sent before, or is closed: then the message goes alone.
  if (!native) return sendMessage(target, channel, message, undefined, options, callback)

  // A handle without a descriptor is closed, or not connected yet.
  const errno = native.fd < 0 ? errnos.EBADF : channel.codec.write(channel.outbox, envelope, native.fd, callback, false)
  const detached = conversion.detach !== undefined && !options.keepOpen
  if (type === 'net.Socket' && handle.server) handOver(handle, target, !detached)
  if (detached) /** @type {any} */ (conversion).detach(handle, native)

  if (errno < 0) {
    if (detached) native.close()
    if (!options.swallowErrors) report(target, errnoException(errno, 'write'), callback)
  } else {
    target._handleQueue = []
    // Closing it here before it has arrived there could end the connection.
    if (detached) target._pendingMessage = { message: envelope, handle: native, options, callback, retransmissions: 0 }
  }
  return channel.outbox.waiting < HIGH_WATER_MARK
}

/**
 * Goes on after the answer to the handle that is under way.
 *
 * @param {Target} target
 * @param {Channel} channel
 * @param {string} cmd NODE_HANDLE_ACK or NODE_HANDLE_NACK
 */
function acknowledge(target, channel, cmd) {
  const queue = target._handleQueue
  // Nothing was under way: the other side may say what it wants.
  if (queue === null) return
  const pending = target._pendingMessage

  if (pending !== null && cmd === 'NODE_HANDLE_NACK' && pending.retransmissions++ < MAX_HANDLE_RETRANSMISSIONS) {
    const errno = channel.codec.write(channel.outbox, pending.message, pending.handle.fd, undefined, false)
    if (errno === 0) return
  }
  if (pending !== null) {
    closePendingHandle(target)
    if (cmd === 'NODE_HANDLE_NACK') {
      process.emitWarning('Handle did not reach the receiving process correctly', 'SentHandleNotReceivedWarning')
    }
  }

  target._handleQueue = null
  for (const { message, handle, options, callback } of queue) {
    try {
      target._send(message, handle, options, callback)
    } catch (error) {
      // send() has returned long ago, so what it would have thrown is reported as it reports anything late.
      report(target, /** @type {Error} */ (error), callback)
    }
  }
  if (!target.connected && target.channel !== null && !target._handleQueue) target._disconnect()
}

/**
 * Gives up what waits for an acknowledgement that will not come.
 * @param {Target} target
 */
function failQueue(target) {
  const queue = target._handleQueue
  target._handleQueue = null
  if (target._pendingMessage) closePendingHandle(target)
  for (const { callback } of queue ?? []) {
    if (callback) process.nextTick(callback, new ERR_IPC_CHANNEL_CLOSED())
  }
}

/** @param {Target} target */
function closePendingHandle(target) {
  target._pendingMessage?.handle.close()
  target._pendingMessage = null
}

/**
 * @param {Target} target
 * @param {Error} error
 * @param {SendCallback} [callback]
 */
function report(target, error, callback) {
  if (callback) process.nextTick(callback, error)
  else process.nextTick(() => target.emit('error', error))
}

module.exports = { acknowledge, closePendingHandle, failQueue, isAcknowledgement, sendMessage }
