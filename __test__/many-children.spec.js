'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { describe, it } = require('node:test')
const { once } = require('node:events')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { ours } = require('./helpers/parity')

const deadline = { timeout: 120_000 }

describe('where descriptors are short', deadline, () => {
  it('as many children run at once as with Node', () => {
    const fixture = require.resolve('./fixtures/few-descriptors.js')
    const run = module => {
      const args = ['-c', 'ulimit -n 150; exec "$@"', 'sh', process.execPath, fixture, module]
      return Number(execFileSync('sh', args))
    }
    const [here, there] = [run(require.resolve('..')), run('node:child_process')]
    assert.ok(here >= there - 1, `${here} of 200, with Node ${there}`)
  })

  it('no child runs whose start is reported as failed', t => {
    const fixture = require.resolve('./fixtures/worker-few-descriptors.js')
    const folder = mkdtempSync(path.join(tmpdir(), 'few-'))
    t.after(() => rmSync(folder, { recursive: true }))
    // Three times each: a child that is killed at once may not get as far as to be seen.
    for (let round = 0; round < 15; round++) {
      const [left, mark] = [String(round % 5), path.join(folder, String(round))]
      const args = ['-c', 'ulimit -n 80; exec "$@"', 'sh', process.execPath, fixture, require.resolve('..'), left, mark]
      const { said, ran } = JSON.parse(execFileSync('sh', args, { encoding: 'utf8' }))
      assert.deepEqual({ said, ran }, said === 'EMFILE' ? { said, ran: false } : { said: 0, ran: true }, `${left} left`)
    }
  })

  it('not every child gets a thread at the first shortage', () => {
    const fixture = require.resolve('./fixtures/shortage-threads.js')
    const args = ['-c', 'ulimit -n 250; exec "$@"', 'sh', process.execPath, fixture, require.resolve('..')]
    const { started, most } = JSON.parse(execFileSync('sh', args, { encoding: 'utf8' }))
    assert.ok(started > 150, `${started} with a pipe each, of 250 descriptors`)
    assert.ok(most <= 16, `${most} threads at once`)
  })
})

/** CPU time, in ms a child, from when `count` children have ended until the last 'exit'. */
async function exitCost(count) {
  const children = Array.from({ length: count }, () => ours.spawn('sleep', ['1000'], { stdio: 'ignore' }))
  const exits = children.map(child => once(child, 'exit'))
  for (const child of children) process.kill(child.pid, 'SIGKILL')
  for (const child of children) {
    while (!/\) Z /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1')));
  }
  const before = process.cpuUsage()
  await Promise.all(exits)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e3 / count
}

describe('children that end at once', deadline, () => {
  it('cost as much each, however many they are', async () => {
    await exitCost(600)
    // The least of three: what else runs on the machine only adds.
    const few = Math.min(await exitCost(500), await exitCost(500), await exitCost(500))
    const many = Math.min(await exitCost(2500), await exitCost(2500))
    assert.ok(many < 2.5 * few, `${many} ms each of 2,500, ${few} ms each of 500`)
  })

  it('let other work have its turn', async () => {
    const children = Array.from({ length: 500 }, () => ours.spawn('sleep', ['1000'], { stdio: 'ignore' }))
    let left = children.length
    let turns = 0
    const done = new Promise(resolve => {
      for (const child of children) child.on('exit', () => --left === 0 && resolve(undefined))
    })
    for (const child of children) process.kill(child.pid, 'SIGKILL')
    for (const child of children) while (!/\) Z /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1')));
    const count = () => {
      turns++
      if (left > 0) setImmediate(count)
    }
    setImmediate(count)
    await done
    assert.ok(turns > 4, `${turns} turns`)
  })
})
