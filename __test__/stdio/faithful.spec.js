'use strict'

// Programs that once behaved differently with this package, because their stdio was another kind of file.

const assert = require('node:assert/strict')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after, describe, it } = require('node:test')
const { implementations } = require('../helpers/parity')

const home = mkdtempSync(join(tmpdir(), 'rs-child-process-'))
writeFileSync(join(home, '.bashrc'), 'echo from bashrc')
after(() => rmSync(home, { recursive: true }))

/** @returns {Promise<[Error | null, string]>} */
const run = (execFile, ...args) =>
  new Promise(resolve => execFile(...args, (error, stdout) => resolve([error, stdout])))

for (const [name, { execFile, execFileSync, spawnSync }] of implementations) {
  describe(`with ${name}`, { timeout: 120_000 }, () => {
    it('a program that reads its stdin only if it is a FIFO does not wait for it', async () => {
      const args = ['-e', 'print((-p STDIN) ? <STDIN> : "searches the directory")']
      assert.deepEqual(await run(execFile, 'perl', args, { timeout: 60_000 }), [null, 'searches the directory'])
      assert.equal(String(execFileSync('perl', args)), 'searches the directory')
    })

    it('a program that writes 100 KB and exits at once loses nothing, although the parent is busy', async () => {
      const args = ['-e', "process.stdout.write('x'.repeat(100000)); process.exit()"]
      const result = run(execFile, process.execPath, args)
      // Longer than the child takes to write what its stdout holds.
      const { length } = execFileSync(process.execPath, args)
      assert.deepEqual([length, (await result)[1].length], [100_000, 100_000])
    })

    it('bash sources ~/.bashrc where SHLVL is not set', () => {
      const env = { HOME: home, PATH: process.env.PATH }
      assert.equal(String(execFileSync('bash', ['-c', 'true'], { env })), 'from bashrc\n')
    })

    it('a program may write to its stdin', () => {
      const { stdout, status } = spawnSync('sh', ['-c', 'cat; echo x >&0 && echo written'], { input: 'in\n' })
      assert.deepEqual([String(stdout), status], ['in\nwritten\n', 0])
    })
  })
}
