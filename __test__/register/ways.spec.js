'use strict'

const assert = require('node:assert')
const { pathToFileURL } = require('node:url')
const { join } = require('node:path')
const { test } = require('node:test')
const { registerFile, runNode } = require('./run.js')

const fixtures = join(__dirname, 'fixtures')
const url = pathToFileURL(registerFile).href

const starts = {
  '--require of the package name': { args: ['--require', 'rs-child-process/register'] },
  '--import of the package name': { args: ['--import', 'rs-child-process/register'] },
  '--require of a path': { args: ['--require', registerFile] },
  'NODE_OPTIONS with --require': { args: [], env: { NODE_OPTIONS: `--require=${registerFile}` } },
  'NODE_OPTIONS with --import': { args: [], env: { NODE_OPTIONS: `--import=${url}` } },
  'both flags': { args: ['--require', registerFile, '--import', url] }
}

for (const [name, { args, env }] of Object.entries(starts)) {
  for (const fixture of ['ways.cjs', 'ways.mjs']) {
    test(`${name}: every way of ${fixture} leads to this package`, async () => {
      const { code, stdout, stderr } = await runNode([...args, join(fixtures, fixture)], env)
      assert.strictEqual(stderr, '')
      assert.strictEqual(code, 0)
      const ways = JSON.parse(stdout)
      assert.ok(Object.keys(ways).length >= 8)
      assert.deepStrictEqual(
        Object.keys(ways).filter(way => !ways[way]),
        []
      )
    })
  }
}

test('without the flag the same fixture sees the built-in module', async () => {
  const { stdout } = await runNode([join(fixtures, 'ways.mjs')])
  const ways = JSON.parse(stdout)
  assert.deepStrictEqual(
    Object.keys(ways).filter(way => ways[way]),
    []
  )
})

test('-e and -p get this package, also by the global name', async () => {
  const script = `const ours = require('rs-child-process'); [child_process === ours, require('child_process') === ours].join()`
  const { stdout, stderr } = await runNode(['--require', registerFile, '-p', script])
  assert.deepStrictEqual([stdout, stderr], ['true,true\n', ''])
})

test('the cluster module keeps its own, and works', async () => {
  const { stdout, stderr } = await runNode(['--require', registerFile, join(fixtures, 'cluster.cjs')])
  assert.deepStrictEqual([stdout, stderr], ['from a cluster worker\n', ''])
})

for (const [name, args] of Object.entries({
  '--experimental-loader': ['--no-warnings', '--experimental-loader', join(fixtures, 'loader.mjs')],
  'module.register()': ['--no-warnings', '--import', join(fixtures, 'register-loader.mjs')]
})) {
  // Node runs preloads in the thread of the loader, too; in Node 22 hooks there kept it from resolving anything.
  test(`a loader of the application's own goes on working: ${name}`, async () => {
    const { stdout, stderr } = await runNode([...args, join(fixtures, 'loaded.mjs')], {
      NODE_OPTIONS: `--require=${registerFile}`
    })
    assert.deepStrictEqual([stdout, stderr], ['made by the loader, true\n', ''])
  })
}
