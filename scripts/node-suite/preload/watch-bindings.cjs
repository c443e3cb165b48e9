'use strict'

const { nearestCaller } = require('./caller.cjs')

let watching = false

/**
 * Notes when the package reaches for Node's internal bindings: any process.binding() call, and any call that ends in
 * the bindings which start processes, such as cluster.fork() would be.
 *
 * Done at the first request for child_process only, so that a test without one runs as if there were no preload.
 *
 * @param {unknown} binding process.binding() as Node has it
 * @param {(file: string) => boolean} isPackage
 * @param {(kind: string, how: string, from: string) => void} note
 */
function watchBindings(binding, isPackage, note) {
  if (watching) return
  watching = true
  // There process.binding() itself warns, once, and a test may wait for that warning.
  const flags = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')]
  if (process.env.NODE_PENDING_DEPRECATION === '1' || flags.includes('--pending-deprecation')) return
  if (typeof binding !== 'function') return

  const noteCall = how => {
    const caller = nearestCaller()
    if (isPackage(caller)) note('delegated', how, caller)
  }
  const get = name => {
    try {
      return Reflect.apply(binding, process, [name])
    } catch {
      return undefined // the permission model forbids it, to the package as well
    }
  }
  wrap(get('process_wrap')?.Process?.prototype, 'spawn', () => noteCall('process_wrap'))
  wrap(get('spawn_sync'), 'spawn', () => noteCall('spawn_sync'))
  wrap(process, 'binding', name => noteCall(`process.binding('${String(name)}')`))
}

/** Puts a function in front of a method, if it can be done without a trace. */
function wrap(holder, name, before) {
  const descriptor = holder && Object.getOwnPropertyDescriptor(holder, name)
  const method = descriptor?.value ?? descriptor?.get?.call(holder)
  if (typeof method !== 'function' || !descriptor.configurable) return
  const wrapped = {
    [name](...args) {
      before(...args)
      return Reflect.apply(method, this, args)
    }
  }[name]
  Object.defineProperty(holder, name, {
    value: wrapped,
    configurable: true,
    enumerable: descriptor.enumerable,
    writable: true
  })
}

exports.watchBindings = watchBindings
