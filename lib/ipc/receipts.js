'use strict'

/** @typedef {import('./types').SendCallback} SendCallback */

/**
 * @typedef {object} Receipt a message whose sender wants to know when it is written
 * @property {number} position of its last byte, counted from the channel's first
 * @property {SendCallback} callback
 * @property {boolean} isLate the place in the tick queue at which a written message is reported is over
 * @property {boolean} isWritten
 * @property {Error | undefined} error
 */

/** The callbacks of messages of which it is not known yet whether they are written, in the order of sending. */
class Receipts {
  /** @type {Receipt[]} */
  #open = []

  /**
   * @param {number} position
   * @param {SendCallback} callback
   * @param {boolean} isLate called back as soon as it is known, else by conclude()
   * @returns {Receipt}
   */
  add(position, callback, isLate) {
    const receipt = { position, callback, isLate, isWritten: false, error: undefined }
    this.#open.push(receipt)
    return receipt
  }

  /**
   * All bytes before `position` are written.
   * @param {number} position
   */
  settle(position) {
    let count = 0
    while (count < this.#open.length && this.#open[count].position <= position) {
      const receipt = this.#open[count++]
      receipt.isWritten = true
      if (receipt.isLate) process.nextTick(receipt.callback, null)
    }
    if (count > 0) this.#open.splice(0, count)
  }

  /**
   * None of them will be written.
   * @param {Error} error
   */
  fail(error) {
    const open = this.#open
    this.#open = []
    for (const receipt of open) {
      receipt.error = error
      if (receipt.isLate) process.nextTick(receipt.callback, error)
    }
  }
}

/** @param {Receipt} receipt */
const isOpen = receipt => !receipt.isWritten && receipt.error === undefined

/**
 * Calls back now, or as soon as something is known.
 * @param {Receipt} receipt
 */
function conclude(receipt) {
  if (isOpen(receipt)) receipt.isLate = true
  else receipt.callback(receipt.error ?? null)
}

module.exports = { Receipts, conclude, isOpen }
