'use strict'

const { clearTimeout, setTimeout } = require('node:timers')

/** @typedef {import('../types').ChildProcess} ChildProcess */

/** How long a child may take to end by itself after SIGTERM, in milliseconds. execa has the same. */
const FORCE_KILL_AFTER = 5000

/**
 * The end of `await using child = ...`: asks the child to end, waits for it, and kills it if that takes too long.
 *
 * @param {ChildProcess} child
 * @param {number | false} [forceKillAfterDelay] milliseconds; false never kills
 */
async function asyncDispose(child, forceKillAfterDelay = FORCE_KILL_AFTER) {
  if (!isRunning(child)) return
  const exit = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = forceKillAfterDelay === false ? undefined : setTimeout(() => child.kill('SIGKILL'), forceKillAfterDelay)
  try {
    await exit
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Whether there is an end to wait for.
 * @param {ChildProcess} child
 */
function isRunning(child) {
  return child._handle !== null && child.pid !== undefined
}

module.exports = { asyncDispose }
