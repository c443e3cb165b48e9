'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { readFileSync } = require('node:fs')
const path = require('node:path')
const { describe, it } = require('node:test')
const { promisify } = require('node:util')
const execFile = promisify(require('node:child_process').execFile)
const { ours } = require('../helpers/parity')
const { closed } = require('../helpers/record')
const { fixture } = require('./helpers')

const modules = ['node:child_process', path.join(__dirname, '../..')]

/** What docs/ipc-protocol.md promises for the tick in which a process ends. */
const PROMISED = 16

describe('messages of a process that ends without running any more code', { timeout: 120_000 }, () => {
  for (const way of ['SIGKILL', 'SIGTERM', 'abort', 'execve']) {
    const skip = way === 'execve' && !('execve' in process) && 'this version of Node has no process.execve()'
    it(`arrive, as with Node: ${way}`, { skip }, async () => {
      for (const cp of modules) {
        const script = 'ulimit -c 0; exec "$@"'
        const args = [process.execPath, fixture('abrupt-sender'), cp, way, String(PROMISED)]
        // It ends by a signal, which is an error to execFile().
        const { stdout } = await execFile('sh', ['-c', script, 'sh', ...args], { timeout: 60_000 }).catch(
          error => error
        )
        assert.deepEqual(JSON.parse(stdout), { count: PROMISED, inOrder: true }, cp)
      }
    })
  }
})

describe('a child that sends and exits', { timeout: 120_000 }, () => {
  for (const serialization of /** @type {const} */ (['json', 'advanced'])) {
    it(`loses nothing that its end of the channel holds: ${serialization}`, async () => {
      for (const size of [100, 220, 300, 400]) {
        const script = `process.send('x'.repeat(${size} * 1024)); process.exit(0)`
        const child = ours.fork('-', [], { execArgv: ['-e', script], serialization })
        // Nobody reads before the child has ended.
        const deadline = Date.now() + 60_000
        while (!hasEnded(child.pid)) assert.ok(Date.now() < deadline, 'the child does not end')
        const end = closed(child)
        const [message] = await once(child, 'message')
        assert.equal(message.length, size * 1024)
        await end
      }
    })
  }
})

/** Whether a process waits to be reaped. */
const hasEnded = pid => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/s, ''))

describe('a signal', { timeout: 120_000 }, () => {
  it('comes behind the messages that were sent before it', async () => {
    const script = `
      let count = 0
      process.on('message', message => message === 'next' ? process.send('ready') : count++)
      process.on('SIGUSR2', () => { process.send(count); count = 0 })`
    const child = ours.fork('-', [], { execArgv: ['-e', script] })
    for (let round = 0; round < 20; round++) {
      child.send('next')
      assert.deepEqual(await once(child, 'message'), ['ready', undefined])
      for (let i = 0; i < 100; i++) child.send({ i })
      child.kill('SIGUSR2')
      assert.deepEqual(await once(child, 'message'), [100, undefined], `round ${round}`)
    }
    child.disconnect()
    await closed(child)
  })
})
