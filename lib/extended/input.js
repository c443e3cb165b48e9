'use strict'

const { Readable, pipeline } = require('node:stream')
const { types } = require('node:util')
const { codes } = require('../errors')

/** @typedef {import('../types').ChildProcess} ChildProcess */

/** How a stream ends whose reader has gone: `head` reads no more than it needs, and that is no failure. */
const READER_HAS_GONE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'])

/**
 * @param {any} input
 * @throws {TypeError} ERR_INVALID_ARG_TYPE
 */
function validateInput(input) {
  if (typeof input === 'string' || types.isArrayBufferView(input) || isSource(input)) return
  const allowed = ['string', 'Buffer', 'TypedArray', 'DataView', 'Stream', 'AsyncIterable']
  throw new codes.ERR_INVALID_ARG_TYPE('options.input', allowed, input)
}

/**
 * A stream of Node or of the web, or anything else that can be iterated.
 * @param {any} input
 */
function isSource(input) {
  return Boolean(input?.[Symbol.asyncIterator] ?? input?.[Symbol.iterator])
}

/**
 * Writes the input to the child's stdin and closes it. A child that stops reading is no error; one of the source is emitted as
 * 'error' of the child, whose input ends there.
 *
 * @param {ChildProcess} child
 * @param {any} input as validateInput() lets it pass
 * @param {any} encoding of a string; UTF-8 unless it is the name of one
 */
function feedInput(child, input, encoding) {
  const { stdin } = child
  if (!stdin) {
    // The start failed for want of descriptors.
    input.destroy?.()
    return
  }
  if (typeof input === 'string' || types.isArrayBufferView(input)) {
    stdin.on('error', error => report(child, error))
    stdin.end(toBytes(input, encoding))
    return
  }
  const source = input instanceof Readable ? input : Readable.from(input, { objectMode: true })
  pipeline(source, stdin, error => {
    // Also where the child was the first to end: the source's own error came after it.
    if (error) report(child, source.errored ?? error)
  })
}

/**
 * @param {string | NodeJS.ArrayBufferView} input
 * @param {any} encoding
 */
function toBytes(input, encoding) {
  if (typeof input === 'string') return Buffer.from(input, Buffer.isEncoding(encoding) ? encoding : 'utf8')
  return new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
}

/**
 * @param {ChildProcess} child
 * @param {NodeJS.ErrnoException} error
 */
function report(child, error) {
  if (!READER_HAS_GONE.has(error.code ?? '')) child.emit('error', error)
}

module.exports = { feedInput, validateInput }
