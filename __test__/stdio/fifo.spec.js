'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { describe, it } = require('node:test')
const { ours } = require('../helpers/parity')
const { record } = require('../helpers/record')

const deadline = { timeout: 120_000 }
const root = require.resolve('../..')

/** What the child's 0-2 are. */
const kinds = `const { fstatSync } = require('node:fs')
  const kind = fd => (fstatSync(fd).isFIFO() ? 'fifo' : fstatSync(fd).isSocket() ? 'socket' : 'other')
  console.log(kind(0), kind(1), kind(2))`
const printKinds = [process.execPath, ['-e', kinds]]
const byName = 'cat /dev/stdin; echo out >/dev/stdout; echo err >/dev/stderr'

describe("'fifo' in stdio", deadline, () => {
  it('lets a child open its stdio by name', async () => {
    const child = ours.spawn('sh', ['-c', byName], { stdio: 'fifo' })
    child.stdin.end('in\n')
    const { stdout, stderr } = await record(child)
    assert.deepEqual([stdout, stderr], ['in\nout\n', 'err\n'])
  })

  it('does so in spawnSync()', () => {
    const { stdout, stderr } = ours.spawnSync('sh', ['-c', byName], { stdio: 'fifo', input: 'in\n', encoding: 'utf8' })
    assert.deepEqual([stdout, stderr], ['in\nout\n', 'err\n'])
  })

  it('means one descriptor only', async () => {
    const [file, args] = printKinds
    const child = ours.spawn(file, args, { stdio: ['pipe', 'fifo', 'overlapped'] })
    assert.equal((await record(child)).stdout, 'socket fifo socket\n')
    const { stdout } = ours.spawnSync(file, args, { stdio: ['fifo', 'pipe', 'pipe'], encoding: 'utf8' })
    assert.equal(stdout, 'fifo socket socket\n')
  })

  it('carries much, whole, both ways', async () => {
    const child = ours.spawn('cat', { stdio: 'fifo' })
    child.stdin.end('x'.repeat(3e6))
    const { stdout, events } = await record(child)
    assert.deepEqual([stdout.length, events.at(-1)], [3e6, ['close', 0, null]])
    assert.equal(ours.execFileSync('cat', { stdio: 'fifo', input: 'x'.repeat(3e6), maxBuffer: 4e6 }).length, 3e6)
  })

  it('is refused above 2, where nothing tells which way it goes', () => {
    for (const stdio of [['pipe', 'pipe', 'pipe', 'fifo'], 'fifos']) {
      assert.throws(() => ours.spawn('true', { stdio }), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' })
      assert.throws(() => ours.spawnSync('true', { stdio }), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' })
    }
  })
})

describe('RS_CHILD_PROCESS_STDIO=fifo', deadline, () => {
  it("makes every 'pipe' on 0-2 one", () => {
    const script = `const { execFile, spawn, spawnSync } = require(${JSON.stringify(root)})
      const [file, args] = ${JSON.stringify(printKinds)}
      spawn(file, args).stdout.on('data', data => console.log('spawn', String(data).trim()))
      execFile(file, args, (error, stdout) => console.log('execFile', stdout.trim()))
      console.log('spawnSync', spawnSync(file, args, { encoding: 'utf8' }).stdout.trim())
      spawn(file, args, { stdio: ['ignore', 'pipe', 'overlapped'] }).stdout.on('data', data => console.log('mixed', String(data).trim()))`
    const env = { ...process.env, RS_CHILD_PROCESS_STDIO: 'fifo' }
    const lines = String(execFileSync(process.execPath, ['-e', script], { env }))
      .trim()
      .split('\n')
    assert.deepEqual(lines.toSorted(), [
      'execFile fifo fifo fifo',
      'mixed other fifo socket',
      'spawn fifo fifo fifo',
      'spawnSync fifo fifo fifo'
    ])
  })
})
