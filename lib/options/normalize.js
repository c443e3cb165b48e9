'use strict'

const { codes } = require('../errors')
const { validateAttributes } = require('./attributes')
const { setEnvPairs } = require('./environment')
const { shellCommand } = require('./shell')
const {
  getValidatedPath,
  isGiven,
  validateArgumentNullCheck,
  validateArgumentsNullCheck,
  validateBoolean,
  validateFunction,
  validateId,
  validateObject,
  validateString
} = require('./validators')

/** @typedef {import('../types').SpawnRequest} SpawnRequest */

const { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE } = codes

/**
 * Turns what a caller of spawn() gave into the request for ChildProcess.prototype.spawn(). The checks come in Node's
 * order. All objects made here have no prototype, so nothing that was put on Object.prototype is taken for an option,
 * and neither `args` nor `options` of the caller is changed.
 *
 * @param {any} file
 * @param {any} args an array, the options, or nothing
 * @param {unknown} options
 * @returns {SpawnRequest}
 * @throws {TypeError | RangeError} what Node throws for the first wrong value
 */
function normalizeSpawnArguments(file, args, options) {
  validateString(file, 'file')
  validateArgumentNullCheck(file, 'file')
  if (file.length === 0) throw new ERR_INVALID_ARG_VALUE('file', file, 'cannot be empty')

  let argv
  if (Array.isArray(args)) {
    argv = args.slice()
  } else if (args === undefined || args === null) {
    argv = []
  } else if (typeof args !== 'object') {
    throw new ERR_INVALID_ARG_TYPE('args', 'object', args)
  } else {
    options = args
    argv = []
  }
  validateArgumentsNullCheck(argv, 'args')

  if (options !== undefined) validateObject(options, 'options')
  /** @type {SpawnRequest} */
  const request = Object.assign(Object.create(null), options)

  const cwd = isGiven(request.cwd) ? getValidatedPath(request.cwd, 'options.cwd') : request.cwd
  validateSpawnOptions(request)

  let verbatim = Boolean(request.windowsVerbatimArguments)
  if (request.shell) {
    validateArgumentNullCheck(request.shell, 'options.shell')
    const shell = shellCommand(request.shell, file, argv)
    file = shell.file
    argv = shell.args
    verbatim ||= shell.verbatim
  }
  argv.unshift(typeof request.argv0 === 'string' ? request.argv0 : file)

  request.args = argv
  request.cwd = cwd
  request.detached = Boolean(request.detached)
  setEnvPairs(request, request.env)
  request.file = /** @type {string} */ (file)
  request.windowsHide = Boolean(request.windowsHide)
  request.windowsVerbatimArguments = verbatim
  return request
}

/**
 * @param {SpawnRequest} options
 */
function validateSpawnOptions(options) {
  if (isGiven(options.detached)) validateBoolean(options.detached, 'options.detached')
  if (isGiven(options.uid)) validateId(options.uid, 'options.uid')
  if (isGiven(options.gid)) validateId(options.gid, 'options.gid')
  if (isGiven(options.shell) && typeof options.shell !== 'boolean' && typeof options.shell !== 'string') {
    throw new ERR_INVALID_ARG_TYPE('options.shell', ['boolean', 'string'], options.shell)
  }
  validateArgv0(options.argv0)
  if (isGiven(options.windowsHide)) validateBoolean(options.windowsHide, 'options.windowsHide')
  if (isGiven(options.windowsVerbatimArguments)) {
    validateBoolean(options.windowsVerbatimArguments, 'options.windowsVerbatimArguments')
  }
  // Behind all that Node checks.
  validateAttributes(options)
}

/**
 * @param {unknown} argv0
 */
function validateArgv0(argv0) {
  if (!isGiven(argv0)) return
  validateString(argv0, 'options.argv0')
  validateArgumentNullCheck(argv0, 'options.argv0')
}

/**
 * Sorts out the arguments of execFile(): args, options and callback may each be left out or null.
 *
 * @param {unknown} file
 * @param {unknown} args
 * @param {unknown} [options]
 * @param {unknown} [callback]
 * @returns {{ file: any, args: any, options: Record<string, any>, callback: any }} `options` may be the caller's own
 *   object: not to be written to
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE
 */
function normalizeExecFileArgs(file, args, options, callback) {
  if (Array.isArray(args)) {
    args = args.slice()
  } else if (isGiven(args) && typeof args === 'object') {
    callback = options
    options = args
    args = null
  } else if (typeof args === 'function') {
    callback = args
    options = null
    args = null
  }

  if (typeof options === 'function') callback = options
  else if (isGiven(options)) validateObject(options, 'options')

  if (isGiven(callback)) validateFunction(callback, 'callback')
  /** @type {Record<string, any>} */
  const given = options ?? Object.create(null)
  validateArgv0(given.argv0)

  return { file, args: args ?? [], options: given, callback }
}

/**
 * Sorts out the arguments of exec().
 *
 * @param {any} command
 * @param {unknown} options
 * @param {unknown} callback
 * @returns {{ file: string, options: Record<string, any>, callback: any }}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE
 */
function normalizeExecArgs(command, options, callback) {
  validateString(command, 'command')
  validateArgumentNullCheck(command, 'command')
  if (typeof options === 'function') {
    callback = options
    options = undefined
  }
  /** @type {Record<string, any>} */
  const copy = { __proto__: null, .../** @type {object} */ (options) }
  copy.shell = typeof copy.shell === 'string' ? copy.shell : true
  return { file: command, options: copy, callback }
}

module.exports = { normalizeExecArgs, normalizeExecFileArgs, normalizeSpawnArguments }
