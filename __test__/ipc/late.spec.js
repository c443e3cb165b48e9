'use strict'

const assert = require('node:assert/strict')
const { mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { after, describe, it } = require('node:test')
const { promisify } = require('node:util')
const execFile = promisify(require('node:child_process').execFile)
const { fixture } = require('./helpers')

const folder = mkdtempSync(path.join(tmpdir(), 'rs-child-process-'))
after(() => rmSync(folder, { recursive: true }))

/** The parent's output, and its child's, which ends when both have ended. */
async function run(...args) {
  try {
    return await execFile(process.execPath, [fixture('late-sender'), ...args], { timeout: 60_000 })
  } catch (error) {
    assert.equal(error.killed, false, 'it took too long')
    return error
  }
}

const all = { count: 300, inOrder: true }

describe('messages sent in the last tick arrive', { timeout: 120_000 }, () => {
  for (const way of ['exit', 'exit-in-microtask', 'worker-exit']) {
    it(`before ${way}`, async () => {
      assert.deepEqual(JSON.parse((await run(way)).stdout), all)
    })
  }

  for (const way of ['throw', 'worker-throw']) {
    it(`before ${way}`, async () => {
      const { stdout, stderr } = await run(way)
      assert.match(stderr, /deliberate/)
      assert.deepEqual(JSON.parse(stdout), all)
    })
  }

  for (const way of ['busy', 'worker-busy']) {
    it(`during a long computation: ${way}`, async () => {
      const { stdout } = await run(way, path.join(folder, way))
      // A Worker's own output comes when it can, so in no certain order.
      const lines = stdout.trim().split('\n').toSorted()
      assert.equal(lines[0], 'arrived meanwhile')
      assert.deepEqual(JSON.parse(lines[1]), all)
    })
  }
})
