'use strict'

const { Buffer } = require('node:buffer')
const { codes, errnoException, errnos } = require('../errors')

/** @typedef {import('./types').NativeChannel} NativeChannel */
/** @typedef {import('./types').SendCallback} SendCallback */

/**
 * @typedef {object} Pending a message whose sender wants to know when it is written
 * @property {number} position of its last byte, counted from the channel's first
 * @property {SendCallback} callback
 * @property {boolean} isLate the moment at which a written message would have been reported is over
 * @property {boolean} isWritten
 * @property {Error | undefined} error
 */

/** Offset of the bytes in the memory shared with the core (src/node/slab.rs), and the fields of its header. */
const HEADER_SIZE = 64
const PUBLISHED = 0
const WATCHED = 1

const NEWLINE = 10
const LENGTH_FIELD = 4

/** Longer texts are handed over whole. In UTF-8 they take up to three times as many bytes, and must fit the slab. */
const LONGEST_LINE = 20 * 1024
const LONGEST_FRAME = 32 * 1024

/**
 * What Buffer.prototype.write() comes down to for UTF-8. It is not documented, and saves 80 ns a message.
 * @type {(this: Buffer, text: string, offset: number) => number}
 */
const writeText = /** @type {any} */ (Buffer.prototype).utf8Write ?? Buffer.prototype.write

/** Errors after which nothing more can be written. */
const isFinal = /** @param {number} errno */ errno => errno === errnos.EPIPE || errno === errnos.ECONNRESET

/**
 * Everything on its way into the channel.
 *
 * The first message of a tick is written at once. Those behind it are collected in memory that the core can see, and
 * written together: at the end of the tick, when 64 KB have come together, or by the core when JS is busy or the process
 * ends. So a loop of send() costs neither a call nor a system call a message, and what was sent is lost only where a process
 * ends without running any more of its own code (docs/ipc-protocol.md).
 */
class Outbox {
  #channel
  #control
  #onerror
  #flush
  /** @type {Buffer | undefined} undefined where the engine cannot share memory: each message is then written at once */
  #slab
  /** @type {Int32Array} */
  #header
  #used = 0
  #inBurst = false
  #endBurst = () => {
    this.#inBurst = false
    if (this.#used > 0) this.flush()
  }

  /** Bytes taken over since the channel was opened, and how many of them the kernel has not taken. */
  #total = 0
  #waiting = 0
  /** @type {Pending[]} */
  #pending = []
  /** Messages in the slab whose failure has to be reported by an 'error' event. */
  #unreported = 0

  /**
   * @param {NativeChannel} channel opened
   * @param {import('./types').Control} control kept referenced while bytes wait
   * @param {(error: Error) => void} onerror called once for each message that failed later than send() could tell
   */
  constructor(channel, control, onerror) {
    this.#channel = channel
    this.#control = control
    this.#onerror = onerror
    const memory = channel.memory()
    this.#slab = memory && Buffer.from(memory, HEADER_SIZE)
    this.#header = new Int32Array(memory ?? new ArrayBuffer(HEADER_SIZE), 0, HEADER_SIZE / 4)
    this.#flush = channel.flusher()
  }

  /** Bytes that wait because the kernel takes no more: what `writeQueueSize` is in Node. */
  get waiting() {
    return this.#waiting > 0 ? this.#waiting + this.#used : 0
  }

