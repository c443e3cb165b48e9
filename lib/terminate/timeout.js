'use strict'

const { clearTimeout, setTimeout } = require('node:timers')
const { clearsTimeoutAtClose } = require('../node-version')

/** @typedef {import('../types').ChildProcess} ChildProcess */

/**
 * Kills the child when its time is up. There is no error for that: 'exit' tells the signal.
 *
 * @param {ChildProcess} child a child that runs
 * @param {number} timeout milliseconds
 * @param {number | undefined} killSignal SIGTERM if undefined
 */
function killAfterTimeout(child, timeout, killSignal) {
  const timer = setTimeout(() => {
    try {
      child.kill(killSignal)
    } catch (error) {
      child.emit('error', error)
    }
  }, timeout)
  child.once(clearsTimeoutAtClose ? 'close' : 'exit', () => clearTimeout(timer))
}

module.exports = { killAfterTimeout }
