'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { readdirSync } = require('node:fs')
const path = require('node:path')
const { implementations } = require('../helpers/parity')
const { closed } = require('../helpers/record')

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

/** Runs a scenario with both implementations and asserts that it tells the same. */
async function same(scenario) {
  const results = []
  for (const [, cp] of implementations) results.push(await scenario(cp))
  assert.deepEqual(results[1], results[0])
  return results[1]
}

/** The messages of an echoing child, until there are `count`. */
async function echoed(child, count) {
  const messages = []
  child.on('message', message => messages.push(message))
  while (messages.length < count) await once(child, 'message')
  return messages
}

/** Has an echoing child end. */
async function stop(child) {
  const end = closed(child)
  child.send('stop')
  return end
}

module.exports = { descriptors, echoed, fixture, same, startPeer, stop, uncaught, until }
