'use strict'

const Module = require('node:module')

/**
 * The names that `import { … } from 'child_process'` can name: those of index.js. They are written out because the package
 * itself is loaded only by a process that asks for child_process.
 */
const names = [
  '_forkChild',
  'ChildProcess',
  'exec',
  'execFile',
  'execFileSync',
  'execSync',
  'fork',
  'spawn',
  'spawnSync'
]

/** Where a facade, whose text can hold no reference, finds what the exports of this thread are. */
const kExports = Symbol.for('rs-child-process.exports')

/**
 * What importers see: the functions that were there when `child_process` was first asked for, until somebody calls
 * `module.syncBuiltinESMExports()`. As with Node's own modules, a function that was merely replaced on the object is not among
 * them.
 *
 * @typedef {object} Exports
 * @property {Record<string, unknown> | undefined} current
 * @property {(() => void)[]} updates
 * @property {(childProcess: object) => object} remember gives what it was given
 */

/**
 * The text of the ES module that `node:child_process` is to an importer.
 *
 * @param {string} url of the CommonJS module that it stands for
 */
function facadeSource(url) {
  return `import childProcess from ${JSON.stringify(url)}
import Module from 'node:module'
const exported = Module.syncBuiltinESMExports[Symbol.for(${JSON.stringify(kExports.description)})]
exported?.remember(childProcess)
let { ${names.join(', ')} } = exported?.current ?? childProcess
exported?.updates.push(() => {
  ;({ ${names.join(', ')} } = exported.current)
})
export { childProcess as default, ${names.join(', ')} }
`
}

/** The text of the CommonJS module that `node:child_process` is to who requires it through hooks. */
function requireSource(/** @type {string} */ main) {
  return `const Module = require('node:module')
const exported = Module.syncBuiltinESMExports[Symbol.for(${JSON.stringify(kExports.description)})]
module.exports = require(${JSON.stringify(main)})
exported?.remember(module.exports)
`
}

/**
 * Has the exports of this thread follow `module.syncBuiltinESMExports()`, from now on.
 *
 * @param {string} main
 * @returns {Exports}
 */
function followExports(main) {
  const original = Module.syncBuiltinESMExports
  /** @type {Exports} */
  const exported = {
    current: undefined,
    updates: [],
    remember(childProcess) {
      exported.current ??= { ...childProcess }
      return childProcess
    }
  }
  /** @this {unknown} */
  function syncBuiltinESMExports() {
    Reflect.apply(original, this, arguments)
    if (!exported.current) return
    exported.current = { ...require(main) }
    for (const update of exported.updates) update()
  }
  Object.defineProperty(syncBuiltinESMExports, kExports, { value: exported })
  Module.syncBuiltinESMExports = syncBuiltinESMExports
  return exported
}

module.exports = { facadeSource, followExports, names, requireSource }
