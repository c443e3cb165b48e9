'use strict'

const { getSystemErrorName } = require('node:util')
const { clearTimeout, setTimeout } = require('node:timers')
const { codes, genericError } = require('./errors')
const { OutputCollector } = require('./exec/collect')
const { definePromisified } = require('./exec/promisify')
const { withOwnOptions } = require('./options/attributes')
const { isExtended } = require('./options/extended')
const { normalizeExecArgs, normalizeExecFileArgs } = require('./options/normalize')
const { DEFAULT_MAX_BUFFER, validateMaxBuffer, validateTimeout } = require('./options/validators')
const { sanitizeKillSignal } = require('./signals')
const { spawnToGather } = require('./spawn')
const { pipeOf } = require('./stdio/pending')

/** @typedef {import('./types').ChildProcess} Child */

const DEFAULTS = {
  encoding: 'utf8',
  timeout: 0,
  maxBuffer: DEFAULT_MAX_BUFFER,
  killSignal: 'SIGTERM',
  cwd: null,
  env: null,
  shell: false
}

/**
 * Runs a command line in a shell and gathers its output. See index.d.ts for the options.
 *
 * @param {string} command
 * @param {any} options
 * @param {any} callback `(error, stdout, stderr)`
 * @returns {Child}
 * @throws {TypeError | RangeError} wrong arguments
 */
function exec(command, options, callback) {
  const normalized = normalizeExecArgs(command, options, callback)
  // By way of the exports, so that whoever replaces execFile() there also gets what exec() runs.
  return /** @type {any} */ (require('../index.js')).execFile(normalized.file, normalized.options, normalized.callback)
}

/**
 * Runs a program and gathers its output. See index.d.ts for the options.
 *
 * @param {string} file
 * @param {any} args
 * @param {any} options
 * @param {any} callback `(error, stdout, stderr)`, called once, when the child has closed or could not be started
 * @returns {Child}
 * @throws {TypeError | RangeError} wrong arguments
 */
function execFile(file, args, options, callback) {
  const normalized = normalizeExecFileArgs(file, args, options, callback)
  /** @type {Record<string, any>} */
  const settings = { __proto__: null, ...DEFAULTS, ...normalized.options }
  validateTimeout(settings.timeout)
  validateMaxBuffer(settings.maxBuffer)
  const killSignal = sanitizeKillSignal(settings.killSignal)

  const request = {
    cwd: settings.cwd,
    env: settings.env,
    gid: settings.gid,
    shell: settings.shell,
    signal: settings.signal,
    uid: settings.uid,
    windowsHide: Boolean(settings.windowsHide),
    windowsVerbatimArguments: Boolean(settings.windowsVerbatimArguments),
    ...(isExtended(settings) ? extendedOptions(settings) : undefined)
  }
  const child = spawnToGather(normalized.file, normalized.args, withOwnOptions(request, settings))
  return runToEnd(child, normalized, settings, killSignal)
}

/**
 * What Node's execFile() does not hand on to spawn().
 * @param {Record<string, any>} settings
 */
function extendedOptions({ encoding, forceKillAfterDelay, input, stdin = 'pipe' }) {
  const bytes = typeof input === 'string' && Buffer.isEncoding(encoding) ? Buffer.from(input, encoding) : input
  return { extended: true, forceKillAfterDelay, input: bytes, stdio: [stdin, 'pipe', 'pipe'] }
}

/**
 * Gathers the output of a child and calls back once at its end.
 *
 * @param {Child} child
 * @param {{ file: string, args: string[], callback: any }} normalized
 * @param {Record<string, any>} settings
 * @param {string | number | undefined} killSignal
 */
function runToEnd(child, { file, args, callback }, { encoding, maxBuffer, timeout }, killSignal) {
  const known = encoding !== 'buffer' && Buffer.isEncoding(encoding) ? encoding : null
  /** @type {any} */
  let failure = null
  let killed = false
  let finished = false
  /** @type {NodeJS.Timeout | undefined} */
  let timer

  const [stdout, stderr] = /** @type {const} */ (['stdout', 'stderr']).map(name => {
    const collector = new OutputCollector(pipeOf(child, name), known, maxBuffer, name)
    collector.onoverflow = () => {
      failure = new codes.ERR_CHILD_PROCESS_STDIO_MAXBUFFER(name)
      kill()
    }
    // The child is left to find out, as with a stream that was destroyed.
    collector.onerror = error => {
      failure ||= error
    }
    return collector
  })

  /**
   * This and the other listeners are named as in Node, because they are printed with the child.
   *
   * @param {number | null} [code]
   * @param {string | null} [signal]
   */
  function exithandler(code, signal) {
    if (finished) return
    finished = true
    clearTimeout(timer)
    if (!callback) return

    const output = resultOf(stdout)
    const errors = resultOf(stderr)
    if (!failure && code === 0 && signal === null) {
      callback(null, output, errors)
      return
    }
    const command = args?.length ? `${file} ${args.join(' ')}` : file
    failure ||= genericError(`Command failed: ${command}\n${errors}`, {
      code: typeof code === 'number' && code < 0 ? getSystemErrorName(code) : code,
      killed: child.killed || killed,
      signal
    })
    failure.cmd = command
    callback(failure, output, errors)
  }

  /** @param {Error} error */
  function errorhandler(error) {
    failure = error
    closeOutput()
    exithandler()
  }

  /** @param {InstanceType<typeof OutputCollector>} collector */
  const resultOf = collector => {
    try {
      return collector.result()
    } catch (error) {
      // More text than a string can hold. Node lets the exception go by, past the callback.
      failure ||= error
      return ''
    }
  }

  const closeOutput = () => {
    stdout.close()
    stderr.close()
  }

  const kill = () => {
    closeOutput()
    killed = true
    try {
      child.kill(killSignal)
    } catch (error) {
      failure = error
      exithandler()
    }
  }

  if (timeout > 0) timer = setTimeout(kill, timeout)
  child.addListener('close', exithandler)
  child.addListener('error', errorhandler)
  return child
}

definePromisified(exec)
definePromisified(execFile)

module.exports = { exec, execFile }
