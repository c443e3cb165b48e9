'use strict'

const assert = require('node:assert')
const { mkdtempSync, readdirSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const { pathToFileURL } = require('node:url')
const { registerFile, runNode } = require('./run.js')

const directory = join(__dirname, 'packages')
const watcher = pathToFileURL(join(__dirname, 'ours.mjs')).href

for (const file of readdirSync(directory)) {
  test(`${file.replace(/\..*/, '')} does its work with children of this package only`, async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'register-'))
    try {
      const args = ['--require', registerFile, '--import', watcher, join(directory, file)]
      const { code, stdout, stderr } = await runNode(args, { NO_COLOR: '1' }, cwd)
      assert.deepStrictEqual([code, stdout], [0, 'done\n'], stderr)
      const made = JSON.parse(stderr.match(/^children: (.*)$/m)[1])
      assert.strictEqual(made.elsewhere, 0)
      assert.ok(made.here > 0, 'it started children')
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  })
}
