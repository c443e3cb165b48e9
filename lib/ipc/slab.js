'use strict'

const { Buffer } = require('node:buffer')

/** Offset of the bytes in the memory, and the fields of its header, as src/sys/unix/slab.rs has them. */
const HEADER_SIZE = 64
const PUBLISHED = 0
const WATCHED = 1

const NEWLINE = 10
const LENGTH_FIELD = 4

/**
 * What Buffer.prototype.write() comes down to for UTF-8. It is not documented, and saves 80 ns a message.
 * @type {(this: Buffer, text: string, offset: number) => number}
 */
const writeText = /** @type {any} */ (Buffer.prototype).utf8Write ?? Buffer.prototype.write

/** Memory that the core can see: messages are put into it without a call, and written together by the next flush. */
class Slab {
  #bytes
  #header

  /** Bytes in it. After a flush, whoever flushed sets it to 0. */
  used = 0

  /** @param {ArrayBuffer} memory */
  constructor(memory) {
    this.#bytes = Buffer.from(memory, HEADER_SIZE)
    this.#header = new Int32Array(memory, 0, HEADER_SIZE / 4)
  }

  /** Whether the core looks at it from time to time. */
  get isWatched() {
    return Atomics.load(this.#header, WATCHED) !== 0
  }

  /** @param {number} size in bytes */
  hasRoom(size) {
    return this.used + size <= this.#bytes.length
  }

  /**
   * Adds a line. There must be room for three bytes a character, and the newline.
   * @param {string} text without its newline
   * @returns {number} how many bytes it takes
   */
  addLine(text) {
    const end = this.used + writeText.call(this.#bytes, text, this.used)
    this.#bytes[end] = NEWLINE
    return this.#publish(end + 1)
  }

  /**
   * Adds a frame, its length in front.
   * @param {Uint8Array} body
   * @returns {number} how many bytes it takes
   */
  addFrame(body) {
    const start = this.#bytes.writeUInt32BE(body.length, this.used)
    this.#bytes.set(body, start)
    return this.#publish(start + body.length)
  }

  /**
   * Adds the length of a frame whose body goes another way.
   * @param {number} length
   * @returns {number} how many bytes it takes
   */
  addLength(length) {
    return this.#publish(this.#bytes.writeUInt32BE(length, this.used))
  }

  /** @param {number} end */
  #publish(end) {
    const added = end - this.used
    this.used = end
    Atomics.store(this.#header, PUBLISHED, end)
    return added
  }
}

module.exports = { LENGTH_FIELD, NEWLINE, Slab }
