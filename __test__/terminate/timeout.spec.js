'use strict'

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')
const { implementations, ours } = require('../helpers/parity')
const { record } = require('../helpers/record')

const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length

for (const [name, { exec, execFile, spawn }] of implementations) {
  describe(`the timeout of ${name}`, { timeout: 120_000 }, () => {
    it('kills, without an error', async () => {
      const { events } = await record(spawn('sleep', ['60'], { timeout: 50 }))
      assert.deepEqual(events, [['spawn'], ['exit', null, 'SIGTERM'], ['close', null, 'SIGTERM']])
    })

    it('uses killSignal', async () => {
      assert.equal((await record(spawn('sleep', ['60'], { timeout: 50, killSignal: 9 }))).signalCode, 'SIGKILL')
    })

    it('is no limit if 0', async () => {
      assert.equal((await record(spawn('true', { timeout: 0 }))).exitCode, 0)
    })

    it('leaves no timer behind', async () => {
      const before = timers()
      const child = spawn('true', { timeout: 60_000 })
      assert.equal(timers(), before + 1)
      await record(child)
      assert.equal(timers(), before)
      await new Promise(resolve => execFile('true', { timeout: 60_000 }, resolve))
      assert.equal(timers(), before)
    })

    it('is told by the error of exec', async () => {
      const error = await new Promise(resolve => exec('echo x; exec sleep 60', { timeout: 200 }, resolve))
      const { killed, signal, code, cmd } = error
      assert.deepEqual(
        { killed, signal, code, cmd },
        { killed: true, signal: 'SIGTERM', code: null, cmd: 'echo x; exec sleep 60' }
      )
    })
  })
}

describe('the timeout of a child that cannot be started', () => {
  it('needs no timer', async () => {
    const before = timers()
    const child = ours.spawn('/nonexistent', { timeout: 60_000 })
    assert.equal(timers(), before)
    await record(child)
  })
})
