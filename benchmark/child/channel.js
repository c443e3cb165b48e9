'use strict'

const { join } = require('node:path')
const { once } = require('node:events')
const { tool } = require('./tools.js')

/** Starts the other end: `plain` is a reader or writer that knows nothing of Node, `stock` the runtime itself. */
const startPeer = (module, { peer, serialization }, ...args) => {
  const { spawn, fork } = require(module)
  if (peer === 'stock') return fork(join(__dirname, 'ipc-peer.js'), args.map(String), { serialization, silent: false })
  return spawn(...tool(`ipc-${args[0]}`, ...args.slice(1)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization
  })
}

/** Asks the other end to go, and waits until it is gone. */
const stopPeer = async child => {
  const end = once(child, 'exit')
  if (child.connected) child.disconnect()
  child.kill()
  await end
}

// Bun's and Deno's 'advanced' is a format of their own, which the plain reader and writer cannot speak.
const notWithPlainPeer = ['bun', 'deno']

module.exports = { startPeer, stopPeer, notWithPlainPeer }
