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

const root = require.resolve('../..')
const skip = process.getuid?.() !== 0 && 'needs root, to become a user of whom nothing else runs'

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

    it('a program writes as much at once although its user has used up his pipes', { skip }, () => {
      // A user with a thousand pipes gets them with two pages from then on.
      const holder = 'pipe($read[$_], $write[$_]) for 1..1100; $| = 1; print "held\\n"; <STDIN>'
      const writer =
        'use Fcntl; fcntl(STDOUT, F_SETFL, O_NONBLOCK); my $written = syswrite(STDOUT, "x" x 60000); print STDERR $written'
      const script = `const { spawn, spawnSync } = require(${JSON.stringify(name === 'rs-child-process' ? root : name)})
        process.setgid(65534)
        process.setuid(65534)
        const holder = spawn('sh', ['-c', 'ulimit -n 4096 && exec perl -e "$0"', ${JSON.stringify(holder)}], { cwd: '/' })
        holder.stderr.pipe(process.stderr)
        holder.stdout.once('data', () => {
          console.log(spawnSync('perl', ['-e', ${JSON.stringify(writer)}], { cwd: '/', encoding: 'utf8' }).stderr)
          holder.stdin.end('over')
        })`
      assert.equal(String(execFileSync(process.execPath, ['-e', script])), '60000\n')
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
