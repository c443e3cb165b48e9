'use strict'

const { isDenied } = require('./binding')
const { accessDenied } = require('./errors')
const { ignoresFailedCoercion } = require('./node-version')
const { toNativeAttributes } = require('./options/attributes')
const { usesOwnEnvironment } = require('./options/environment')
const { isGiven } = require('./options/validators')

/** @typedef {import('./types').SpawnRequest} SpawnRequest */
/** @typedef {import('./types').StartArguments} StartArguments */

/** The bits of the core's `flags`. */
const flag = { detached: 1, ownEnvironment: 2 }

/**
 * A request as the core takes it, for Process.spawn() and spawnSync() alike.
 *
 * @param {SpawnRequest} options
 * @param {Int32Array} plan
 * @param {string[]} extraVariables
 * @param {boolean} sync for spawnSync(), which in Node is stricter
 * @returns {StartArguments}
 * @throws {Error} ERR_ACCESS_DENIED; in spawnSync(), and before Node 22, what an argument's toString() throws
 */
function startArguments(options, plan, extraVariables, sync) {
  if (isDenied()) throw accessDenied(options.file)

  const { args, cwd } = options
  let flags = 0
  let variables = extraVariables
  if (usesOwnEnvironment(options) || !Array.isArray(options.envPairs)) flags |= flag.ownEnvironment
  else variables = options.envPairs.concat(extraVariables)

  if (options.detached) flags |= flag.detached

  const lenient = ignoresFailedCoercion && !sync
  return [
    cString(options.file, lenient),
    cStrings(args ?? [], lenient),
    usesDirectory(cwd, sync) ? cString(cwd, lenient) : null,
    cStrings(variables, lenient),
    plan,
    flags,
    toNativeAttributes(options)
  ]
}

/**
 * Whether the option `cwd`, which has been validated, counts. spawn() ignores '' and a Buffer as if there were none; in
 * spawnSync() the one is a directory that does not exist, the other is its path.
 *
 * @param {unknown} cwd
 * @param {boolean} sync
 */
function usesDirectory(cwd, sync) {
  return sync ? isGiven(cwd) : typeof cwd === 'string' && cwd !== ''
}

/**
 * A list of C strings as one string in which each ends with NUL.
 * @param {unknown[]} values
 * @param {boolean} lenient
 */
function cStrings(values, lenient) {
  let block = ''
  for (let i = 0; i < values.length; i++) block += `${cString(values[i], lenient)}\0`
  return block
}

/**
 * What a C program makes of the value: its text up to the first NUL. Strings with a NUL are refused before, but
 * whatever else has a toString() may return one, and must not be able to smuggle in a further argument.
 * @param {unknown} value
 * @param {boolean} lenient
 */
function cString(value, lenient) {
  const text = toText(value, lenient)
  const end = text.indexOf('\0')
  return end === -1 ? text : text.slice(0, end)
}

/**
 * @param {unknown} value
 * @param {boolean} lenient whether what cannot be turned into a string is ''
 */
function toText(value, lenient) {
  try {
    return `${value}`
  } catch (error) {
    if (lenient) return ''
    throw error
  }
}

module.exports = { startArguments }
