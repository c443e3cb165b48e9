'use strict'

const { handleConversion, openDescriptor } = require('./handles')

/** @typedef {import('./types').NativeChannel} NativeChannel */
/** @typedef {import('./types').Target} Target */

const INTERNAL_PREFIX = 'NODE_'

/** Messages that are the protocol's own, and raise 'internalMessage'. */
const isInternal = (/** @type {any} */ message) =>
  message !== null &&
  typeof message === 'object' &&
  typeof message.cmd === 'string' &&
  message.cmd.length > INTERNAL_PREFIX.length &&
  message.cmd.startsWith(INTERNAL_PREFIX)

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

module.exports = { isInternal, receiveHandle, takeHandles }
