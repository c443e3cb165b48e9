'use strict'

const { subscribe } = require('node:diagnostics_channel')

// A Worker that was started with `env: SHARE_ENV` has the environment of the process as its process.env, and changes it
// on its own thread. Node holds a mutex while process.env is read or written, which the core cannot: as long as such a
// Worker may run, nothing but process.env must read the environment.
//
// What Node publishes, within `new Worker()`, does not tell whose environment it is, so every Worker counts until it has
// ended. Those that were started before this file was loaded are not known. Workers started by Workers are: they end with
// the one that has started them, and share the environment only if that one does.

/** @type {Set<any>} Workers that may still run */
const workers = new Set()

/**
 * Keeps an eye on the Workers that this thread starts from now on.
 */
function watchWorkers() {
  subscribe('worker_threads', message => {
    const { worker } = /** @type {any} */ (message)
    forgetEnded()
    // Node's own thread for the hooks of module.register() lives as long as the process and has a copy.
    if (worker.constructor.name !== 'InternalWorker') workers.add(worker)
  })
}

/** True while another thread may change the environment of this process. */
function isEnvironmentShared() {
  if (workers.size > 0) forgetEnded()
  return workers.size > 0
}

/** A Worker has no id any more once its thread has been joined. Its 'exit' event would show a listener to the user. */
function forgetEnded() {
  for (const worker of workers) if (worker.threadId === -1) workers.delete(worker)
}

module.exports = { isEnvironmentShared, watchWorkers }
