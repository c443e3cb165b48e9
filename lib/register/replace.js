'use strict'

const Module = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const workerThreads = require('node:worker_threads')
const { hooksBreakLoaderThread } = require('../node-version')
const { replaceBindings } = require('./bindings.js')
const { facadeSource, followExports, requireSource } = require('./exports.js')

const names = new Set(['child_process', 'node:child_process'])

/**
 * Redirects every way of user code to ask for `child_process` to a file: `require`, `createRequire()`, `import`,
 * `import()` and `process.getBuiltinModule()`. Node's own modules (cluster, the test runner) go none of these ways
 * and keep the built-in.
 *
 * @param {string} main Absolute path of the CommonJS module to give out instead.
 * @param {object} [options]
 * @param {boolean} [options.loaderThread] Whether `import` may be redirected by hooks that need a thread of their own,
 *   where the running Node has no others. Default: true.
 * @returns {boolean} whether `import` is redirected as well; false where that needs a thread and there may be none
 */
function replaceChildProcess(main, { loaderThread = true } = {}) {
  const exported = followExports(main)
  const give = () => exported.remember(require(main))
  hookGetBuiltinModule(give)
  replaceBindings()
  // Shows the new functions to who imports them from 'node:process' and 'node:module'.
  Module.syncBuiltinESMExports()
  if (canHookBothLoaders()) {
    hookBothLoaders(main)
    return true
  }
  hookCommonJs(give)
  if (!loaderThread || isLoaderThread() || isForbidden('worker') || !hasWorkingDirectory()) return false
  // An absolute URL, so that resolve hooks registered before have nothing to resolve.
  const source = facadeSource(pathToFileURL(main).href)
  Module.register(pathToFileURL(join(__dirname, 'esm-hooks.mjs')), { data: { source } })
  return true
}

/** Whether hooks in this thread reach `require` and `import` alike, and harm nobody. */
function canHookBothLoaders() {
  return typeof Module.registerHooks === 'function' && !(hooksBreakLoaderThread && isLoaderThread())
}

/** Whether this is the thread of a loader of the application's own, in which preloads run as well. */
function isLoaderThread() {
  return Boolean(workerThreads.isInternalThread)
}

/** @param {string} scope of the permission model, which Node has only when it was asked for */
const isForbidden = scope => process.permission !== undefined && !process.permission.has(scope)

/** Without one the loader thread of Node 20 ends at its start, and Node waits for it forever. */
function hasWorkingDirectory() {
  try {
    process.cwd()
    return true
  } catch {
    return false
  }
}

/**
 * Replaces the text and leaves the URL as it is: hooks of tracing and mocking tools, whether they come before or after,
 * look for the module of Node by it.
 *
 * @param {string} main
 */
function hookBothLoaders(main) {
  const required = requireSource(main)
  const imported = facadeSource(pathToFileURL(main).href)
  Module.registerHooks({
    load(url, context, nextLoad) {
      if (url !== 'node:child_process') return nextLoad(url, context)
      return context.conditions.includes('require')
        ? { format: 'commonjs', source: required, shortCircuit: true }
        : { format: 'module', source: imported, shortCircuit: true }
    }
  })
}

/**
 * For Node 20, and 22 before 22.15, whose hooks are for ESM only.
 * @param {() => object} give
 */
function hookCommonJs(give) {
  // `_load` is undocumented but is what every tool of this kind has patched since Node 0.x; later Nodes keep it.
  const commonJs = /** @type {{ _load: (request: string, ...rest: unknown[]) => unknown }} */ (
    /** @type {unknown} */ (Module)
  )
  const load = commonJs._load
  commonJs._load = function _load(request) {
    return names.has(request) ? give() : Reflect.apply(load, this, arguments)
  }
}

/** @param {() => object} give */
function hookGetBuiltinModule(give) {
  const descriptor = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule')
  // Absent before Node 20.16; a non-configurable one has been nailed down by somebody on purpose.
  if (!descriptor?.configurable || typeof descriptor.value !== 'function') return
  const original = descriptor.value
  descriptor.value = {
    /** @param {string} id */
    getBuiltinModule(id) {
      return names.has(id) ? give() : Reflect.apply(original, this, arguments)
    }
  }.getBuiltinModule
  Object.defineProperty(process, 'getBuiltinModule', descriptor)
}

exports.canHookBothLoaders = canHookBothLoaders
exports.isLoaderThread = isLoaderThread
exports.replaceChildProcess = replaceChildProcess
