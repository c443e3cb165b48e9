'use strict'

const { inspect, types } = require('node:util')
const { codes } = require('../errors')

/** @typedef {import('../types').StdioEntry} StdioEntry */
/** @typedef {import('../types').StdioPlan} StdioPlan */

/** What 'pipe' means on 0-2. The variable chooses for a whole application, and is read once. */
const defaultPipe = process.env.RS_CHILD_PROCESS_STDIO === 'fifo' ? 'fifo' : 'pipe'

const { ERR_INVALID_ARG_VALUE, ERR_INVALID_SYNC_FORK_INPUT, ERR_IPC_ONE_PIPE, ERR_IPC_SYNC_FORK } = codes

/**
 * Spells out `stdio: 'pipe'` and its like.
 *
 * @param {unknown} stdio 'ignore', 'overlapped', 'pipe', 'inherit' or 'fifo'
 * @param {string} [channel] appended, as fork() does with 'ipc'
 * @returns {unknown[]}
 * @throws {TypeError} ERR_INVALID_ARG_VALUE
 */
function stdioStringToArray(stdio, channel) {
  /** @type {unknown[]} */
  let entries
  if (stdio === 'ignore' || stdio === 'overlapped' || stdio === 'pipe' || stdio === 'fifo')
    entries = [stdio, stdio, stdio]
  else if (stdio === 'inherit') entries = [0, 1, 2]
  else throw new ERR_INVALID_ARG_VALUE('stdio', stdio)

  if (channel !== undefined) entries.push(channel)
  return entries
}

/**
 * Decides for each descriptor of the child what it will be. Nothing is opened here.
 *
 * @param {unknown} stdio a word for all three, or an array; missing entries are 'pipe' for 0-2 and 'ignore' above
 * @param {boolean} sync for spawnSync(), which knows no channel, and takes input in place of stdin
 * @returns {StdioPlan} `ipcFd` is the number under which the child sees the channel
 * @throws {TypeError | Error} ERR_INVALID_ARG_VALUE, ERR_INVALID_SYNC_FORK_INPUT, ERR_IPC_ONE_PIPE, ERR_IPC_SYNC_FORK
 */
function getValidStdio(stdio, sync) {
  if (typeof stdio !== 'string' && !Array.isArray(stdio)) throw new ERR_INVALID_ARG_VALUE('stdio', stdio)
  const wanted = typeof stdio === 'string' ? stdioStringToArray(stdio) : stdio

  /** @type {StdioEntry[]} */
  const entries = []
  let ipcFd
  for (let i = 0; i < Math.max(wanted.length, 3); i++) {
    const value = wanted[i] ?? (i < 3 ? 'pipe' : 'ignore')
    if (value === 'ipc') {
      if (sync) throw new ERR_IPC_SYNC_FORK()
      if (ipcFd !== undefined) throw new ERR_IPC_ONE_PIPE()
      ipcFd = i
    }
    const entry = toEntry(value, i, sync)
    if (entry !== undefined) entries.push(entry)
  }
  return { stdio: entries, ipc: ipcFd !== undefined, ipcFd }
}

/**
 * @param {any} value
 * @param {number} index
 * @param {boolean} sync
 * @returns {StdioEntry | undefined}
 */
function toEntry(value, index, sync) {
  if (value === 'ignore') return { type: 'ignore' }
  if (value === 'pipe' || value === 'overlapped' || (typeof value === 'number' && value < 0)) {
    const type = value === 'overlapped' ? 'overlapped' : index < 3 ? defaultPipe : 'pipe'
    return { type, readable: index === 0, writable: index !== 0 }
  }
  if (value === 'fifo') {
    // Above 2 nothing tells which way the one way of a pipe goes.
    if (index > 2) throw new ERR_INVALID_ARG_VALUE('stdio', value)
    return { type: 'fifo', readable: index === 0, writable: index !== 0 }
  }
  if (value === 'ipc') return { type: 'pipe', ipc: true }
  if (value === 'inherit') return { type: 'inherit', fd: index }
  if (typeof value === 'number') return { type: 'fd', fd: value }
  if (typeof value.fd === 'number') return { type: 'fd', fd: value.fd }

  const handle = [value, value.handle, value._handle].find(candidate => getHandleWrapType(candidate) !== undefined)
  if (handle !== undefined) {
    return { type: 'wrap', wrapType: getHandleWrapType(handle), handle, _stdio: value }
  }

  if (!types.isArrayBufferView(value) && typeof value !== 'string') throw new ERR_INVALID_ARG_VALUE('stdio', value)
  // spawnSync() leaves such an entry out, as Node's does.
  if (!sync) throw new ERR_INVALID_SYNC_FORK_INPUT(inspect(value))
  return undefined
}

const WRAP_TYPES = new Map([
  ['Pipe', 'pipe'],
  ['TTY', 'tty'],
  ['TCP', 'tcp'],
  ['UDP', 'udp']
])

/**
 * The kind of a native handle of Node. Their classes are not public, so they are known by name and by their descriptor.
 * @param {any} value
 * @returns {string | undefined}
 */
function getHandleWrapType(value) {
  if (value === null || typeof value !== 'object' || typeof value.fd !== 'number') return undefined
  return WRAP_TYPES.get(value.constructor?.name)
}

module.exports = { getValidStdio, stdioStringToArray }
