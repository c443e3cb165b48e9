'use strict'

const EventEmitter = require('node:events')
const diagnostics = require('node:diagnostics_channel')
const { errnoException, errnos } = require('./errors')
const { kChannelHandle } = require('./ipc/symbols')
const { namesFunctions, tracesSpawn } = require('./node-version')
const { usesOwnEnvironment } = require('./options/environment')
const { isExtended } = require('./options/extended')
const { getValidStdio } = require('./options/stdio')
const { validateArray, validateObject, validateOneOf, validateString } = require('./options/validators')
const { define } = require('./properties')
const { convertToValidSignal } = require('./signals')
const { seams, startProcess } = require('./seams')
const { maybeClose } = require('./stdio/closes')
const { flushStdio } = require('./stdio/flush')
const { PendingPipe, gathers, pipeOf } = require('./stdio/pending')
const { createStreams, toNativeStdio } = require('./stdio/streams')

/** @typedef {import('./types').ChildProcess} Child */
/** @typedef {import('./types').ProcessHandle} ProcessHandle */
/** @typedef {import('./types').SpawnRequest} SpawnRequest */

const creations = diagnostics.channel('child_process')
const starts = tracesSpawn ? diagnostics.tracingChannel('child_process.spawn') : undefined

// Node's own is out of reach; this one looks the same when a child is printed.
const ownerSymbol = Symbol('owner_symbol')

// After these the child has streams, which end.
const ENDS_STREAMS = new Set([errnos.EACCES, errnos.EAGAIN, errnos.ENOENT])

// With these the caller gets an 'error' event; with any other number spawn() throws.
const EVENTUAL_ERRORS = new Set([...ENDS_STREAMS, errnos.EMFILE, errnos.ENFILE])

/**
 * A process that has been, or is to be, started. A plain function because that is what Node's is: it can be called on
 * an object made elsewhere (`util.inherits`), and its prototype's methods can be replaced by tracing tools.
 *
 * @this {Child}
 */
function ChildProcess() {
  EventEmitter.call(this)

  this._closesNeeded = 1
  this._closesGot = 0
  this.connected = false

  this.signalCode = null
  this.exitCode = null
  this.killed = false
  this.spawnfile = null

  this._handle = new seams.processWrap.Process()
  this._handle.onexit = (exitCode, signalCode) => onexit(this, exitCode, signalCode)
  Reflect.set(this._handle, ownerSymbol, this)

  if (creations.hasSubscribers) creations.publish({ process: this })
}
Object.setPrototypeOf(ChildProcess.prototype, EventEmitter.prototype)
Object.setPrototypeOf(ChildProcess, EventEmitter)

/**
 * The end of the child, or, with a negative code, of the attempt to start it.
 *
 * @param {Child} child
 * @param {number} exitCode
 * @param {string} [signalCode] '' if none
 */
function onexit(child, exitCode, signalCode) {
  if (signalCode) child.signalCode = signalCode
  else child.exitCode = exitCode

  const stdin = pipeOf(child, 'stdin')
  if (stdin instanceof PendingPipe) stdin.close()
  else if (stdin) stdin.destroy()

  const handle = /** @type {ProcessHandle} */ (child._handle)
  const step = exitCode < 0 ? handle.failedStep : null
  handle.close()
  child._handle = null

  if (exitCode < 0) child.emit('error', startError(child, exitCode, step))
  else child.emit('exit', child.exitCode, child.signalCode)

  process.nextTick(flushStdio, child)
  maybeClose(child)
}

/**
 * @param {Child} child
 * @param {number} errno
 * @param {string | null} step
 */
function startError(child, errno, step) {
  const error = errnoException(errno, child.spawnfile ? `spawn ${child.spawnfile}` : 'spawn', step)
  if (child.spawnfile) error.path = child.spawnfile
  error.spawnargs = child.spawnargs.slice(1)
  return error
}

/**
 * Starts the process. spawn() and all that builds on it come through here, so it can be patched in one place.
 *
 * @param {SpawnRequest} options as normalizeSpawnArguments() makes it; by hand, `file` is enough. `stdio` is replaced
 *   by the list of what each descriptor became.
 * @returns {number} 0, or the negative error number that 'error' will report
 * @throws {TypeError | Error} wrong options; ERR_ACCESS_DENIED; any system error that is not left to 'error'
 * @this {Child}
 */
