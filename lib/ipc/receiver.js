'use strict'

const { isInternal, takeHandles } = require('./received')

/** @typedef {import('./types').Channel} Channel */
/** @typedef {import('./types').Codec} Codec */
/** @typedef {import('./types').Target} Target */

/**
 * @typedef {object} Batch the messages of one read; they share a place in the tick queue
 * @property {any[]} messages
 * @property {any[] | undefined} handles
 * @property {number} next
 */

/** Makes events of what arrives. */
class Receiver {
  #target
  #channel
  #codec
  /** Messages that came before there was a listener, with their handles. */
  #unheard

  /**
   * @param {Target} target emits 'message' and 'internalMessage'
   * @param {Channel} channel
   * @param {Codec} codec
   * @param {[message: any, handle: any][]} unheard
   */
  constructor(target, channel, codec, unheard) {
    this.#target = target
    this.#channel = channel
    this.#codec = codec
    this.#unheard = unheard
  }

  /**
   * Takes what the core has read; see src/binding/channel/class.rs.
   *
   * @param {any} data
   * @param {number} [count]
   * @param {boolean} [sound]
   * @param {boolean} [hasDescriptor]
   */
  receive = (data, count = 1, sound = true, hasDescriptor = false) => {
    // One message, and no handle: by far the most frequent case where time matters, which is a question and its answer.
    if (count === 1 && sound && !hasDescriptor) {
      let message
      try {
        message = this.#codec.readOne(data)
      } catch (error) {
        process.nextTick(rethrow, error)
        return
      }
      if (this.#channel.isReading) process.nextTick(this.#deliverOne, message)
      return
    }

    /** @type {unknown[]} */
    const errors = []
    const messages = this.#codec.read(data, count, sound, errors)
    // As in Node, what cannot be read is an uncaught exception, and comes first; unlike there, it takes no other message
    // along.
    for (const error of errors) process.nextTick(rethrow, error)
    if (this.#channel.isReading) {
      const handles = hasDescriptor ? takeHandles(this.#channel.native, messages) : undefined
      process.nextTick(this.#deliver, { messages, handles, next: 0 })
    }
  }

  /**
   * Emits a message, or keeps it until somebody listens.
   *
   * @param {any} message
   * @param {any} [received] its handle
   */
  emit = (message, received) => {
    const target = this.#target
    if (isInternal(message)) target.emit('internalMessage', message, received)
    else if (target.listenerCount('message') > 0) target.emit('message', message, received)
    else this.#unheard.push([message, received])
  }

  /** Emits what was kept, if somebody listens now. */
  catchUp = () => {
    const target = this.#target
    if (target.channel !== null && target.listenerCount('message') > 0) this.#emitAll(this.#unheard.splice(0))
  }

  /** @param {any} message */
  #deliverOne = message => {
    this.#channel.onDelivered()
    this.emit(message)
  }

  /** @param {Batch} batch */
  #deliver = batch => {
    const { messages, handles } = batch
    try {
      while (batch.next < messages.length) {
        const index = batch.next++
        this.emit(messages[index], handles?.[index])
      }
    } finally {
      // A listener that throws must not cost the others their messages.
      if (batch.next < messages.length) process.nextTick(this.#deliver, batch)
      else this.#channel.onDelivered()
    }
  }

  /**
   * As in Node, all go to who listens now: what once() leaves is gone, and does not wait for a later listener.
   * @param {[message: any, handle: any][]} messages
   */
  #emitAll = messages => {
    let next = 0
    try {
      while (next < messages.length) this.#target.emit('message', ...messages[next++])
    } finally {
      if (next < messages.length) process.nextTick(this.#emitAll, messages.slice(next))
    }
  }
}

/** @param {unknown} error */
function rethrow(error) {
  throw error
}

module.exports = { Receiver }
