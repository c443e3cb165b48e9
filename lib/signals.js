'use strict'

const { signals } = require('node:os').constants
const { codes } = require('./errors')

/** @type {ReadonlyMap<string, number>} */
const numbers = new Map(Object.entries(signals))

/** @type {ReadonlySet<number>} */
const known = new Set(numbers.values())

/**
 * The number of a signal given as a name, in any case, or as a number that this platform knows.
 *
 * @param {unknown} signal
 * @returns {number}
 * @throws {TypeError} ERR_UNKNOWN_SIGNAL
 */
function convertToValidSignal(signal) {
  if (typeof signal === 'number' && known.has(signal)) return signal
  const number = typeof signal === 'string' ? numbers.get(signal.toUpperCase()) : undefined
  if (number !== undefined) return number
  throw new codes.ERR_UNKNOWN_SIGNAL(signal)
}

/**
 * Checks the option `killSignal`.
 *
 * @param {unknown} killSignal name, number, or nothing
 * @returns {number | undefined} the signal's number; undefined if none was given
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_SIGNAL
 */
function sanitizeKillSignal(killSignal) {
  if (killSignal === undefined || killSignal === null) return undefined
  if (typeof killSignal === 'string' || typeof killSignal === 'number') return convertToValidSignal(killSignal)
  throw new codes.ERR_INVALID_ARG_TYPE('options.killSignal', ['string', 'number'], killSignal)
}

module.exports = { convertToValidSignal, sanitizeKillSignal }
