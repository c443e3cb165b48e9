'use strict'

const { codes } = require('../errors')
const { isGiven } = require('../options/validators')
const { define } = require('../properties')
const { asyncDispose } = require('./dispose')
const { feedInput, validateInput } = require('./input')

/** @typedef {import('../types').ChildProcess} ChildProcess */
/** @typedef {import('../types').SpawnRequest} SpawnRequest */

/**
 * @param {SpawnRequest} request
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE
 */
function validateExtended({ encoding, input, stdio }) {
  if (isGiven(encoding) && encoding !== 'buffer' && !Buffer.isEncoding(/** @type {any} */ (encoding))) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.encoding', encoding)
  }
  if (!isGiven(input)) return
  validateInput(input)
  const stdin = Array.isArray(stdio) ? (stdio[0] ?? 'pipe') : (stdio ?? 'pipe')
  if (!['pipe', 'overlapped', 'fifo'].includes(/** @type {any} */ (stdin))) {
    throw new codes.ERR_INVALID_ARG_VALUE('options.stdio[0]', stdin, "must be 'pipe', because there is an input")
  }
}

/**
 * Gives a child that has been started, or failed to start, what its options ask for.
 *
 * @param {ChildProcess} child
 * @param {SpawnRequest} request
 */
function extend(child, { encoding: given, forceKillAfterDelay, input }) {
  const encoding = /** @type {BufferEncoding | 'buffer' | null | undefined} */ (given)
  if (isGiven(encoding) && encoding !== 'buffer') {
    child.stdout?.setEncoding(encoding)
    child.stderr?.setEncoding(encoding)
  }
  if (isGiven(input)) feedInput(child, input, encoding)
  define(child, Symbol.asyncDispose, () => asyncDispose(child, forceKillAfterDelay))
}

module.exports = { extend, validateExtended }
