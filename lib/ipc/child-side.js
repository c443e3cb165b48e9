'use strict'

/** Whoever listens to these wants the process to stay. */
const isWaiting = (/** @type {string | symbol} */ name) => name === 'message' || name === 'disconnect'

/**
 * Connects this process to its parent: gives `process` send(), disconnect(), channel and connected. Node does so by
 * itself when it finds NODE_CHANNEL_FD in its environment, so this is for a process that got its channel otherwise.
 *
 * @param {number} fd
 * @param {'json' | 'advanced'} serializationMode
 */
function _forkChild(fd, serializationMode) {
  // Loaded at need, as in child-process.js.
  const { setupChannel } = require('./channel')
  const control = setupChannel(process, fd, serializationMode)
  // unrefCounted() would count below zero; unref() would fix the state.
  control.refCounted()
  control.unrefCounted()
  process.on('newListener', name => {
    if (isWaiting(name)) control.refCounted()
  })
  process.on('removeListener', name => {
    if (isWaiting(name)) control.unrefCounted()
  })
}

module.exports = { _forkChild }
