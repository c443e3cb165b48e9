'use strict'

// Tools that trace, mock and measure see this package under `register` as they see Node's module without it: the same
// program prints the same, whichever of the two preloads comes first.

const assert = require('node:assert')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const { registerFile, root, runNode } = require('./run.js')

const tools = join(__dirname, 'tools')
const file = name => join(tools, name)
const ours = ['--require', registerFile]
const bin = path => join(root, 'node_modules', path)

/** How each is preloaded, what is run, and what a full success looks like. */
const programs = {
  'import-in-the-middle': {
    preload: ['--import', file('iitm-preload.mjs')],
    run: [file('iitm.mjs')],
    expected: /^child_process,.*spawn/
  },
  'require-in-the-middle': {
    preload: ['--require', file('ritm-preload.cjs')],
    run: [file('ritm.cjs')],
    expected: /spawn,.*spawn/
  },
  'OpenTelemetry instrumentation': {
    preload: ['--import', file('opentelemetry-preload.mjs')],
    run: [file('opentelemetry.mjs')],
    expected: /^spawn echo,spawn true\n$/
  },
  'dd-trace with its ESM hooks': {
    preload: ['--import', 'dd-trace/register.js', '--require', file('dd-trace-preload.cjs')],
    run: [file('dd-trace.mjs')],
    expected: /^echo x echo y\n$/
  },
  'dd-trace without them': {
    preload: ['--require', file('dd-trace-preload.cjs')],
    run: [file('dd-trace.mjs')],
    expected: /^\n$/
  },
  sinon: { preload: [], run: [file('sinon.mjs')], expected: /^stubbed stubbed 2 restored\n$/ },
  proxyquire: { preload: [], run: [file('proxyquire.cjs')], expected: /^stubbed shell real\n$/ },
  'process.binding()': {
    preload: ['--no-deprecation'],
    run: [file('spawn-sync-binding.cjs')],
    expected: /^sh,async by the wrapper 3 3 true true\n$/
  }
}

for (const [name, { preload, run, expected }] of Object.entries(programs)) {
  test(`${name} sees the same as with Node's module`, async () => {
    const stock = await runNode([...preload, ...run])
    assert.strictEqual(stock.code, 0, stock.stderr)
    assert.match(stock.stdout, expected)
    for (const args of [
      [...ours, ...preload, ...run],
      [...preload, ...ours, ...run]
    ]) {
      const { code, stdout } = await runNode(args)
      assert.deepStrictEqual([code, stdout], [0, stock.stdout], args.join(' '))
    }
  })
}

test('jest mocks and spies', async () => {
  const args = [bin('jest/bin/jest.js'), '--config', file('jest/jest.config.json'), '--no-cache', '--runInBand']
  for (const preload of [[], ours]) {
    const { code, stderr } = await runNode([...preload, ...args])
    assert.strictEqual(code, 0, stderr)
    assert.match(stderr, /Tests: +2 passed, 2 total/)
  }
})

test('vitest mocks', async () => {
  const args = [bin('vitest/vitest.mjs'), 'run', '--root', file('vitest'), '--pool=forks']
  for (const env of [{}, { NODE_OPTIONS: `--require=${registerFile}` }]) {
    const { code, stdout, stderr } = await runNode(args, { ...env, NO_COLOR: '1' })
    assert.strictEqual(code, 0, stdout + stderr)
    assert.match(stdout, /Tests +2 passed/)
  }
})

test('nyc reports the same coverage, children that were waited for included', async () => {
  const reports = []
  for (const preload of [[], ours]) {
    const folder = mkdtempSync(join(tmpdir(), 'nyc-'))
    try {
      const args = [bin('nyc/bin/nyc.js'), '--temp-dir', folder, '--reporter=text', '--cwd', file('nyc')]
      const { code, stdout, stderr } = await runNode([...args, process.execPath, ...preload, file('nyc/parent.js')])
      assert.strictEqual(code, 0, stderr)
      reports.push(stdout)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  // Three of the four ways through the child, of which two were taken by sync children.
  assert.match(reports[0], /child\.js +\| +87\.5 .*\| 9 /)
  assert.strictEqual(reports[1], reports[0])
})
