'use strict'

const { StringDecoder } = require('node:string_decoder')
const { define } = require('../properties')
const { PendingPipe } = require('../stdio/pending')

/** @typedef {import('node:net').Socket} Socket */

/**
 * Gathers one output of exec() and execFile() up to `maxBuffer`: natively, as long as nobody asks for the stream, else
 * by listening to it.
 */
class OutputCollector {
  /** @type {any[]} */
  #chunks = []
  #length = 0
  /** @type {Buffer | null | undefined} the whole output, once it has been gathered natively; null if there was none */
  #bytes
  #source
  /** @type {Socket | null | undefined} */
  #stream
  #encoding
  #maxBuffer
  #name

  /**
   * Called for every chunk beyond maxBuffer.
   * @type {(() => void) | undefined}
   */
  onoverflow

  /**
   * Called if the output could not be read to its end.
   * @type {((error: Error) => void) | undefined}
   */
  onerror

  /**
   * @param {InstanceType<typeof PendingPipe> | Socket | null | undefined} source
   * @param {BufferEncoding | null} encoding null for a Buffer
   * @param {number | null | undefined} maxBuffer bytes; null counts as 0, and only undefined as no limit
   * @param {'stdout' | 'stderr'} name
   */
  constructor(source, encoding, maxBuffer, name) {
    this.#source = source
    this.#encoding = encoding
    this.#maxBuffer = maxBuffer === undefined ? Infinity : Number(maxBuffer)
    this.#name = name
    if (!(source instanceof PendingPipe)) {
      this.#follow(source, null, 0)
    } else if (source.opened) {
      this.#follow(source.opened, null, 0)
    } else {
      source.onopen = (stream, bytes, lastChunk) => this.#follow(stream, bytes, lastChunk)
      // Whoever takes the stream in the tick of the call takes it from its beginning.
      process.nextTick(() => this.#gather(source))
    }
  }

  /** @param {InstanceType<typeof PendingPipe>} source */
  #gather(source) {
    const utf8 = this.#encoding !== null && /^utf-?8$/i.test(this.#encoding)
    source.gather(this.#maxBuffer, utf8, (stopped, bytes, lastChunk, error) => {
      if (error) this.onerror?.(error)
      if (!stopped) {
        // The end makes U+FFFD of a character that was cut, and the limit counts its three bytes.
        if (utf8 && bytes && bytes.length + 2 > this.#maxBuffer) this.#decodeAtEnd(bytes)
        else this.#bytes = bytes
        return
      }
      // What comes now has to be counted and cut as Node does it, chunk by chunk.
      source.onopen = undefined
      this.#follow(source.stream, bytes, lastChunk)
    })
  }

  /** @param {Buffer} bytes all there is of the output, in UTF-8 */
  #decodeAtEnd(bytes) {
    this.#bytes = null
    const decoder = new StringDecoder('utf8')
    for (const chunk of [decoder.write(bytes), decoder.end()]) {
      if (chunk.length > 0) this.#append(chunk)
    }
  }

  /**
   * Listens to a stream, after what had been gathered before.
   *
   * @param {Socket | null | undefined} stream
   * @param {Buffer | null} bytes
   * @param {number} lastChunk
   */
  #follow(stream, bytes, lastChunk) {
    this.#stream = stream
    if (!stream) return
    if (this.#encoding) stream.setEncoding(this.#encoding)
    const listener = (/** @type {any} */ chunk) => this.#append(chunk)
    // As in Node, because it is printed with the stream.
    define(listener, 'name', this.#name === 'stdout' ? 'onChildStdout' : 'onChildStderr')
    // Nothing comes before the next tick. What is appended here may end the stream, which must have listened by then.
    stream.on('data', listener)
    if (bytes) {
      // Through the stream's own decoder, which keeps the beginning of a character that was cut.
      const { decoder } = /** @type {any} */ (stream)._readableState
      for (const piece of inPieces(bytes, lastChunk)) {
        const chunk = decoder ? decoder.write(piece) : piece
        if (chunk.length > 0) this.#append(chunk)
      }
    }
  }

  /**
   * The limit counts bytes, but a string that goes beyond it is cut after that many characters, as Node does.
   * @param {any} chunk
   */
  #append(chunk) {
    if (this.#maxBuffer === Infinity) {
      this.#chunks.push(chunk)
      return
    }
    const encoding = this.#stream ? this.#stream.readableEncoding : this.#encoding
    const length = encoding ? Buffer.byteLength(chunk, encoding) : chunk.length
    const room = this.#maxBuffer - this.#length
    this.#length += length
    if (length > room) {
      this.#chunks.push(chunk.slice(0, room))
      this.onoverflow?.()
    } else {
      this.#chunks.push(chunk)
    }
  }

  /** Ends it before the stream does. */
  close() {
    if (!(this.#source instanceof PendingPipe)) {
      this.#source?.destroy()
      return
    }
    const bytes = this.#source.close()
    if (!bytes) return
    // No end, so the beginning of a character that was cut is left out.
    this.#chunks.push(this.#encoding ? new StringDecoder(this.#encoding).write(bytes) : bytes)
  }

  /**
   * What has come so far: a string if there is an encoding, be it one that the user set on the stream.
   *
   * @returns {string | Buffer}
   * @throws {Error} ERR_STRING_TOO_LONG
   */
  result() {
    // Somebody has emitted 'close' or 'error': that is all the callback gets, but the child is still to be drained.
    if (this.#source instanceof PendingPipe && this.#bytes === undefined) this.#source.interrupt()
    if (this.#bytes) return this.#encoding ? this.#bytes.toString(this.#encoding) : this.#bytes
    return this.#encoding || this.#stream?.readableEncoding ? this.#chunks.join('') : Buffer.concat(this.#chunks)
  }
}

/** Far less than the longest string. */
const PIECE = 16 * 1024 * 1024

/**
 * @param {Buffer} bytes
 * @param {number} lastChunk where the last piece has to begin
 */
function* inPieces(bytes, lastChunk) {
  for (let from = 0; from < lastChunk; from += PIECE) yield bytes.subarray(from, Math.min(from + PIECE, lastChunk))
  yield bytes.subarray(lastChunk)
}

module.exports = { OutputCollector }
