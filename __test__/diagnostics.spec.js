'use strict'

const assert = require('node:assert/strict')
const diagnostics = require('node:diagnostics_channel')
const { describe, it } = require('node:test')
const { implementations, node } = require('./helpers/parity')
const { closed, record } = require('./helpers/record')

const [major, minor] = process.versions.node.split('.').map(Number)
const traced = (major === 24 && minor >= 15) || (major === 25 && minor >= 8) || major >= 26

for (const [name, cp] of implementations) {
  describe(`what ${name} reports`, { timeout: 120_000 }, () => {
    it("on the channel 'child_process': every ChildProcess that is made", async () => {
      const made = []
      const listener = message => made.push(message)
      diagnostics.subscribe('child_process', listener)
      const child = cp.spawn('true')
      diagnostics.unsubscribe('child_process', listener)
      assert.deepEqual(made, [{ process: child }])
      await record(child)
    })

    it('to who replaces ChildProcess.prototype.spawn: nothing but options', async t => {
      const { prototype } = cp.ChildProcess
      const { spawn } = prototype
      t.after(() => {
        prototype.spawn = spawn
      })
      let keys
      prototype.spawn = function (options) {
        keys = Reflect.ownKeys(options)
        return spawn.call(this, options)
      }
      await closed(cp.exec('exit 0'))
      assert.deepEqual(
        keys.filter(key => typeof key === 'symbol'),
        []
      )
    })

    const tracing = { skip: !traced && 'this Node does not trace spawn()' }
    it("on the tracing channel 'child_process.spawn': start and end, within the call", tracing, async t => {
      const events = trace(t)
      const child = cp.spawn('true', ['a'])
      assert.deepEqual(
        events.map(([event, message]) => [event, Object.keys(message), message.process === child]),
        [
          ['start', ['process', 'options'], true],
          ['end', ['process'], true]
        ]
      )
      assert.equal(events[0][1].options.file, 'true')
      assert.deepEqual(events[0][1].options.args, ['true', 'a'])
      await record(child)
    })

    it('on the same: the error of a failed start', tracing, async t => {
      const events = trace(t)
      const closed = []
      const note = ({ process }) => closed.push(process._handle === null)
      diagnostics.subscribe('tracing:child_process.spawn:error', note)
      t.after(() => diagnostics.unsubscribe('tracing:child_process.spawn:error', note))
      const child = cp.spawn('/nonexistent')
      const thrown = captured(() => cp.spawn('true', { stdio: [0, 12345] }))
      await record(child)
      assert.deepEqual(
        events.map(([event, { error }]) => [event, error?.code, error?.message]),
        [
          ['start', undefined, undefined],
          ['error', 'ENOENT', 'spawn ENOENT'],
          ['start', undefined, undefined],
          ['error', 'EBADF', 'spawn EBADF']
        ]
      )
      assert.equal(thrown.code, 'EBADF')
      assert.deepEqual(closed, [false, true], 'the handle is gone before the error of a start that throws is told')
    })

    it(
      'nothing on the tracing channel, where Node does not',
      { skip: traced && 'this Node traces spawn()' },
      async t => {
        const events = trace(t)
        await record(cp.spawn('true'))
        assert.deepEqual(events, [])
      }
    )
  })
}

describe('NODE_DEBUG=child_process', { timeout: 120_000 }, () => {
  it('prints the same as with Node', async () => {
    const [ours, theirs] = await Promise.all(
      [require.resolve('..'), 'node:child_process'].map(async module => {
        const script = `require(${JSON.stringify(module)}).spawn('true', ['a'], { argv0: 'b' })`
        const env = { PATH: process.env.PATH, NODE_DEBUG: 'child_process' }
        const { stderr } = await record(node.spawn(process.execPath, ['-e', script], { env }))
        return stderr.replace(/^CHILD_PROCESS \d+/, 'CHILD_PROCESS pid')
      })
    )
    assert.match(ours, /^CHILD_PROCESS pid: spawn .*envPairs: \[/s)
    assert.deepEqual(ours.split('\n').toSorted(), theirs.split('\n').toSorted())
  })
})

/** @param {import('node:test').TestContext} t */
function trace(t) {
  const events = []
  const channels = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map(event => [
    `tracing:child_process.spawn:${event}`,
    message => events.push([event, { ...message }])
  ])
  for (const channel of channels) diagnostics.subscribe(...channel)
  t.after(() => {
    for (const channel of channels) diagnostics.unsubscribe(...channel)
  })
  return events
}

/** @param {() => unknown} call */
function captured(call) {
  try {
    call()
  } catch (error) {
    return error
  }
}
