'use strict'

const assert = require('node:assert/strict')
const { getEventListeners, once } = require('node:events')
const { describe, it } = require('node:test')
const { implementations, ours } = require('../helpers/parity')
const { record } = require('../helpers/record')

for (const [name, { execFile, spawn }] of implementations) {
  describe(`an AbortSignal given to ${name}`, { timeout: 120_000 }, () => {
    it('kills the child and is reported with its reason', async () => {
      const controller = new AbortController()
      const child = spawn('sleep', ['60'], { signal: controller.signal })
      const errors = []
      child.on('error', error => errors.push(error))
      const reason = new Error('enough')
      controller.abort(reason)
      assert.equal(child.killed, true)
      const [code, signal] = await once(child, 'exit')
      assert.deepEqual([code, signal], [null, 'SIGTERM'])
      const [error] = errors
      assert.equal(errors.length, 1)
      assert.deepEqual(
        [error.name, error.code, error.message, error.cause, Object.keys(error), error.constructor.name],
        ['AbortError', 'ABORT_ERR', 'The operation was aborted', reason, ['code', 'name'], 'AbortError']
      )
    })

    it('uses killSignal', async () => {
      const controller = new AbortController()
      const child = spawn('sleep', ['60'], { signal: controller.signal, killSignal: 'SIGKILL' })
      const recording = record(child)
      controller.abort()
      assert.equal((await recording).signalCode, 'SIGKILL')
    })

    it('has one listener while the child runs, and none in the listeners of exit', async () => {
      const { signal } = new AbortController()
      const child = spawn('cat', { signal })
      assert.equal(getEventListeners(signal, 'abort').length, 1)
      let atExit
      child.on('exit', () => (atExit = getEventListeners(signal, 'abort').length))
      child.stdin.end()
      await record(child)
      assert.equal(atExit, 0)
    })

    it('that has aborted before lets the child start, and kills it on the next tick', async () => {
      const child = spawn('sleep', ['60'], { signal: AbortSignal.abort() })
      assert.equal(typeof child.pid, 'number')
      const { events, signalCode } = await record(child)
      assert.deepEqual(
        events.map(([event]) => event),
        ['spawn', 'error', 'exit', 'close']
      )
      assert.equal(signalCode, 'SIGTERM')
    })

    it('does nothing after the exit', async () => {
      const controller = new AbortController()
      const child = spawn('true', { signal: controller.signal })
      await record(child)
      controller.abort()
      assert.equal(child.killed, false)
    })

    it('may be any object with `aborted` that can be listened to', async () => {
      const signal = Object.assign(new EventTarget(), { aborted: false })
      const child = spawn('sleep', ['60'], { signal })
      const recording = record(child)
      signal.dispatchEvent(new Event('abort'))
      assert.equal((await recording).signalCode, 'SIGTERM')
    })

    it('gets the AbortError to the callback of execFile, where it has no listener', async () => {
      const controller = new AbortController()
      const error = await new Promise(resolve => {
        execFile('sleep', ['60'], { signal: controller.signal }, failure => {
          resolve([failure.name, failure.cmd, getEventListeners(controller.signal, 'abort').length])
        })
        controller.abort()
      })
      assert.deepEqual(error, ['AbortError', 'sleep 60', 0])
    })
  })
}

describe('an AbortSignal given to a child that cannot be started', () => {
  it('has no listener, not even later', async () => {
    const { signal } = new AbortController()
    const child = ours.spawn('/nonexistent', { signal })
    assert.equal(getEventListeners(signal, 'abort').length, 0)
    await once(child, 'error')
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  })
})
