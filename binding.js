'use strict'

// Loads the native addon. Written by hand, in place of the loader that napi can generate: that one is ten times as
// long, tries platforms and WebAssembly builds that do not exist, and may run `ldd` by Node's child_process.
//
// Each path is a literal inside a `try` block. Bundlers find files by reading the code, and only inside `try` do they accept
// that most of these files are not there.

/** @type {unknown[]} what each attempt threw */
const errors = []

// Which libc it is need not be found out: npm installs the addon for the right one, and the other does not load.
function loadForX64() {
  try {
    return require('./rs-child-process.linux-x64-gnu.node')
  } catch (error) {
    errors.push(error)
  }
  try {
    return require('@rs-child-process/binding-linux-x64-gnu')
  } catch (error) {
    errors.push(error)
  }
  try {
    return require('./rs-child-process.linux-x64-musl.node')
  } catch (error) {
    errors.push(error)
  }
  try {
    return require('@rs-child-process/binding-linux-x64-musl')
  } catch (error) {
    errors.push(error)
  }
}

function loadForArm64() {
  try {
    return require('./rs-child-process.linux-arm64-gnu.node')
  } catch (error) {
    errors.push(error)
  }
  try {
    return require('@rs-child-process/binding-linux-arm64-gnu')
  } catch (error) {
    errors.push(error)
  }
  try {
    return require('./rs-child-process.linux-arm64-musl.node')
  } catch (error) {
    errors.push(error)
  }
  try {
    return require('@rs-child-process/binding-linux-arm64-musl')
  } catch (error) {
    errors.push(error)
  }
}

/** @param {string} file */
function loadFile(file) {
  const addon = { exports: {} }
  try {
    // Not require(): bundlers would want to know which file it is.
    process.dlopen(addon, file)
    return addon.exports
  } catch (error) {
    errors.push(error)
  }
}

/** @returns {unknown} the addon, or undefined where there is none for this platform or it does not load */
function load() {
  const given = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  if (given) return loadFile(given)
  // The other platforms that npm/ has folders for have no addon that works, and nothing is published for them.
  if (process.platform !== 'linux') return undefined
  if (process.arch === 'x64') return loadForX64()
  if (process.arch === 'arm64') return loadForArm64()
}

const addon = load()
if (addon === undefined) throw require('./lib/load-error').addonNotLoaded(errors)

module.exports = addon
