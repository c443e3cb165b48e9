'use strict'

const net = require('node:net')
const { setImmediate } = require('node:timers')
const { inspect } = require('node:util')
const { native } = require('../binding')
const { errnoException, errnos } = require('../errors')
const { define } = require('../properties')
const { maybeClose } = require('./closes')
const { openSocket, openWatchedSocket } = require('./socket')

/** @typedef {import('../types').ChildProcess} ChildProcess */
/** @typedef {import('../types').NativePipeEnd} NativePipeEnd */

/** Where a child keeps the pipes of which nobody has asked for the stream. */
const kPending = Symbol('kPending')

/**
 * The options that ask ChildProcess.prototype.spawn() for pending pipes instead of streams, for callers that gather the
 * output themselves. They bear no mark, because others see them: who replaces spawn(), and diagnostics.
 *
 * @type {WeakSet<object>}
 */
const gathering = new WeakSet()

/** @param {object} options of ChildProcess.prototype.spawn() */
function gathers(options) {
  return gathering.has(options)
}

/** @param {object} options */
function markGathering(options) {
  gathering.add(options)
}

/**
 * The parent's end of a pipe, which becomes a net.Socket when somebody asks for it, and is cheaper until then: exec()
 * needs bytes, not streams.
 */
class PendingPipe {
  #child
  #readable
  #watched
  /** @type {NativePipeEnd} */
  #end
  /** @type {net.Socket | undefined} */
  #stream
  #ended = false
  #closed = false
  #bytesRead = 0

  /**
   * Called when the stream has been opened, with what had been gathered (null for nothing), and where
   * in it the last read began.
   * @type {((stream: net.Socket, bytes: Buffer | null, lastChunk: number) => void) | undefined}
   */
  onopen

  /**
   * @param {ChildProcess} child
   * @param {number} fd owned by the pipe from here on
   * @param {boolean} readable false for stdin only, which does not hold back 'close'
   * @param {boolean} watched whether the stream, a stdin, is to close with the child's end
   */
  constructor(child, fd, readable, watched) {
    this.#child = child
    this.#readable = readable
    this.#watched = watched
    this.#end = new native.PipeEnd(fd)
    if (readable) child._closesNeeded++
  }

  /** The stream, if it has been opened. */
  get opened() {
    return this.#stream
  }

