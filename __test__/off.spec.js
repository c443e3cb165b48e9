'use strict'

// RS_CHILD_PROCESS=off, for the night when something is wrong: what asks for this package gets Node's own module.

const assert = require('node:assert/strict')
const { it } = require('node:test')
const { registerFile, root, runNode } = require('./register/run.js')

const script = `
  const node = process.getBuiltinModule?.('child_process') ?? require('child_process')
  const ours = require(${JSON.stringify(root)})
  const { register } = require(${JSON.stringify(registerFile)})
  console.log(require('node:child_process') === node, ours === node, register({ deep: true }), process.env.NODE_OPTIONS)`

/** The addon is not looked for: it may be what is wrong. */
const off = { RS_CHILD_PROCESS: 'off', NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere' }

for (const args of [[], ['--require', registerFile], ['--import', registerFile]]) {
  it(`gives Node's own module and registers nothing, with ${args[0] ?? 'no flag'}`, async () => {
    const { stdout, stderr } = await runNode([...args, '-e', script], off)
    assert.deepEqual([stdout, stderr], ['true true false undefined\n', ''])
  })
}

it('is in place by default, and with any other value', async () => {
  for (const env of [{}, { RS_CHILD_PROCESS: 'on' }, { RS_CHILD_PROCESS: '' }]) {
    const { stdout } = await runNode(['-p', `require(${JSON.stringify(root)}) === require('child_process')`], env)
    assert.equal(stdout, 'false\n')
  }
})
