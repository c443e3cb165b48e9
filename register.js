'use strict'

// In syntax that every Node since 0.10 parses: with `deep` this file is preloaded by whatever Node a child is.
/* oxlint-disable no-var, no-unused-vars */

/**
 * `node --require rs-child-process/register app.js` (or `--import`, or either in NODE_OPTIONS): from here on the whole
 * process, its dependencies and its Workers get this package when they ask for `child_process`.
 *
 * Child processes that are Node get it as well when RS_CHILD_PROCESS_REGISTER is `deep`, or after
 * `require('rs-child-process/register').register({ deep: true })`. Where the Node that runs is too old, Node's own module
 * stays in place, and a warning says so. With RS_CHILD_PROCESS=off it stays without one.
 */

var version = process.versions.node.split('.')

if (process.env.RS_CHILD_PROCESS === 'off') {
  exports.register = function register() {
    return false
  }
} else if (version[0] > 20 || (version[0] === '20' && version[1] >= 6)) {
  exports.register = require('./lib/register/register.js').register
  exports.register({ deep: process.env.RS_CHILD_PROCESS_REGISTER === 'deep' })
} else {
  exports.register = function register() {
    return false
  }
  warn()
}

function warn() {
  var message = "Node's own child_process stays in place: rs-child-process needs Node 20.6 or newer, and this is "
  var name = 'RsChildProcessWarning'
  // Preloads run again in every Worker, and the process has been told by then.
  if (isWorker()) return
  if (process.emitWarning) process.emitWarning(message + process.version, name, 'RS_CHILD_PROCESS_NOT_REGISTERED')
  else console.error(name + ': ' + message + process.version)
}

function isWorker() {
  try {
    return !require('worker_threads').isMainThread
  } catch (error) {
    return false
  }
}
