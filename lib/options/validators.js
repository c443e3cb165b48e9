'use strict'

const { fileURLToPath } = require('node:url')
const { isUint8Array } = require('node:util').types
const { codes } = require('../errors')
const { checksNumbersByTypeAndRange } = require('../node-version')

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } = codes

// Everything here throws what the running Node throws for the same value: class, code and message.

/**
 * undefined and null both mean "not given" for every single option.
 * @param {unknown} value
 */
function isGiven(value) {
  return value !== undefined && value !== null
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateString(value, name) {
  if (typeof value !== 'string') throw new ERR_INVALID_ARG_TYPE(name, 'string', value)
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateBoolean(value, name) {
  if (typeof value !== 'boolean') throw new ERR_INVALID_ARG_TYPE(name, 'boolean', value)
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateFunction(value, name) {
  if (typeof value !== 'function') throw new ERR_INVALID_ARG_TYPE(name, 'Function', value)
}

/**
 * An object that is neither null nor an array.
 * @param {unknown} value
 * @param {string} name
 */
function validateObject(value, name) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ERR_INVALID_ARG_TYPE(name, 'Object', value)
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 */
function validateArray(value, name) {
  if (!Array.isArray(value)) throw new ERR_INVALID_ARG_TYPE(name, 'Array', value)
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {unknown[]} allowed
 */
function validateOneOf(value, name, allowed) {
  if (allowed.includes(value)) return
  const list = allowed.map(item => (typeof item === 'string' ? `'${item}'` : String(item))).join(', ')
  throw new ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${list}`)
}

/**
 * Node asks for no more than an object with `aborted`, so signals of other libraries pass.
 * @param {unknown} value
 * @param {string} name
 */
function validateAbortSignal(value, name) {
  if (value === undefined) return
  if (value === null || typeof value !== 'object' || !('aborted' in value)) {
    throw new ERR_INVALID_ARG_TYPE(name, 'AbortSignal', value)
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @param {number} min
 * @param {number} max
 */
function validateIntegerRange(value, name, min, max) {
  if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value)
  if (!Number.isInteger(value)) throw new ERR_OUT_OF_RANGE(name, 'an integer', value)
  if (value < min || value > max) throw new ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${max}`, value)
}

/**
 * A user or group id: any 32-bit signed integer (-1 and -2 are ids on some systems).
 * @param {any} value
 * @param {string} name
 */
function validateId(value, name) {
  if (checksNumbersByTypeAndRange) {
    validateIntegerRange(value, name, -(2 ** 31), 2 ** 31 - 1)
    return
  }
  const number = /** @type {any} */ (value)
  if (number !== (number | 0)) throw new ERR_INVALID_ARG_TYPE(name, 'int32', value)
}

/**
 * The option `timeout`, in milliseconds.
 * @param {unknown} timeout
 */
function validateTimeout(timeout) {
  if (timeout === undefined || timeout === null) return
  if (checksNumbersByTypeAndRange) {
    validateIntegerRange(timeout, 'timeout', 0, Number.MAX_SAFE_INTEGER)
  } else if (!Number.isInteger(timeout) || /** @type {number} */ (timeout) < 0) {
    throw new ERR_OUT_OF_RANGE('timeout', 'an unsigned integer', timeout)
  }
}

/** The limit for output where the caller sets none, in bytes. */
const DEFAULT_MAX_BUFFER = 1024 * 1024

/**
 * The option `maxBuffer`, in bytes; fractions and Infinity are fine.
 * @param {unknown} maxBuffer
 */
function validateMaxBuffer(maxBuffer) {
  if (maxBuffer === undefined || maxBuffer === null) return
  if (typeof maxBuffer === 'number' && maxBuffer >= 0) return
  if (checksNumbersByTypeAndRange) {
    if (typeof maxBuffer !== 'number') throw new ERR_INVALID_ARG_TYPE('options.maxBuffer', 'number', maxBuffer)
    throw new ERR_OUT_OF_RANGE('options.maxBuffer', '>= 0', maxBuffer)
  }
  throw new ERR_OUT_OF_RANGE('options.maxBuffer', 'a positive number', maxBuffer)
}

/**
 * C strings end at the first NUL, so text that goes on behind it would silently mean something else.
 * @param {unknown} value only strings are looked at
 * @param {string} name
 */
function validateArgumentNullCheck(value, name) {
  if (typeof value === 'string' && value.includes('\0')) {
    throw new ERR_INVALID_ARG_VALUE(name, value, 'must be a string without null bytes')
  }
}

/**
 * @param {ArrayLike<unknown>} values
 * @param {string} name
 */
function validateArgumentsNullCheck(values, name) {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value === 'string' && value.includes('\0')) validateArgumentNullCheck(value, `${name}[${i}]`)
  }
}

/**
 * A path given as string, Buffer or file: URL, the URL turned into a string.
 *
 * @param {unknown} value
 * @param {string} name
 * @returns {string | Uint8Array}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_URL_SCHEME, ERR_INVALID_FILE_URL_HOST, ...
 */
function getValidatedPath(value, name) {
  const path = isUrl(value) ? fileURLToPath(value) : value
  if (typeof path !== 'string' && !isUint8Array(path)) {
    throw new ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], path)
  }
  if (typeof path === 'string' ? path.includes('\0') : path.includes(0)) {
    throw new ERR_INVALID_ARG_VALUE(name, path, 'must be a string, Uint8Array, or URL without null bytes')
  }
  return path
}

/**
 * By shape, because a URL may come from another realm; the objects of url.parse() have `auth` and `path`.
 * @param {any} value
 * @returns {value is URL}
 */
function isUrl(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined)
}

module.exports = {
  DEFAULT_MAX_BUFFER,
  getValidatedPath,
  isGiven,
  validateAbortSignal,
  validateArgumentNullCheck,
  validateArgumentsNullCheck,
  validateArray,
  validateBoolean,
  validateFunction,
  validateId,
  validateIntegerRange,
  validateMaxBuffer,
  validateObject,
  validateOneOf,
  validateString,
  validateTimeout
}
