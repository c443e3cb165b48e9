'use strict'

const { existsSync, mkdtempSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after } = require('node:test')
const { setImmediate } = require('node:timers/promises')

/**
 * A file by which a child shows how far it has got: what it wrote before it made the file has been read by the parent
 * when `seen()` resolves, unless somebody keeps it from reading.
 *
 * @returns {{ env: NodeJS.ProcessEnv, seen: () => Promise<void> }} the file's path is `$MARKER` of the child
 */
function marker() {
  const folder = mkdtempSync(join(tmpdir(), 'rs-child-process-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'marker')
  return {
    env: { ...process.env, MARKER: file },
    async seen() {
      while (!existsSync(file)) await setImmediate()
      // The output was there when the file was; the loop has polled for it after the second turn at the latest.
      for (let turn = 0; turn < 3; turn++) await setImmediate()
    }
  }
}

module.exports = { marker }
