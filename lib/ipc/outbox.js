'use strict'

const { Buffer } = require('node:buffer')
const { codes, errnoException, errnos } = require('../errors')
const { Receipts, conclude, isOpen } = require('./receipts')
const { LENGTH_FIELD, NEWLINE, Slab } = require('./slab')

/** @typedef {import('./types').NativeChannel} NativeChannel */
/** @typedef {import('./types').SendCallback} SendCallback */

/**
 * So many messages of a tick are written one by one, as Node writes all of them; those behind are collected. A program that
 * ends without running any more code loses what is collected, and few send more than this in the tick in which they end. Each
 * write costs about 1.1 us more than collecting does (docs/adr/0009-messages-in-batches.md).
 */
const WRITTEN_ALONE = 16

/** Longer texts are handed over whole. In UTF-8 they take up to three times as many bytes, and must fit the slab. */
const LONGEST_LINE = 20 * 1024
const LONGEST_FRAME = 32 * 1024

/** Errors after which nothing more can be written. */
const isFinal = /** @param {number} errno */ errno => errno === errnos.EPIPE || errno === errnos.ECONNRESET

/**
 * Everything on its way into the channel.
 *
 * The first messages of a tick are written at once. Those behind them are collected in memory that the core can see, and
 * written together: at the end of the tick, when 64 KB have come together, or by the core when JS is busy or the process
 * ends. So a loop of send() costs neither a call nor a system call a message, and what was sent is lost only where a process
 * ends without running any more of its own code (docs/ipc-protocol.md).
 */
class Outbox {
  #channel
  #control
  #onerror
  #flush
  /** @type {InstanceType<typeof Slab> | undefined} undefined where the engine cannot share memory: each message is then written at once */
  #slab
  /** Messages of this tick that went into the slab. */
  #sent = 0
  #endTick = () => {
    this.#sent = 0
    this.flush()
  }

  /** Bytes taken over since the channel was opened, and how many of them the kernel has not taken. */
  #total = 0
  #waiting = 0
  #receipts = new Receipts()
  /** Collected messages whose failure has to be reported by an 'error' event. */
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
    this.#slab = memory && new Slab(memory)
    this.#flush = channel.flusher()
  }

  /** Bytes that wait because the kernel takes no more: what `writeQueueSize` is in Node. */
  get waiting() {
    return this.#waiting > 0 ? this.#waiting + (this.#slab?.used ?? 0) : 0
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
    const slab = this.#slab
    if (fd === -1 && slab !== undefined && text.length <= LONGEST_LINE) {
      if (!slab.hasRoom(3 * text.length + 1)) this.flush()
      return this.#send(slab, slab.addLine(text), callback, report)
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
    const slab = this.#slab
    if (fd !== -1 || slab === undefined) {
      const length = Buffer.allocUnsafe(LENGTH_FIELD)
      length.writeUInt32BE(body.length, 0)
      return this.#hand(Buffer.concat([length, body]), fd, callback)
    }
    const isLong = body.length > LONGEST_FRAME
    if (!slab.hasRoom(LENGTH_FIELD + (isLong ? 0 : body.length))) this.flush()
    if (!isLong) return this.#send(slab, slab.addFrame(body), callback, report)
    // The length goes by the slab, the body from where it is.
    this.#total += slab.addLength(body.length)
    return this.#hand(body, fd, callback)
  }

  /** Writes what has been collected. */
  flush() {
    if (this.#slab !== undefined && this.#slab.used > 0) this.settle(this.#flush())
  }

  /** Writes what can be written at once, closes the channel, and fails what is left. */
  close() {
    this.flush()
    this.#receipts.fail(new codes.ERR_IPC_CHANNEL_CLOSED())
    this.#setWaiting(0)
    this.#slab = undefined
    this.#channel.close()
  }

  /**
   * Draws the conclusions of a flush.
   * @param {number} result bytes that wait, or a negative error number; then nothing waits any more
   */
  settle(result) {
    const unreported = this.#unreported
    this.#unreported = 0
    if (this.#slab !== undefined) this.#slab.used = 0
    if (result < 0) {
      this.#receipts.fail(errnoException(result, 'write'))
      for (let i = 0; i < unreported; i++) this.#onerror(errnoException(result, 'write'))
    } else {
      this.#receipts.settle(this.#total - result)
    }
    this.#setWaiting(Math.max(result, 0))
  }

  /**
   * Sends the message that has just been put into the slab: now, or with those to come.
   *
   * @param {InstanceType<typeof Slab>} slab
   * @param {number} size
   * @param {SendCallback} [callback]
   * @param {boolean} [report]
   * @returns {number}
   */
  #send(slab, size, callback, report) {
    this.#total += size
    if (this.#sent++ === 0) process.nextTick(this.#endTick)
    // While older bytes wait in Node's queue, it writes no more either.
    if (this.#sent <= WRITTEN_ALONE && this.#waiting === 0) {
      const result = this.#flush()
      if (result !== 0) return this.#report(result, callback)
      // Nothing waits, as nearly always: there is nothing to settle.
      slab.used = 0
      if (callback !== undefined) process.nextTick(callback, null)
      return 0
    }
    if (this.#waiting === 0 && !slab.isWatched && !this.#channel.watch()) return this.#report(this.#flush(), callback)
    if (callback !== undefined) {
      // Called at the place in the tick queue that the message had when it was sent.
      const receipt = this.#receipts.add(this.#total, callback, false)
      process.nextTick(() => {
        if (isOpen(receipt)) this.flush()
        conclude(receipt)
      })
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
      else this.#receipts.add(this.#total, callback, true)
    }
    return 0
  }

  /** @param {number} bytes */
  #setWaiting(bytes) {
    const before = this.#waiting
    this.#waiting = bytes
    if (before === 0 && bytes > 0) this.#control.refCounted()
    else if (before > 0 && bytes === 0) this.#control.unrefCounted()
  }
}

module.exports = { Outbox }
