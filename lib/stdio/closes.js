'use strict'

/** @typedef {import('../types').ChildProcess} ChildProcess */

/**
 * Counts one of the events that 'close' waits for: the exit, the end of each readable stream and of the channel.
 *
 * @param {ChildProcess} child
 */
function maybeClose(child) {
  child._closesGot++
  if (child._closesGot === child._closesNeeded) child.emit('close', child.exitCode, child.signalCode)
}

module.exports = { maybeClose }
