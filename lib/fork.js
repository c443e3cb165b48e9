'use strict'

const { codes } = require('./errors')
const { stdioStringToArray } = require('./options/stdio')
const {
  getValidatedPath,
  isGiven,
  validateArgumentNullCheck,
  validateArgumentsNullCheck,
  validateArray,
  validateObject
} = require('./options/validators')
const { spawn } = require('./spawn')

/**
 * Starts a Node module in a process of its own, connected by a channel. See index.d.ts for the options.
 *
 * @param {string | Uint8Array | URL} modulePath
 * @param {any} [args] an array; may be left out, or null
 * @param {any} [options]
 * @returns {import('./types').ChildProcess}
 * @throws {TypeError | Error} wrong arguments; ERR_CHILD_PROCESS_IPC_REQUIRED
 */
function fork(modulePath, args = [], options) {
  const module = getValidatedPath(modulePath, 'modulePath')

  if (args === null) {
    args = []
  } else if (typeof args === 'object' && !Array.isArray(args)) {
    options = args
    args = []
  } else {
    validateArray(args, 'args')
  }
  if (isGiven(options)) validateObject(options, 'options')

  /** @type {Record<string, any>} */
  const settings = { __proto__: null, ...options, shell: false }
  settings.execPath ||= process.execPath
  validateArgumentNullCheck(settings.execPath, 'options.execPath')
  const given = settings.execArgv || process.execArgv
  validateArgumentsNullCheck(given, 'options.execArgv')
  const execArgv = withoutEval(given)
  settings.stdio = forkStdio(settings)

  return spawn(settings.execPath, [...execArgv, module, ...args], settings)
}

/**
 * @param {Record<string, any>} options
 * @returns {unknown[]}
 */
function forkStdio({ stdio, silent }) {
  if (typeof stdio === 'string') return stdioStringToArray(stdio, 'ipc')
  if (!Array.isArray(stdio)) return stdioStringToArray(silent ? 'pipe' : 'inherit', 'ipc')
  if (!stdio.includes('ipc')) throw new codes.ERR_CHILD_PROCESS_IPC_REQUIRED('options.stdio')
  return stdio
}

/**
 * A parent that was started with -e or -p must not hand its script on: each child would fork again.
 * @param {string[]} execArgv
 * @returns {string[]}
 */
function withoutEval(execArgv) {
  const script = /** @type {any} */ (process)._eval
  const index = execArgv === process.execArgv && script !== undefined ? execArgv.lastIndexOf(script) : -1
  return index > 0 ? execArgv.toSpliced(index - 1, 2) : execArgv
}

module.exports = { fork }
