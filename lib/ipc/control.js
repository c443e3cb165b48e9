'use strict'

const EventEmitter = require('node:events')
const { controlEmitsUnref } = require('../node-version')

/** @typedef {import('./types').NativeChannel} NativeChannel */

const kPendingMessages = Symbol('kPendingMessages')

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

  /** The channel's descriptor, -1 once it is closed. */
  get fd() {
    return this.#channel.fd
  }
}

module.exports = { Control, kPendingMessages }
