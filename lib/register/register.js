'use strict'

const { inherit } = require('./inherit.js')
const { replaceChildProcess } = require('./replace.js')

/** @type {boolean | undefined} whether this thread's `child_process` is this package; undefined before the first call */
let registered

/**
 * Puts this package in the place of `child_process` for everything that this thread loads from now on. Calling it
 * again is allowed, and is how `deep` is asked for later.
 *
 * Where the native part cannot be loaded Node's own module stays in place, and one warning says so: an application
 * that was started with a flag should run on every platform.
 *
 * @param {object} [options]
 * @param {boolean} [options.deep] Make Node processes that inherit this process's environment register too, by
 *   NODE_OPTIONS. Default: false.
 * @returns {boolean} whether this package is in place
 */
function register({ deep = false } = {}) {
  registered ??= tryToReplace()
  if (registered && deep) inherit(process.env)
  return registered
}

function tryToReplace() {
  try {
    // Only the native part, which is what can fail: a process that never asks for child_process does not load the rest.
    require('../binding.js')
  } catch (error) {
    warn(`Node's own child_process stays in place: ${reasonOf(error)}`)
    return false
  }
  const complete = replaceChildProcess(require.resolve('../../index.js'))
  if (!complete)
    warn("Node's own child_process stays in place for import: its hooks need a thread, which cannot start here")
  return true
}

/**
 * An error in one line, with the most telling of its causes: the loader tries several places, and most causes only say
 * that there is nothing there.
 * @param {unknown} error
 */
function reasonOf(error) {
  const lines = []
  for (let cause = /** @type {any} */ (error); cause instanceof Error; cause = cause.cause) {
    lines.push(cause.message.split('\n', 1)[0])
  }
  const telling = lines.slice(1).findLast(line => !line.startsWith('Cannot find module'))
  return [lines[0], telling].filter(Boolean).join(' ')
}

/** @param {string} message */
function warn(message) {
  // Preloads run again in every Worker, and the process has been told by then.
  if (!require('node:worker_threads').isMainThread) return
  process.emitWarning(message, { type: 'RsChildProcessWarning', code: 'RS_CHILD_PROCESS_NOT_REGISTERED' })
}

exports.register = register
