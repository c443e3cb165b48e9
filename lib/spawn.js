'use strict'

const { debuglog } = require('node:util')
const { ChildProcess } = require('./child-process')
const { isExtended } = require('./options/extended')
const { normalizeSpawnArguments } = require('./options/normalize')
const { validateAbortSignal, validateTimeout } = require('./options/validators')
const { sanitizeKillSignal } = require('./signals')
const { markGathering } = require('./stdio/pending')
const { killOnAbort } = require('./terminate/abort')
const { killAfterTimeout } = require('./terminate/timeout')

const debug = debuglog('child_process')

/**
 * Starts `file` with `args`. See index.d.ts for the options.
 *
 * @param {string} file
 * @param {any} [args] an array; may be left out, or null
 * @param {any} [options]
 * @returns {import('./types').ChildProcess} its 'error' event tells of a program that could not be started
 * @throws {TypeError | RangeError | Error} wrong arguments, and errors of the start that are not left to 'error'
 */
function spawn(file, args, options) {
  return start(file, args, options, false)
}

/**
 * The same for exec() and execFile(), which gather the output: its streams are opened when somebody looks.
 *
 * @param {string} file
 * @param {any} args
 * @param {any} options
 */
function spawnToGather(file, args, options) {
  return start(file, args, options, true)
}

/**
 * @param {string} file
 * @param {any} args
 * @param {any} options
 * @param {boolean} gathers
 */
function start(file, args, options, gathers) {
  const request = normalizeSpawnArguments(file, args, options)
  validateTimeout(request.timeout)
  validateAbortSignal(request.signal, 'options.signal')
  const killSignal = sanitizeKillSignal(request.killSignal)
  const { signal, timeout } = request
  const extended = isExtended(request) ? require('./extended/extend') : undefined
  extended?.validateExtended(request)
  const child = new ChildProcess()
  if (gathers) markGathering(request)

  if (debug.enabled) debug('spawn', { __proto__: null, ...request })
  // A child that could not be started needs neither: a timer would hold the event loop, a listener would leak.
  const failed = spawnOrClose(child, request) < 0
  if (!failed && timeout > 0) killAfterTimeout(child, timeout, killSignal)
  if (!failed && signal) killOnAbort(child, signal, killSignal)
  extended?.extend(child, request)

  return child
}

/**
 * @param {import('./types').ChildProcess} child
 * @param {import('./types').SpawnRequest} request
 */
function spawnOrClose(child, request) {
  try {
    return child.spawn(request)
  } catch (error) {
    // Nobody gets this child, but from Node 25 on an open asynchronous context would keep it forever.
    child._handle?.close()
    throw error
  }
}

module.exports = { spawn, spawnToGather }
