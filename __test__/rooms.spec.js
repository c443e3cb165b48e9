'use strict'

// The rooms of ARCHITECTURE.md: which of them may name what. Each rule is shown to see what it is there for.
const assert = require('node:assert/strict')
const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { describe, it } = require('node:test')
const { files: published } = require('../package.json')
const { jsFaults, rustFaults } = require('./helpers/rooms')

const root = join(__dirname, '..')

/** @returns {string[]} the files below a path that end so, or the path itself if it is one */
function filesBelow(path, ending) {
  if (ending.test(path)) return [path]
  if (/\.\w+$/.test(path)) return []
  return readdirSync(join(root, path)).flatMap(name => filesBelow(`${path}/${name}`, ending))
}

const faultsIn = (files, faults) => files.flatMap(file => faults(file, readFileSync(join(root, file), 'utf8')))

describe('src', () => {
  it('names in each room only what is below it', () => {
    const files = filesBelow('src', /\.rs$/)
    for (const room of ['binding', 'node', 'sys', 'process']) {
      assert.ok(
        files.some(file => file.startsWith(`src/${room}/`)),
        `src/${room} is not there`
      )
    }
    assert.deepEqual(faultsIn(files, rustFaults), [])
  })

  const refused = {
    'napi in the core': ['src/ipc/outbox.rs', 'use napi::Env;'],
    'napi in sys': ['src/sys/unix/fd.rs', '#[napi_derive::napi] fn f() {}'],
    'unsafe in the core': ['src/process/child.rs', 'fn f() { unsafe { g() } }'],
    'unsafe in binding': ['src/binding/scope.rs', '#![allow(unsafe_code)]'],
    'a choice of the system outside sys': ['src/stdio/pipes.rs', '#[cfg(target_os = "linux")] mod a;'],
    'the same, written otherwise': ['src/lib.rs', '#[cfg(not(windows))] mod a;'],
    'the folder of one system': ['src/process/spawn.rs', 'use crate::sys::linux::spawner;'],
    'the core naming node': ['src/capture/gathered.rs', 'use crate::{ipc, node::{uv, api}};'],
    'the core naming binding': ['src/runtime.rs', 'use crate::binding::scope;'],
    'sys naming the core': ['src/sys/unix/slab.rs', 'use crate::{sys::{fd, ipc}, ipc::Inbox};'],
    'node naming the core': ['src/node/uv.rs', 'use crate::process;']
  }
  for (const [name, [file, text]] of Object.entries(refused)) {
    it(`may not have ${name}`, () => assert.equal(rustFaults(file, text).length, 1))
  }

  const allowed = {
    'words in comments and strings': [
      'src/ipc/text.rs',
      '//! unsafe, napi\nlet a = "unsafe \\" napi"; let b = \'"\'; // napi'
    ],
    'unsafe in sys and node': ['src/node/uv.rs', 'unsafe { f() }'],
    'the core naming the core and sys': ['src/process/spawn.rs', 'use crate::{sys::{node, fd}, stdio::pipes, runtime};']
  }
  for (const [name, [file, text]] of Object.entries(allowed)) {
    it(`may have ${name}`, () => assert.deepEqual(rustFaults(file, text), []))
  }
})

describe('the JS of the package', () => {
  it("asks nowhere for Node's own child_process", () => {
    const files = published.flatMap(path => filesBelow(path, /\.m?js$/))
    assert.ok(files.some(file => file.startsWith('lib/ipc/')))
    const faults = faultsIn(files, jsFaults)
    // But where the user has switched this package off.
    const off = "if (process.env.RS_CHILD_PROCESS === 'off') {"
    const line = readFileSync(join(root, 'index.js'), 'utf8').split('\n').indexOf(off) + 4
    assert.deepEqual(faults, [`index.js:${line} asks for node:child_process; nothing is passed on to Node's own`])
  })

  const refused = {
    'require()': "require('child_process')",
    'a scheme': "require('node:child_process').spawn()",
    'an alias': 'const load = require; load(`child_process`)',
    'import()': "import('node:child_process')",
    'getBuiltinModule()': "process.getBuiltinModule('child_process')",
    'createRequire()': "createRequire(__filename)('child_process')",
    'process.binding()': "process.binding('uv')",
    'a kept process.binding()': "original('spawn_sync')",
    internals: "require('internal/child_process')"
  }
  for (const [name, text] of Object.entries(refused)) {
    it(`may not ask by ${name}`, () => assert.equal(jsFaults('lib/a.js', text).length, 1))
  }
  it('may not ask by a declaration', () => {
    const text = "import { spawn } from 'child_process'\nexport * from 'node:child_process'"
    assert.equal(jsFaults('lib/a.mjs', text).length, 2)
  })
  it('may name it', () => {
    const text =
      "debuglog('child_process'); url === 'node:child_process'; new Set(['child_process']); './child-process'"
    assert.deepEqual(jsFaults('lib/a.js', text), [])
  })
})
