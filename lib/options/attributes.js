'use strict'

const { codes } = require('../errors')
const { isGiven, validateArray, validateIntegerRange, validateObject } = require('./validators')

/** @typedef {import('../types').SpawnRequest} SpawnRequest */

const MAX_ID = 2 ** 32 - 2

/** The options that few children have, in the core's order of steps. They cross as one JSON text, and only if there are any. */
const names = /** @type {const} */ (['processGroup', 'limits', 'niceness', 'umask', 'groups', 'uid', 'gid'])

const limits = ['cpuSeconds', 'addressSpace', 'dataSize', 'openFiles', 'processes', 'fileSize', 'core']

/**
 * Checks those of them that Node does not have.
 *
 * @param {SpawnRequest} options
 * @throws {TypeError | RangeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE,
 *   ERR_INCOMPATIBLE_OPTION_PAIR
 */
function validateAttributes({ detached, groups, limits, niceness, processGroup, umask }) {
  if (isGiven(processGroup)) {
    validateIntegerRange(processGroup, 'options.processGroup', 0, 2 ** 31 - 1)
    // The leader of a session leads a group of its own, and cannot leave it.
    if (detached) throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('options.processGroup', 'options.detached')
  }
  if (isGiven(limits)) validateLimits(limits)
  if (isGiven(niceness)) validateIntegerRange(niceness, 'options.niceness', -20, 19)
  if (isGiven(umask)) validateIntegerRange(umask, 'options.umask', 0, 0o777)
  if (isGiven(groups)) {
    validateArray(groups, 'options.groups')
    const ids = /** @type {unknown[]} */ (groups)
    for (let i = 0; i < ids.length; i++) validateIntegerRange(ids[i], `options.groups[${i}]`, 0, MAX_ID)
  }
}

/**
 * A misspelt limit would be none, so that is refused.
 * @param {any} given
 */
function validateLimits(given) {
  validateObject(given, 'options.limits')
  for (const name of Object.keys(given)) {
    if (!limits.includes(name)) {
      throw new codes.ERR_INVALID_ARG_VALUE(`options.limits.${name}`, given[name], `is not one of: ${limits.join(', ')}`)
    }
    const limit = given[name]
    if (isGiven(limit) && limit !== Infinity) {
      validateIntegerRange(limit, `options.limits.${name}`, 0, Number.MAX_SAFE_INTEGER)
    }
  }
}

/**
 * @param {Record<string, any>} options
 * @returns {string | null} the JSON of the core's `Attributes`; null if there are none
 */
function toNativeAttributes(options) {
  if (names.every(name => !isGiven(options[name]))) return null

  const { groups, limits, niceness, processGroup, uid, gid, umask } = options
  return JSON.stringify({
    __proto__: null,
    processGroup: processGroup ?? undefined,
    limits: isGiven(limits) ? toNativeLimits(limits) : undefined,
    niceness: niceness ?? undefined,
    umask: umask ?? undefined,
    groups: groups ?? undefined,
    // An id is a signed number in Node, and no validated one where ChildProcess.prototype.spawn() is called by hand.
    uid: isGiven(uid) ? uid >>> 0 : undefined,
    gid: isGiven(gid) ? gid >>> 0 : undefined
  })
}

/**
 * JSON has no Infinity; RLIM_INFINITY is -1.
 * @param {Record<string, number | null | undefined>} given
 */
function toNativeLimits(given) {
  /** @type {Record<string, number>} */
  const native = Object.create(null)
  for (const [name, limit] of Object.entries(given)) {
    if (isGiven(limit)) native[name] = limit === Infinity ? -1 : /** @type {number} */ (limit)
  }
  return native
}

module.exports = { toNativeAttributes, validateAttributes }
