'use strict'

const { accessDenied, errnos } = require('./errors')

/** @typedef {import('./ipc/types').NativeChannel} NativeChannel */
/** @typedef {import('./types').ProcessHandle} ProcessHandle */

/** Whether the permission model keeps this process from starting others. */
function isDenied() {
  return process.permission !== undefined && !process.permission.has('child')
}

/**
 * Stands for the native class where the addon must not, and often cannot, be loaded: a ChildProcess can be made, but
 * not started.
 * @implements {ProcessHandle}
 */
class DeniedProcess {
  failedStep = null

  /**
   * @param {string} file
   * @returns {never}
   */
  spawn(file) {
    throw accessDenied(file)
  }

  kill() {
    return errnos.ESRCH
  }

  close() {}
  ref() {}
  unref() {}

  hasRef() {
    return false
  }
}

/** @type {any} never reached: a channel belongs to a child, or comes from a parent that was allowed one */
const DeniedChannel = undefined

/** @type {{ Process: new () => ProcessHandle, Channel: new () => NativeChannel }} */
const native = isDenied() ? { Process: DeniedProcess, Channel: DeniedChannel } : require('../binding.js')

module.exports = { isDenied, native }