  /** The stream, which is opened if it was not. */
  get stream() {
    // What the stream emits belongs to the context in which the child was made, whoever looks first.
    if (!this.#stream) this.#end.run(() => this.#open())
    return /** @type {net.Socket} */ (this.#stream)
  }

  #open() {
    if (this.#closed || this.#ended) {
      this.#stream = formerSocket(this.#readable, this.#ended, this.#bytesRead)
      this.onopen?.(this.#stream, null, 0)
      return
    }
    const { fd, bytes, lastChunk } = this.#end.take()
    if (bytes === undefined) {
      this.#closed = true
      this.#stream = formerSocket(this.#readable, false, 0)
      this.#end.onend?.(false, null, 0, errnos.ENOBUFS)
      return
    }
    this.#stream = fd < 0 ? formerSocket(this.#readable, true, 0) : this.#createSocket(fd)
    countGathered(this.#stream, this.#bytesRead || (bytes?.length ?? 0))
    if (this.#readable) this.#stream.on('close', () => maybeClose(this.#child))
    this.onopen?.(this.#stream, bytes, lastChunk)
  }

  /** @param {number} fd */
  #createSocket(fd) {
    return this.#watched ? openWatchedSocket(fd) : openSocket(fd, this.#readable)
  }

  /**
   * Gathers natively what comes, unless the stream has been opened. `onend` is called at the end of the stream; with
   * `stopped` it is called before, because JS has to look at what came, and will be given the stream by `stream`. With
   * an error, which a stream would have emitted, what came is not all.
   *
   * @param {number} maxBuffer bytes; Infinity for no limit
   * @param {boolean} utf8 stop also for what is not UTF-8
   * @param {(stopped: boolean, bytes: Buffer | null, lastChunk: number, error: Error | null) => void} onend
   */
  gather(maxBuffer, utf8, onend) {
    if (this.#stream || this.#closed) return
    this.#end.onend = (stopped, bytes, lastChunk, errno) => {
      if (errno < 0) this.#closed = true
      else this.#ended = !stopped
      this.#bytesRead = bytes?.length ?? 0
      onend(stopped, bytes, lastChunk, errno < 0 ? errnoException(errno, 'read') : null)
      if (!stopped) maybeClose(this.#child)
    }
    // A descriptor that cannot be watched by the core can still be by a stream.
    if (this.#end.gather(maxBuffer, utf8) < 0) void this.stream
  }

  /** Stops gathering, if the end has not come: the stream is opened and goes on. */
  interrupt() {
    if (!this.#closed && !this.#ended) void this.stream
  }

  /**
   * Closes the pipe before its end, as destroy() does with a stream.
   * @returns {Buffer | null} what had been gathered
   */
  close() {
    if (this.#stream) {
      this.#stream.destroy()
      return null
    }
    if (this.#closed || this.#ended) return null
    this.#closed = true
    // A stream that is destroyed closes when the loop has turned: who awaited 'error' can still await 'close'.
    if (this.#readable) this.#end.run(() => void setImmediate(maybeClose, this.#child))
    const bytes = this.#end.close() ?? null
    this.#bytesRead = bytes?.length ?? 0
    return bytes
  }
}

/**
 * A stream that goes on where the core has stopped has had those bytes too.
 *
 * @param {net.Socket} socket
 * @param {number} gathered
 */
function countGathered(socket, gathered) {
  if (gathered === 0) return
  Object.assign(/** @type {any} */ (socket)._readableState, { dataEmitted: true })
  const { get } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(net.Socket.prototype, 'bytesRead'))
  Object.defineProperty(socket, 'bytesRead', { get: () => gathered + get?.call(socket), configurable: true })
}

/**
 * What a stream is to those who come after its end, or after it has been destroyed: it has emitted everything it ever will,
 * and exec() has listened to it.
 *
 * @param {boolean} readable false for stdin
 * @param {boolean} ended whether it came to its end
 * @param {number} bytesRead
 */
function formerSocket(readable, ended, bytesRead) {
  const socket = new net.Socket({ readable })
  const state = /** @type {any} */ (socket)
  if (ended) {
    for (const half of [state._readableState, state._writableState]) {
      Object.assign(half, { ended: true, destroyed: true, closed: true, closeEmitted: true })
    }
    Object.assign(state._readableState, { endEmitted: true })
    Object.assign(state._writableState, { ending: true, finished: true })
  } else {
    socket.destroy()
  }
  if (readable) Object.assign(state._readableState, { flowing: true, dataEmitted: bytesRead > 0 })
  define(socket, 'bytesRead', bytesRead)
  return socket
}

/**
 * Sets stdin, stdout, stderr and stdio so that looking at them opens the streams. From then on they are what they are
 * on every other child.
 *
 * @param {ChildProcess} child
 * @param {(PendingPipe | undefined)[]} pipes by descriptor
 */
function definePending(child, pipes) {
  define(child, kPending, pipes)
  Object.defineProperties(child, /** @type {any} */ (lazyProperties))
}

const lazyProperties = {
  __proto__: null,
  stdin: lazily('stdin', child => pendingOf(child)?.[0]?.stream ?? null),
  stdout: lazily('stdout', child => pendingOf(child)?.[1]?.stream ?? null),
  stderr: lazily('stderr', child => pendingOf(child)?.[2]?.stream ?? null),
  stdio: lazily('stdio', child => [child.stdin, child.stdout, child.stderr]),
  // Showing a child would show accessors where Node's has streams.
  [inspect.custom]: {
    __proto__: null,
    /** @this {ChildProcess} */
    value() {
      Reflect.deleteProperty(this, inspect.custom)
      void this.stdio
      return this
    },
    configurable: true
  }
}

/**
 * A property that is made when it is looked at. All children share its functions, so that the engine can give them one
 * hidden class.
 *
 * @param {'stdin' | 'stdout' | 'stderr' | 'stdio'} name
 * @param {(child: ChildProcess) => unknown} create
 */
function lazily(name, create) {
  return {
    __proto__: null,
    /** @this {ChildProcess} */
    get() {
      const value = create(this)
      define(this, name, value, true)
      return value
    },
    /**
     * @this {ChildProcess}
     * @param {unknown} value
     */
    set(value) {
      define(this, name, value, true)
    },
    enumerable: true,
    configurable: true
  }
}

/**
 * @param {ChildProcess} child
 * @returns {(PendingPipe | undefined)[] | undefined} none for a child that was given streams at its start
 */
function pendingOf(child) {
  return /** @type {any} */ (child)[kPending]
}

/**
 * One of the three pipes of a child: pending, if it is and nobody put something else in its place.
 *
 * @param {ChildProcess} child
 * @param {'stdin' | 'stdout' | 'stderr'} name
 * @returns {PendingPipe | net.Socket | null | undefined}
 */
function pipeOf(child, name) {
  const replaced = Object.getOwnPropertyDescriptor(child, name)?.get === undefined
  const index = { stdin: 0, stdout: 1, stderr: 2 }[name]
  return replaced ? child[name] : pendingOf(child)?.[index]
}

/**
 * The streams of a child that exist: pending ones need nobody to read them.
 * @param {ChildProcess} child
 */
function openedStdio(child) {
  return pendingOf(child)?.map(pipe => pipe?.opened) ?? child.stdio
}

module.exports = { PendingPipe, definePending, gathers, markGathering, openedStdio, pipeOf }
