'use strict'

// Preloaded into every test: child_process becomes the package under test, and the package is watched.

const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { replaceChildProcess } = require('../../../lib/register/replace.js')
const { openReport } = require('./report.cjs')
const { watch } = require('./watch.cjs')

let installed = false

/**
 * @param {object} config
 * @param {string} config.directory of the package
 * @param {string} config.main the file that a require of the package loads
 * @param {string} config.report file that gets a line for each thing seen
 * @param {boolean} config.deep leave NODE_OPTIONS as it is, so that children are preloaded too
 * @param {string} config.nodeOptions NODE_OPTIONS as the test should see it
 */
module.exports = function install(config) {
  if (installed) return // Node asks for preloads again where --require is given twice
  installed = true
  if (!config.deep) {
    if (config.nodeOptions) process.env.NODE_OPTIONS = config.nodeOptions
    else delete process.env.NODE_OPTIONS
  }
  const originals = { load: Module._load, getBuiltinModule: process.getBuiltinModule, binding: process.binding }
  const loaderThread = mayImport(process.argv[1])
  replaceChildProcess(config.main, { loaderThread })
  // After, so that its hooks are asked first.
  watch(config, originals, loaderThread, openReport(config.report))
  // Some tests look at RegExp.$1 and its like before any expression of theirs has matched.
  ;/^/.test('')
}

/**
 * Whether the program needs hooks for `import`. On Node 20 they bring a thread, which shows in the tests of async_hooks,
 * of profiles and of trace events.
 * @param {string | undefined} script
 */
function mayImport(script) {
  if (process.execArgv.some(flag => /^--(?:import|input-type|loader|experimental-loader)\b/.test(flag))) return true
  // Undocumented, like `_load`: the argument of -e and -p. A REPL, or a script on stdin, has neither that nor a file.
  const text = process._eval ?? read(script)
  return Boolean(script?.endsWith('.mjs')) || /\bimport\b/.test(text)
}

/** @param {string | undefined} script */
function read(script) {
  try {
    return readFileSync(script, 'utf8')
  } catch {
    return ''
  }
}
