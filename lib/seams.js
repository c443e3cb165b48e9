'use strict'

const { native } = require('./binding')
const { errnos } = require('./errors')
const { startArguments } = require('./start')
const { toNativeStdio } = require('./stdio/streams')

/** @typedef {import('./types').ProcessHandle} ProcessHandle */
/** @typedef {import('./types').SpawnRequest} SpawnRequest */

/**
 * The two native objects through which children are started, shaped as Node's are. Coverage tools replace their functions to
 * change what is started: nyc by way of process-on-spawn, and spawn-wrap. `rs-child-process/register` gives them out.
 */
const seams = {
  /** What `process.binding('spawn_sync')` gives. */
  spawnSync: { spawn: runSync },
  /** What `process.binding('process_wrap')` gives, once somebody has asked. */
  processWrap: { Process: native.Process }
}

/**
 * Starts a program and waits for it.
 *
 * @param {SpawnRequest} options complete, with `stdio` as getValidStdio() makes it; stdin's entry has the input
 */
function runSync(options) {
  const { stdio, timeout, maxBuffer, killSignal } = options
  const entries = /** @type {import('./types').StdioEntry[]} */ (stdio)
  const plan = toNativeStdio(entries, true)
  if (plan === undefined) return { pid: 0, error: errnos.EINVAL }
  const start = startArguments(options, plan, [], true)
  return native.spawnSync(...start, entries[0].input ?? null, timeout ?? 0, maxBuffer ?? 0, killSignal)
}

/** @type {WeakMap<object, [plan: Int32Array, extraVariables: string[]]>} what the core needs beyond Node's options */
const beyond = new WeakMap()

/**
 * The one call that starts a process.
 *
 * @param {ProcessHandle} handle
 * @param {SpawnRequest} options
 * @param {Int32Array} plan as toNativeStdio() makes it
 * @param {string[]} extraVariables `NAME=value`, behind all others
 * @returns {number} the pid, or a negative error number
 * @throws {Error} ERR_ACCESS_DENIED
 */
function startProcess(handle, options, plan, extraVariables) {
  // A handle that is older than the question has the core's own spawn().
  if (seams.processWrap.Process === native.Process || !(handle instanceof seams.processWrap.Process)) {
    return handle.spawn(...startArguments(options, plan, extraVariables, false))
  }
  beyond.set(handle, [plan, extraVariables])
  const error = /** @type {any} */ (handle).spawn(options)
  return error === 0 ? /** @type {number} */ (handle.pid) : error
}

/** From now on children are started through a class whose `spawn(options)` is that of Node's, so that it can be replaced. */
function exposeProcess() {
  if (seams.processWrap.Process !== native.Process) return
  const Native = /** @type {any} */ (native.Process)
  seams.processWrap.Process = /** @type {any} */ (
    class Process extends Native {
      /** @param {SpawnRequest} options */
      spawn(options) {
        const [plan, extraVariables] = beyond.get(this) ?? [new Int32Array(0), []]
        const result = super.spawn(...startArguments(options, plan, extraVariables, false))
        if (result > 0) Reflect.set(this, 'pid', result)
        return Math.min(result, 0)
      }
    }
  )
}

module.exports = { exposeProcess, seams, startProcess }
