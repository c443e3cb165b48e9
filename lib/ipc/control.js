'use strict'

const EventEmitter = require('node:events')
const { deprecate } = require('node:util')
const { controlEmitsUnref } = require('../node-version')
const { kPendingMessages } = require('./symbols')

/** @typedef {import('./types').NativeChannel} NativeChannel */
/** @typedef {import('./types').Target} Target */

/**
 * `child.channel`: decides whether the channel keeps the process alive. It does while somebody needs it (listeners in a
 * forked child, writes that wait), until ref() or unref() is called; then that counts.
 */
class Control extends EventEmitter {
  /** @type {NativeChannel} */
  #channel
  #refs = 0
  #refExplicitlySet = false;

  /**
   * Messages that came before there was a listener, with their handles.
   * @type {[message: any, handle: any][]}
   */
  [kPendingMessages] = []

  /** @param {NativeChannel} channel */
  constructor(channel) {
    super()
    this.#channel = channel
  }

  refCounted() {
    if (++this.#refs === 1 && !this.#refExplicitlySet) this.#channel.ref()
  }

  unrefCounted() {
    if (--this.#refs === 0 && !this.#refExplicitlySet) {
      this.#channel.unref()
      if (controlEmitsUnref) this.emit('unref')
    }
  }

  ref() {
    this.#refExplicitlySet = true
    this.#channel.ref()
  }

  unref() {
    this.#refExplicitlySet = true
    this.#channel.unref()
  }

  /** The channel's descriptor, -1 when it has been closed, and -EINVAL when libuv has let go of it. */
  get fd() {
    return this.#channel.fd
  }
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

module.exports = { Control, defineDeprecatedChannel }