function spawn(options) {
  validateObject(options, 'options')
  const { stdio, ipc, ipcFd } = getValidStdio(options.stdio || 'pipe', false)
  options.stdio = stdio

  validateOneOf(options.serialization, 'options.serialization', [undefined, 'json', 'advanced'])
  const channelVariables = ipc ? announceChannel(options, ipcFd) : []

  validateString(options.file, 'options.file')
  this.spawnfile = options.file
  if (options.args !== undefined) validateArray(options.args, 'options.args')
  this.spawnargs = options.args ?? []

  if (starts?.hasSubscribers) starts.start.publish({ process: this, options })

  const handle = /** @type {ProcessHandle} */ (this._handle)
  const plan = toNativeStdio(stdio, gathers(options))
  const result = plan === undefined ? errnos.EINVAL : startProcess(handle, options, plan, channelVariables)

  if (result > 0) {
    handle.pid = result
    if (starts?.hasSubscribers) starts.end.publish({ process: this })
    process.nextTick(onSpawnNT, this)
  } else {
    reportFailure(this, handle, result, isExtended(options))
    // Without descriptors there are no streams to set up: stdin and the rest stay undefined.
    if (!ENDS_STREAMS.has(result)) return result
  }

  this.pid = handle.pid
  createStreams(this, stdio, /** @type {Int32Array} */ (plan), gathers(options), isExtended(options))
  if (ipcFd !== undefined) {
    // Loaded at need: the channel with its handles is a quarter of the time that require() of this package takes.
    const { setupChannel } = require('./ipc/channel')
    setupChannel(this, /** @type {Int32Array} */ (plan)[2 * ipcFd + 1], options.serialization || 'json')
  }
  return Math.min(result, 0)
}

/**
 * Adds the variables by which a child of Node finds its channel, behind all others.
 *
 * @param {SpawnRequest} options
 * @param {number | undefined} fd the channel's descriptor in the child
 * @returns {string[]} those that are not in options.envPairs, because there is no such list yet
 * @throws {TypeError} ERR_INVALID_ARG_TYPE if options.envPairs is no list
 */
function announceChannel(options, fd) {
  const variables = [`NODE_CHANNEL_FD=${fd}`, `NODE_CHANNEL_SERIALIZATION_MODE=${options.serialization || 'json'}`]
  if (usesOwnEnvironment(options)) return variables
  if (options.envPairs === undefined) options.envPairs = []
  validateArray(options.envPairs, 'options.envPairs')
  options.envPairs.push(...variables)
  return []
}

/**
 * @param {Child} child
 * @param {ProcessHandle} handle
 * @param {number} errno
 * @param {boolean} extended whether all errors are left to 'error', as a long list of arguments (E2BIG) is no programmer's fault
 * @throws {Error} what is not left to 'error'
 */
function reportFailure(child, handle, errno, extended) {
  const step = handle.failedStep
  const isEventual = extended || EVENTUAL_ERRORS.has(errno)
  if (!isEventual) {
    handle.close()
    child._handle = null
  }
  if (starts?.hasSubscribers) {
    starts.error.publish({ process: child, error: errnoException(errno, 'spawn', step) })
  }
  if (!isEventual) throw errnoException(errno, 'spawn', step)
  process.nextTick(onErrorNT, child, errno)
}

/**
 * @param {Child} child
 * @param {number} errno
 */
function onErrorNT(child, errno) {
  onexit(child, errno)
}

/** @param {Child} child */
function onSpawnNT(child) {
  child.emit('spawn')
}

/**
 * Sends a signal to the child, if it is still there.
 *
 * @param {string | number} [sig] SIGTERM by default; 0 only asks whether a signal could be sent
 * @returns {boolean} whether it was sent
 * @throws {TypeError | Error} ERR_UNKNOWN_SIGNAL, or a signal that the platform does not have. Other failures, as of
 *   permission, are emitted as 'error'.
 * @this {Child}
 */
function kill(sig) {
  const signal = sig === 0 ? sig : convertToValidSignal(sig === undefined ? 'SIGTERM' : sig)
  if (!this._handle) return false

  // What was sent before the signal is there before it, as in Node.
  this[kChannelHandle]?.outbox.flush()
  const result = this._handle.kill(signal)
  if (result === 0) {
    this.killed = true
    return true
  }
  if (result === errnos.EINVAL || result === errnos.ENOSYS) throw errnoException(result, 'kill')
  if (result !== errnos.ESRCH) this.emit('error', errnoException(result, 'kill'))
  return false
}

/**
 * Lets the child keep the parent's event loop running, as it does from the start.
 * @this {Child}
 */
function ref() {
  if (this._handle) this._handle.ref()
}

/**
 * Lets the parent exit while the child runs.
 * @this {Child}
 */
function unref() {
  if (this._handle) this._handle.unref()
}

/**
 * `using child = spawn(...)` kills the child at the end of the block.
 * @this {Child}
 */
function dispose() {
  if (!this.killed) this.kill()
}

for (const method of namesFunctions ? [dispose] : [spawn, kill, ref, unref, dispose]) define(method, 'name', '')
Object.assign(ChildProcess.prototype, { spawn, kill, ref, unref, [Symbol.dispose]: dispose })

module.exports = {
  ChildProcess: /** @type {import('./types').ChildProcessConstructor} */ (/** @type {unknown} */ (ChildProcess))
}
