'use strict'

const { addAbortListener } = require('node:events')
const { AbortError } = require('../errors')

/** @typedef {import('../types').ChildProcess} ChildProcess */

/**
 * Kills the child when the signal aborts, and reports an AbortError if it was still there to be killed. The signal has
 * one listener while the child runs and none afterwards. A signal that has aborted before takes effect on the next
 * tick: the child is started all the same.
 *
 * @param {ChildProcess} child a child that runs
 * @param {AbortSignal} signal
 * @param {number | undefined} killSignal SIGTERM if undefined
 */
function killOnAbort(child, signal, killSignal) {
  const abort = () => abortChildProcess(child, killSignal, signal.reason)
  if (signal.aborted) {
    process.nextTick(abort)
    return
  }
  const registration = addAbortListener(signal, abort)
  child.once('exit', () => registration[Symbol.dispose]())
}

/**
 * @param {ChildProcess} child
 * @param {number | undefined} killSignal
 * @param {unknown} reason
 */
function abortChildProcess(child, killSignal, reason) {
  try {
    if (child.kill(killSignal)) child.emit('error', new AbortError({ cause: reason }))
  } catch (error) {
    child.emit('error', error)
  }
}

module.exports = { killOnAbort }
