'use strict'

const { maybeClose } = require('./closes')
const { kIsUsedAsStdio } = require('./flush')
const { PendingPipe, definePending } = require('./pending')
const { openSocket, openWatchedSocket } = require('./socket')

/** @typedef {import('../types').ChildProcess} ChildProcess */
/** @typedef {import('../types').StdioEntry} StdioEntry */

/** How the core makes a descriptor of the child: the first number of each pair in its plan. */
const kind = { ignore: 0, socket: 1, fifo: 2, fd: 3, gathered: 4, channel: 5 }

/**
 * The plan for the core: [kind, fd] per descriptor. After the start the fd of every pipe is the parent's end.
 *
 * @param {StdioEntry[]} entries
 * @param {boolean} gathers whether what the child writes is gathered
 * @returns {Int32Array | undefined} undefined if an entry is a handle that has been closed, which is EINVAL
 */
function toNativeStdio(entries, gathers) {
  const plan = new Int32Array(entries.length * 2)
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]
    let fd = -1
    if (entry.type === 'pipe' || entry.type === 'overlapped') {
      plan[2 * i] = entry.ipc ? kind.channel : gathers && i > 0 ? kind.gathered : kind.socket
    } else if (entry.type === 'fifo') {
      plan[2 * i] = kind.fifo
    } else if (entry.type !== 'ignore') {
      fd = /** @type {number} */ (entry.type === 'wrap' ? entry.handle.fd : entry.fd) | 0
      if (fd === -1) return undefined
      // libuv passes over any other negative descriptor.
      plan[2 * i] = fd < 0 ? kind.ignore : kind.fd
    }
    plan[2 * i + 1] = fd
  }
  return plan
}

/**
 * Makes the parent's streams of a child that has been started (or failed to, with its pipes there), and sets stdin,
 * stdout, stderr and stdio.
 *
 * @param {ChildProcess} child
 * @param {StdioEntry[]} entries
 * @param {Int32Array} plan as toNativeStdio() made it and the core completed it
 * @param {boolean} [gathers] for exec(), whose pipes become streams only when asked for
 * @param {boolean} [watchesStdin] close the stream stdin when the child closes its end, and not at the next write
 */
function createStreams(child, entries, plan, gathers, watchesStdin = false) {
  if (gathers && entries.length === 3 && entries.every((entry, i) => isPending(entry, i))) {
    if (entries[0].type === 'wrap') lendStream(entries[0])
    const pipes = entries.map((entry, i) => {
      return isStream(entry)
        ? new PendingPipe(child, plan[2 * i + 1], i > 0, watches(entry, i, watchesStdin))
        : undefined
    })
    definePending(child, pipes)
    return
  }
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]
    if (entry.ipc) {
      child._closesNeeded++
    } else if (entry.type === 'wrap') {
      lendStream(entry)
    } else if (isStream(entry)) {
      entry.socket = createSocket(child, plan[2 * i + 1], i > 0, watches(entry, i, watchesStdin))
    }
  }

  child.stdin = entries[0]?.socket ?? null
  child.stdout = entries[1]?.socket ?? null
  child.stderr = entries[2]?.socket ?? null
  child.stdio = entries.map(entry => entry.socket ?? null)
}

/**
 * Whether the parent gets a stream.
 * @param {StdioEntry} entry
 */
function isStream({ type }) {
  return type === 'pipe' || type === 'overlapped' || type === 'fifo'
}

/**
 * Whether the entry can wait for somebody to ask for its stream, if there is one.
 * @param {StdioEntry} entry
 * @param {number} index
 */
function isPending(entry, index) {
  return !entry.ipc && (isStream(entry) || index === 0)
}

/**
 * Whether the stream is to close with the child's end. A real pipe cannot be read at this end, which is how to know.
 *
 * @param {StdioEntry} entry
 * @param {number} index
 * @param {boolean} wanted
 */
function watches(entry, index, wanted) {
  return wanted && index === 0 && entry.type !== 'fifo'
}

/**
 * @param {ChildProcess} child
 * @param {number} fd owned by the socket from here on
 * @param {boolean} readable false for stdin only, whose end does not hold back 'close'
 * @param {boolean} watched
 */
function createSocket(child, fd, readable, watched) {
  const socket = watched ? openWatchedSocket(fd) : openSocket(fd, readable)
  if (readable) {
    child._closesNeeded++
    socket.on('close', () => maybeClose(child))
  }
  return socket
}

/**
 * The child reads from this stream now: whatever the parent went on to read would be lost to it. The stream stays
 * open and can be resumed later.
 * @param {StdioEntry} entry
 */
function lendStream({ handle, _stdio: stream }) {
  handle.reading = false
  handle.readStop?.()
  stream.pause?.()
  if (stream._readableState !== undefined) {
    stream.readableFlowing = false
    stream._readableState.reading = false
  }
  stream[kIsUsedAsStdio] = true
}

module.exports = { createStreams, toNativeStdio }
