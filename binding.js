'use strict'

// Loads the native addon. Written by hand, in place of the loader that napi can generate: that one is ten times as
// long, tries platforms and WebAssembly builds that do not exist, and may run `ldd` by Node's child_process.

const { addonNotLoaded } = require('./lib/load-error')

/**
 * Where the addon of each platform may be: built here, or installed by npm. The paths are literal because bundlers and
 * tracers find files by reading the code.
 */
const addons = {
  'linux-x64-gnu': [
    () => require('./rs-child-process.linux-x64-gnu.node'),
    () => require('@rs-child-process/binding-linux-x64-gnu')
  ],
  'linux-x64-musl': [
    () => require('./rs-child-process.linux-x64-musl.node'),
    () => require('@rs-child-process/binding-linux-x64-musl')
  ],
  'linux-arm64-gnu': [
    () => require('./rs-child-process.linux-arm64-gnu.node'),
    () => require('@rs-child-process/binding-linux-arm64-gnu')
  ],
  'linux-arm64-musl': [
    () => require('./rs-child-process.linux-arm64-musl.node'),
    () => require('@rs-child-process/binding-linux-arm64-musl')
  ],
  'darwin-x64': [
    () => require('./rs-child-process.darwin-x64.node'),
    () => require('@rs-child-process/binding-darwin-x64')
  ],
  'darwin-arm64': [
    () => require('./rs-child-process.darwin-arm64.node'),
    () => require('@rs-child-process/binding-darwin-arm64')
  ],
  'win32-x64-msvc': [
    () => require('./rs-child-process.win32-x64-msvc.node'),
    () => require('@rs-child-process/binding-win32-x64-msvc')
  ],
  'win32-arm64-msvc': [
    () => require('./rs-child-process.win32-arm64-msvc.node'),
    () => require('@rs-child-process/binding-win32-arm64-msvc')
  ]
}

// Which libc it is need not be found out: npm installs the addon for the right one, and the other does not load.
const platform = `${process.platform}-${process.arch}`
const candidates = Object.entries(addons).flatMap(([name, loaders]) => (name.startsWith(platform) ? loaders : []))

function load() {
  const given = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  const errors = []
  for (const loadAddon of given ? [() => require(given)] : candidates) {
    try {
      return loadAddon()
    } catch (error) {
      errors.push(error)
    }
  }
  throw addonNotLoaded(errors)
}

module.exports = load()
