'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const { registerFile, runNode } = require('./run.js')

// A start in a child and in two Workers, with Node's own module: what an application would do.
const script = `
  const { Worker } = require('node:worker_threads')
  const { execFileSync } = require('child_process')
  process.stdout.write(execFileSync('echo', ['works'], { encoding: 'utf8' }))
  for (const name of ['first', 'second']) new Worker('require("child_process").execFileSync("true")', { eval: true })`

/** Ways to make the native part impossible to load. */
const faults = {
  '--no-addons': { args: ['--no-addons'], reason: /loading addons is disabled/ },
  'no binary for the platform': { args: [], env: { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/at-all.node' }, reason: /./ }
}

for (const [name, { args, env, reason }] of Object.entries(faults)) {
  test(`${name}: Node's module stays in place, and one line says so`, async () => {
    const { code, stdout, stderr } = await runNode([...args, '--require', registerFile, '-e', script], env)
    assert.deepStrictEqual([code, stdout], [0, 'works\n'])
    const warnings = stderr.split('\n').filter(line => line.includes('RsChildProcessWarning'))
    assert.strictEqual(warnings.length, 1, stderr)
    assert.match(warnings[0], /RS_CHILD_PROCESS_NOT_REGISTERED.*Node's own child_process stays in place: /)
    assert.match(warnings[0], reason)
  })
}

test('register() tells whether the package is in place', async () => {
  const ask = `console.log(require('rs-child-process/register').register())`
  assert.strictEqual((await runNode(['-e', ask])).stdout, 'true\n')
  assert.strictEqual((await runNode(['--no-addons', '-e', ask])).stdout, 'false\n')
})
