'use strict'

const { codes } = require('../errors')
const { validateObject } = require('../options/validators')
const { sendMessage } = require('./send')

/** @typedef {import('./types').Channel} Channel */
/** @typedef {import('./types').Target} Target */

const DEFAULT_OPTIONS = Object.freeze({ swallowErrors: false })

/**
 * Gives `target` send(), disconnect() and what Node has beside them, as properties of its own and in Node's order.
 *
 * @param {Target} target
 * @param {Channel} channel
 */
function addMethods(target, channel) {
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
    channel.disconnect()
  }
}

module.exports = { addMethods }
