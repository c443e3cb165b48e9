'use strict'

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
  for (const stream of child.stdio ?? []) {
    if (stream?.readable && !(/** @type {any} */ (stream)[kIsUsedAsStdio])) stream.resume()
  }
}

/**
 * Counts one of the events that 'close' waits for: the exit, the end of each readable stream and of the channel.
 *
 * @param {ChildProcess} child
 */
function maybeClose(child) {
  child._closesGot++
  if (child._closesGot === child._closesNeeded) child.emit('close', child.exitCode, child.signalCode)
}

module.exports = { flushStdio, kIsUsedAsStdio, maybeClose }
