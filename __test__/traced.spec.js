'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { once } = require('node:events')
const { performance } = require('node:perf_hooks')
const { describe, it } = require('node:test')
const { implementations } = require('./helpers/parity')
const { record } = require('./helpers/record')

// ptrace(2) has no program that every machine has, but Perl can call it by its number.
const PTRACE = { x64: 101, arm64: 117 }[process.arch]
const skip = PTRACE === undefined || spawnSync('perl', ['-e', '1']).status !== 0

// Kills a process as its debugger, and so holds it: its parent cannot reap it. TERM tells that this was not allowed.
const HOLD = `
  sub hold {
    my $pid = shift;
    if (syscall(${PTRACE}, 0x4206, $pid, 0, 0) == -1) { kill "TERM", $pid; exit }
    kill "KILL", $pid;
    do { open my $stat, "<", "/proc/$pid/stat" or die; $_ = <$stat> } until /\\) Z/
  }`

for (const [name, cp] of implementations) {
  describe(`a dead child that a debugger holds, of ${name}`, { skip, timeout: 120_000 }, () => {
    it('leaves the loop in peace, and ends when it is let go', async t => {
      const child = cp.spawn('sleep', ['60'], { stdio: 'ignore' })
      const exit = once(child, 'exit')
      const debugging = `${HOLD} $| = 1; hold(${child.pid}); print "held"; <STDIN>`
      const debugger_ = cp.spawn('perl', ['-e', debugging], { stdio: ['pipe', 'pipe', 'inherit'] })
      const held = once(debugger_.stdout, 'data').then(() => 'held')
      const first = await Promise.race([held, exit])
      if (first !== 'held') return t.skip(`no ptrace here: ${first}`)

      const turns = () => performance.nodeTiming.uvMetricsInfo?.loopCount ?? 0
      const [before, start] = [turns(), performance.now()]
      const { signalCode } = await record(cp.spawn('sleep', ['0.3']))
      const [count, time] = [turns() - before, performance.now() - start]
      assert.deepEqual([signalCode, child.exitCode, child.signalCode], [null, null, null])
      assert.ok(count < time, `${count} turns in ${time} ms`)

      assert.equal(child._handle.hasRef(), true)
      child.unref()
      assert.equal(child._handle.hasRef(), false)
      child.ref()
      debugger_.stdin.end()
      assert.deepEqual(await exit, [null, 'SIGKILL'])
    })

    it('lets the loop end when it is not to keep it alive', () => {
      const script = `
        const { spawn } = require(${JSON.stringify(name === 'rs-child-process' ? require.resolve('..') : name)})
        const child = spawn('sleep', ['60'], { stdio: 'ignore' })
        const debugging = ${JSON.stringify(HOLD)} + '$| = 1; hold(' + child.pid + '); print "held"; <STDIN>'
        const debugger_ = spawn('perl', ['-e', debugging], { stdio: ['pipe', 'pipe', 'inherit'] })
        debugger_.stdout.once('data', () => setImmediate(() => setImmediate(() => {
          for (const each of [child, debugger_, debugger_.stdin, debugger_.stdout]) each.unref()
        })))`
      const { status, signal } = spawnSync(process.execPath, ['-e', script], { timeout: 60_000 })
      assert.deepEqual([status, signal], [0, null])
    })

    it('leaves spawnSync in peace, which returns when it is let go', t => {
      const debugged = `${HOLD}
        my $pid = $$;
        if (fork) { sleep 60 } else { hold($pid); select undef, undef, undef, 0.3 }`
      const [before, start] = [process.cpuUsage(), performance.now()]
      const { signal } = cp.spawnSync('perl', ['-e', debugged], { stdio: 'ignore' })
      const [{ user, system }, time] = [process.cpuUsage(before), performance.now() - start]
      if (signal === 'SIGTERM') return t.skip('no ptrace here')
      assert.equal(signal, 'SIGKILL')
      assert.ok((user + system) / 1000 < time / 2, `${(user + system) / 1000} of ${time} ms`)
    })
  })
}
