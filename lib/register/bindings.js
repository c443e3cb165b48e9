'use strict'

/**
 * Gives those who ask `process.binding()` for the native side of child_process the objects through which this package starts
 * children. Node's own are not loaded for that, and whoever asks for anything else gets what Node gives.
 */
function replaceBindings() {
  const original = Reflect.get(process, 'binding')
  if (typeof original !== 'function') return
  /**
   * @this {unknown}
   * @param {string} name
   */
  function binding(name) {
    if (name !== 'spawn_sync' && name !== 'process_wrap') return Reflect.apply(original, this, arguments)
    // Loaded at need, like the rest of the package.
    const { exposeProcess, seams } = require('../seams.js')
    if (name === 'spawn_sync') return seams.spawnSync
    exposeProcess()
    return seams.processWrap
  }
  Object.defineProperty(process, 'binding', { ...Object.getOwnPropertyDescriptor(process, 'binding'), value: binding })
}

exports.replaceBindings = replaceBindings
