'use strict'

const { openedStdio } = require('./pending')

/** @typedef {import('../types').ChildProcess} ChildProcess */

/** Marks a stream that was handed to another child as stdio: its data is not ours to throw away. */
const kIsUsedAsStdio = Symbol('kIsUsedAsStdio')

/**
 * Lets the output that nobody has asked for run off, so that the streams end and 'close' comes. Runs one tick after
 * the exit, the last chance for a listener to take the output.
 *
 * @param {ChildProcess} child
 */
function flushStdio(child) {
  for (const stream of openedStdio(child) ?? []) {
    if (stream?.readable && !(/** @type {any} */ (stream)[kIsUsedAsStdio])) stream.resume()
  }
}

module.exports = { flushStdio, kIsUsedAsStdio }
