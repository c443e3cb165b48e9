'use strict'

const { readdirSync } = require('node:fs')
const path = require('node:path')

const fixture = name => path.join(__dirname, 'fixtures', `${name}.js`)

/**
 * Starts fixtures/peer.js on the other end of a channel.
 *
 * @param {any} cp
 * @param {string} scenario
 * @param {object} [options]
 */
function startPeer(cp, scenario, options) {
  const args = ['-u', 'NODE_CHANNEL_FD', process.execPath, fixture('peer'), scenario]
  return cp.spawn('env', args, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'], ...options })
}

/** The descriptors of this process. */
const descriptors = () => readdirSync('/proc/self/fd').length

/**
 * Waits until a condition holds; the test's own deadline ends the waiting.
 * @param {() => boolean} condition
 */
async function until(condition) {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 5))
}

/**
 * Collects the exceptions that nobody catches while `run` runs.
 * @param {() => Promise<void>} run
 */
async function uncaught(run) {
  const caught = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const collect = error => caught.push(error)
  process.on('uncaughtException', collect)
  try {
    await run()
  } finally {
    process.off('uncaughtException', collect)
    for (const other of others) process.on('uncaughtException', other)
  }
  return caught
}

module.exports = { descriptors, fixture, startPeer, uncaught, until }
