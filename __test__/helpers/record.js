'use strict'

const { once } = require('node:events')
const { fingerprint } = require('./parity')

/**
 * Waits for a child to close and tells all that could be observed of it.
 * @param {any} child
 */
async function record(child) {
  const events = []
  const output = { stdout: '', stderr: '' }
  for (const name of ['spawn', 'exit', 'close']) child.on(name, (...args) => events.push([name, ...args]))
  child.on('error', error => events.push(['error', fingerprint(error)]))
  for (const name of ['stdout', 'stderr']) child[name]?.on('data', chunk => (output[name] += chunk))

  await closed(child)
  const { exitCode, signalCode, killed, spawnfile, spawnargs } = child
  return { events, ...output, exitCode, signalCode, killed, spawnfile, spawnargs, started: child.pid !== undefined }
}

/**
 * Not events.once(): that one rejects on 'error', after which 'close' still comes.
 * @param {any} child
 */
function closed(child) {
  return new Promise(resolve => {
    child.once('close', (code, signal) => resolve([code, signal]))
  })
}

/**
 * The whole of a stream as text.
 * @param {any} stream
 */
async function text(stream) {
  let all = ''
  stream.setEncoding('utf8').on('data', chunk => (all += chunk))
  await once(stream, 'close')
  return all
}

module.exports = { closed, record, text }
