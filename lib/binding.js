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

/**
 * @typedef {object} Native
 * @property {new () => ProcessHandle} Process
 * @property {new () => NativeChannel} Channel
 * @property {new (fd: number) => import('./types').NativePipeEnd} PipeEnd
 * @property {import('./types').SpawnSync} spawnSync
 * @property {(fd: number) => void} claim to be told when a descriptor that came from here has an owner
 */

/** @type {Native} The rest is never reached where starting is denied: channels belong to children. */
const native = isDenied() ? /** @type {any} */ ({ Process: DeniedProcess }) : require('../binding.js')

module.exports = { isDenied, native }
