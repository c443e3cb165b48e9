'use strict'

const { constants } = require('node:os')
const { debuglog, types } = require('node:util')
const { codes, errnoException, genericError } = require('./errors')
const { leavesOutputUndefined } = require('./node-version')
const { normalizeExecArgs, normalizeExecFileArgs, normalizeSpawnArguments } = require('./options/normalize')
const { getValidStdio } = require('./options/stdio')
const { DEFAULT_MAX_BUFFER, validateMaxBuffer, validateTimeout } = require('./options/validators')
const { sanitizeKillSignal } = require('./signals')
const { seams } = require('./seams')

/** @typedef {import('./types').SpawnRequest} SpawnRequest */
/** @typedef {import('./types').SpawnSyncResult} SpawnSyncResult */

const debug = debuglog('child_process')

/**
 * Runs a program and waits for its end, and for the end of all that holds its pipes. See index.d.ts for the options.
 *
 * @param {string} file
 * @param {any} [args] an array; may be left out, or null
 * @param {any} [options]
 * @returns {SpawnSyncResult} also where the program could not be started: `error` says why
 * @throws {TypeError | RangeError | Error} wrong arguments
 */
function spawnSync(file, args, options) {
  /** @type {SpawnRequest} */
  const request = normalizeSpawnArguments(file, args, options)
  // As in Node, an explicit undefined or null stands and means no limit. That is so of the sync functions only: exec() and
  // execFile() take null for 0, which is a limit there.
  if (!('maxBuffer' in request)) request.maxBuffer = DEFAULT_MAX_BUFFER
  if (debug.enabled) debug('spawnSync', { __proto__: null, ...request })

  validateTimeout(request.timeout)
  validateMaxBuffer(request.maxBuffer)
  const killSignal = sanitizeKillSignal(request.killSignal) || constants.signals.SIGTERM
  const { stdio } = getValidStdio(request.stdio || 'pipe', true)
  const input = toBytes(request.input, request.encoding)

  if (input) stdio[0] = { ...stdio[0], input }
  request.stdio = stdio
  request.killSignal = killSignal
  return toResult(seams.spawnSync.spawn(request), request)
}

/**
 * @param {any} input a string, Buffer, TypedArray or DataView; anything false is no input
 * @param {any} encoding of a string
 * @returns {Uint8Array | null}
 * @throws {TypeError} ERR_INVALID_ARG_TYPE
 */
function toBytes(input, encoding) {
  if (!input) return null
  if (types.isArrayBufferView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
  if (typeof input === 'string') return Buffer.from(input, encoding)
  throw new codes.ERR_INVALID_ARG_TYPE('options.stdio[0]', ['Buffer', 'TypedArray', 'DataView', 'string'], input)
}

/**
 * @param {ReturnType<import('./types').SpawnSync>} run
 * @param {SpawnRequest} request
 * @returns {SpawnSyncResult} its keys in Node's order: console.log() shows it, tests compare it
 */
function toResult(run, { file, args, encoding }) {
  /** @type {any} */
  const result = {}
  if (run.error) {
    result.error = errnoException(run.error, `spawnSync ${file}`, run.failedStep)
    result.error.path = file
    result.error.spawnargs = args.slice(1)
  }
  result.status = run.status ?? null
  result.signal = run.signal ?? null
  const text = encoding && encoding !== 'buffer'
  result.output =
    run.output?.map(bytes => {
      if (!bytes) return null
      return text ? bytes.toString(encoding) : bytes
    }) ?? null
  result.pid = run.pid
  const none = leavesOutputUndefined ? undefined : null
  result.stdout = result.output ? result.output[1] : none
  result.stderr = result.output ? result.output[2] : none
  return result
}

/**
 * Runs a program and gives its stdout. See index.d.ts for the options.
 *
 * @param {string} file
 * @param {any} args
 * @param {any} options
 * @returns {string | Buffer}
 * @throws {TypeError | RangeError | Error} wrong arguments; a program that could not be started, ran into a limit, or ended
 *   with anything but 0: the error has all that spawnSync() returns
 */
function execFileSync(file, args, options) {
  const normalized = normalizeExecFileArgs(file, args, options)
  const result = spawnSync(normalized.file, normalized.args, normalized.options)
  // Not before: spawnSync() checks what is joined here.
  const command = () => [normalized.options.argv0 || file, ...normalized.args].join(' ')
  return stdoutOrThrow(result, normalized.options, command)
}

/**
 * Runs a command line in a shell and gives its stdout. See index.d.ts for the options.
 *
 * @param {string} command
 * @param {any} options
 * @returns {string | Buffer}
 * @throws {TypeError | RangeError | Error} as execFileSync()
 */
function execSync(command, options) {
  const normalized = normalizeExecArgs(command, options, null)
  return stdoutOrThrow(spawnSync(normalized.file, normalized.options), normalized.options, () => command)
}

/**
 * @param {SpawnSyncResult} result
 * @param {Record<string, any>} options
 * @param {() => string} command for the message
 */
function stdoutOrThrow(result, options, command) {
  // Whoever does not say where stderr goes sees it.
  if (!options.stdio && result.stderr) process.stderr.write(result.stderr)

  if (result.error) throw Object.assign(result.error, result)
  if (result.status !== 0) {
    const details = result.stderr?.length > 0 ? `\n${result.stderr.toString()}` : ''
    throw genericError(`Command failed: ${command()}${details}`, result)
  }
  return result.stdout
}

module.exports = { execFileSync, execSync, spawnSync }
