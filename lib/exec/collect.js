'use strict'

/** @typedef {import('node:net').Socket} Socket */

/**
 * Gathers one output stream of exec() and execFile() up to `maxBuffer`.
 */
class OutputCollector {
  /** @type {any[]} */
  #chunks = []
  #length = 0
  #stream
  #encoding

  /**
   * @param {Socket | null | undefined} stream
   * @param {BufferEncoding | null} encoding null for a Buffer
   * @param {number} maxBuffer bytes
   * @param {() => void} onOverflow called for every chunk beyond maxBuffer
   */
  constructor(stream, encoding, maxBuffer, onOverflow) {
    this.#stream = stream
    this.#encoding = encoding
    if (!stream) return

    if (encoding) stream.setEncoding(encoding)
    stream.on('data', chunk => {
      if (this.#append(chunk, maxBuffer)) onOverflow()
    })
  }

  /**
   * The limit counts bytes, but a string that goes beyond it is cut after that many characters, as Node does.
   *
   * @param {any} chunk
   * @param {number} maxBuffer
   * @returns {boolean} whether the limit was exceeded
   */
  #append(chunk, maxBuffer) {
    if (maxBuffer === Infinity) {
      this.#chunks.push(chunk)
      return false
    }
    const encoding = this.#stream?.readableEncoding
    const length = encoding ? Buffer.byteLength(chunk, encoding) : chunk.length
    const room = maxBuffer - this.#length
    this.#length += length

    const exceeded = length > room
    this.#chunks.push(exceeded ? chunk.slice(0, room) : chunk)
    return exceeded
  }

  /**
   * What has come so far: a string if there is an encoding, be it one that the user set on the stream.
   * @returns {string | Buffer}
   */
  result() {
    return this.#encoding || this.#stream?.readableEncoding ? this.#chunks.join('') : Buffer.concat(this.#chunks)
  }
}

module.exports = { OutputCollector }
