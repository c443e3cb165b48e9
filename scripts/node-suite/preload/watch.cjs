'use strict'

const { realpathSync } = require('node:fs')
const Module = require('node:module')
const { join, sep } = require('node:path')
const { pathToFileURL } = require('node:url')
const { canHookBothLoaders, isLoaderThread } = require('../../../lib/register/replace.js')
const { nearestCaller, toPath } = require('./caller.cjs')
const { watchBindings } = require('./watch-bindings.cjs')

const names = new Set(['child_process', 'node:child_process'])

/**
 * Notes every request for child_process, and whether it is the package itself that makes it. A package that asks gets
 * the built-in module, as it would without a preload, and so shows whether it delegates.
 *
 * @param {{ directory: string, report: string }} config
 * @param {{ load: Function, getBuiltinModule?: Function }} originals what these were before child_process was replaced
 * @param {boolean} loaderThread whether hooks may take a thread, where there are no others for import
 * @param {(kind: string, how: string, from: string) => void} note
 */
function watch(config, originals, loaderThread, note) {
  const roots = [config.directory, realpathSync(config.directory)].map(root => root + sep)
  const isPackage = file => roots.some(root => file.startsWith(root) && !file.startsWith(root + 'node_modules' + sep))

  /** @returns {boolean} whether the built-in is due */
  const asked = (parent, how) => {
    const caller = toPath(parent) || nearestCaller()
    const culprit = [caller, nearestCaller()].find(isPackage)
    watchBindings(originals.binding, isPackage, note)
    note(culprit ? 'delegated' : 'used', how, culprit ?? caller)
    return culprit !== undefined
  }
  const askedInternal = (parent, how) => {
    if (isPackage(toPath(parent))) note('delegated', how, toPath(parent))
  }

  if (originals.getBuiltinModule) watchGetBuiltinModule(originals.getBuiltinModule, asked)
  if (canHookBothLoaders()) {
    watchBothLoaders(asked, askedInternal)
    return
  }
  watchCommonJs(originals.load, asked, askedInternal)
  if (!loaderThread || isLoaderThread() || (process.permission && !process.permission.has('worker'))) return
  Module.register(pathToFileURL(join(__dirname, 'watch-esm.mjs')), {
    data: { roots: roots.map(root => pathToFileURL(root).href), report: config.report }
  })
}

function watchBothLoaders(asked, askedInternal) {
  // What is resolved is loaded next.
  let isDue = false
  Module.registerHooks({
    resolve(specifier, context, nextResolve) {
      if (names.has(specifier) && asked(context.parentURL, `load ${specifier}`)) {
        isDue = true
        // The text that stands for it may be half run: that is from where the package asks.
        delete Module._cache['child_process']
        delete Module._cache['node:child_process']
        return { url: 'node:child_process', format: 'builtin', shortCircuit: true }
      }
      if (specifier.startsWith('internal/')) askedInternal(context.parentURL, `load ${specifier}`)
      return nextResolve(specifier, context)
    },
    load(url, context, nextLoad) {
      if (url !== 'node:child_process' || !isDue) return nextLoad(url, context)
      isDue = false
      return { format: 'builtin', source: undefined, shortCircuit: true }
    }
  })
}

function watchCommonJs(original, asked, askedInternal) {
  const replaced = Module._load
  Module._load = function _load(request, parent) {
    if (names.has(request) && asked(parent?.filename, `load ${request}`)) {
      return Reflect.apply(original, this, arguments)
    }
    if (typeof request === 'string' && request.startsWith('internal/'))
      askedInternal(parent?.filename, `load ${request}`)
    return Reflect.apply(replaced, this, arguments)
  }
}

function watchGetBuiltinModule(original, asked) {
  const descriptor = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule')
  if (!descriptor?.configurable) return
  const { value: replaced } = descriptor
  descriptor.value = function getBuiltinModule(id) {
    if (names.has(id) && asked('', `getBuiltinModule ${id}`)) return Reflect.apply(original, this, arguments)
    return Reflect.apply(replaced, this, arguments)
  }
  Object.defineProperty(process, 'getBuiltinModule', descriptor)
}

exports.watch = watch