  /**
   * Writes a line; `text` is without its newline.
   *
   * @param {string} text
   * @param {number} fd sent along, -1 for none
   * @param {SendCallback} [callback] called with null once the line is written, and if it fails later than now
   * @param {boolean} [report] without a callback: pass a later failure to onerror
   * @returns {number} 0, or a negative error number, which nobody else is told of
   */
  writeLine(text, fd, callback, report) {
    if (fd === -1 && this.#slab !== undefined && text.length <= LONGEST_LINE) {
      if (this.#used + 3 * text.length >= this.#slab.length) this.flush()
      const end = this.#used + writeText.call(this.#slab, text, this.#used)
      this.#slab[end] = NEWLINE
      return this.#publish(end + 1, callback, report)
    }
    const size = Buffer.byteLength(text)
    const line = Buffer.allocUnsafeSlow(size + 1)
    // Where each character is a byte, this is a plain copy.
    line.write(text, size === text.length ? 'latin1' : 'utf8')
    line[size] = NEWLINE
    return this.#hand(line, fd, callback)
  }

  /**
   * Writes a frame with its length in front; otherwise as writeLine().
   *
   * @param {Buffer} body not to be changed afterwards
   * @param {number} fd
   * @param {SendCallback} [callback]
   * @param {boolean} [report]
   * @returns {number}
   */
  writeFrame(body, fd, callback, report) {
    if (fd !== -1 || this.#slab === undefined) {
      const length = Buffer.allocUnsafe(LENGTH_FIELD)
      length.writeUInt32BE(body.length, 0)
      return this.#hand(Buffer.concat([length, body]), fd, callback)
    }
    if (this.#used + LENGTH_FIELD + Math.min(body.length, LONGEST_FRAME) > this.#slab.length) this.flush()
    const start = this.#slab.writeUInt32BE(body.length, this.#used)
    if (body.length > LONGEST_FRAME) {
      // The length goes by the slab, the body from where it is.
      this.#take(start)
      return this.#hand(body, fd, callback)
    }
    this.#slab.set(body, start)
    return this.#publish(start + body.length, callback, report)
  }

  /** Writes what has been collected. */
  flush() {
    if (this.#used > 0) this.settle(this.#flush())
  }

  /** Writes what can be written at once, closes the channel, and fails what is left. */
  close() {
    this.flush()
    const pending = this.#pending
    this.#pending = []
    for (const message of pending) fail(message, new codes.ERR_IPC_CHANNEL_CLOSED())
    this.#setWaiting(0)
    this.#slab = undefined
    this.#channel.close()
  }

  /**
   * Shows the core the bytes up to `end`.
   * @param {number} end
   */
  #take(end) {
    this.#total += end - this.#used
    this.#used = end
    Atomics.store(this.#header, PUBLISHED, end)
  }

  /**
   * Makes the bytes up to `end` a message.
   *
   * @param {number} end
   * @param {SendCallback} [callback]
   * @param {boolean} [report]
   * @returns {number}
   */
  #publish(end, callback, report) {
    this.#take(end)
    if (!this.#inBurst) {
      this.#inBurst = true
      process.nextTick(this.#endBurst)
      const result = this.#flush()
      if (result !== 0 || this.#waiting > 0) return this.#report(result, callback)
      // Nothing waits, as nearly always: there is nothing to settle.
      this.#used = 0
      if (callback !== undefined) process.nextTick(callback, null)
      return 0
    }
    if (Atomics.load(this.#header, WATCHED) === 0 && !this.#channel.watch()) {
      return this.#report(this.#flush(), callback)
    }
    if (callback !== undefined) {
      const message = this.#await(callback, false)
      process.nextTick(() => this.#conclude(message))
    } else if (report) {
      this.#unreported++
    }
    return 0
  }

  /**
   * Writes what does not go through the slab, behind what is in it.
   *
   * @param {Uint8Array} frame
   * @param {number} fd
   * @param {SendCallback} [callback]
   * @returns {number}
   */
  #hand(frame, fd, callback) {
    this.flush()
    const result = this.#channel.writeFrame(frame, fd)
    // The descriptor could not be sent, which leaves the channel as it was.
    if (result < 0 && fd !== -1 && !isFinal(result)) return result
    this.#total += frame.length
    return this.#report(result, callback)
  }

  /**
   * Reports on the message that was written last.
   *
   * @param {number} result as the core's flush() gives it
   * @param {SendCallback} [callback]
   * @returns {number}
   */
  #report(result, callback) {
    this.settle(result)
    if (result < 0) return result
    if (callback !== undefined) {
      if (result === 0) process.nextTick(callback, null)
      else this.#await(callback, true)
    }
    return 0
  }

  /**
   * @param {SendCallback} callback
   * @param {boolean} isLate
   * @returns {Pending}
   */
  #await(callback, isLate) {
    /** @type {Pending} */
    const message = { position: this.#total, callback, isLate, isWritten: false, error: undefined }
    this.#pending.push(message)
    return message
  }

  /**
   * Draws the conclusions of a flush.
   * @param {number} result bytes that wait, or a negative error number; then nothing waits any more
   */
  settle(result) {
    const unreported = this.#unreported
    this.#unreported = 0
    this.#used = 0
    if (result < 0) {
      const error = errnoException(result, 'write')
      const pending = this.#pending
      this.#pending = []
      for (const message of pending) fail(message, error)
      for (let i = 0; i < unreported; i++) this.#onerror(errnoException(result, 'write'))
    } else if (this.#pending.length > 0) {
      const written = this.#total - result
      let count = 0
      while (count < this.#pending.length && this.#pending[count].position <= written) {
        const message = this.#pending[count++]
        message.isWritten = true
        if (message.isLate) process.nextTick(message.callback, null)
      }
      this.#pending.splice(0, count)
    }
    this.#setWaiting(Math.max(result, 0))
  }

  /** @param {number} bytes */
  #setWaiting(bytes) {
    const before = this.#waiting
    this.#waiting = bytes
    if (before === 0 && bytes > 0) this.#control.refCounted()
    else if (before > 0 && bytes === 0) this.#control.unrefCounted()
  }

  /**
   * Calls back for a message that was collected, at the place in the tick queue that it had when it was sent.
   * @param {Pending} message
   */
  #conclude(message) {
    if (!message.isWritten && message.error === undefined) this.flush()
    if (message.error !== undefined) message.callback(message.error)
    else if (message.isWritten) message.callback(null)
    else message.isLate = true
  }
}

/**
 * @param {Pending} message
 * @param {Error} error
 */
function fail(message, error) {
  message.error = error
  if (message.isLate) process.nextTick(message.callback, error)
}

module.exports = { Outbox }
