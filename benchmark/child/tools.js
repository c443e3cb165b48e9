'use strict'

const { join } = require('node:path')

// The plain reader or writer at the other end of a pipe: the C program where the harness could compile it, else the same
// commands in Node. Always the same one for all contenders of a run.
const floor = process.env.BENCH_FLOOR
const nodePath = process.env.BENCH_NODE ?? process.execPath

// A Node that finds NODE_CHANNEL_FD would read the channel itself.
const hideChannel = 'BENCH_CHANNEL=$NODE_CHANNEL_FD; export BENCH_CHANNEL; unset NODE_CHANNEL_FD; exec "$@"'

/** @returns {[string, string[]]} file and arguments for spawn() */
const tool = (...args) => {
  const words = args.map(String)
  if (floor) return [floor, words]
  return ['/bin/sh', ['-c', hideChannel, 'sh', nodePath, join(__dirname, 'plain.js'), ...words]]
}

/** The same as one shell command. */
const toolCommand = (...args) => {
  const words = floor ? [floor, ...args] : [nodePath, join(__dirname, 'plain.js'), ...args]
  return words.map(word => `'${word}'`).join(' ')
}

module.exports = { tool, toolCommand }
