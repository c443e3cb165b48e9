'use strict'

const assert = require('node:assert/strict')
const Module = require('node:module')
const { execFileSync } = require('node:child_process')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')

const skip =
  typeof Module.registerHooks !== 'function' && 'only module.registerHooks() sees what Node resolves for names'

// Node reads a CommonJS file for names before it runs it, and follows what the file seems to export again.
test("to import the package does not ask for Node's own module", { skip }, () => {
  const script = `import { registerHooks } from 'node:module'
    const asked = []
    registerHooks({
      resolve(specifier, context, next) {
        if (/child_process$/.test(specifier)) asked.push(specifier)
        return next(specifier, context)
      }
    })
    const { spawn } = await import(${JSON.stringify(pathToFileURL(require.resolve('..')).href)})
    console.log(typeof spawn, ...asked.filter(specifier => !specifier.startsWith('file:') && !specifier.startsWith('.')))`
  assert.equal(String(execFileSync(process.execPath, ['--input-type=module', '-e', script])), 'function\n')
})
