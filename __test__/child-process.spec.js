'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { readFileSync } = require('node:fs')
const { constants } = require('node:os')
const { describe, it } = require('node:test')
const { fingerprint, implementations, node, ours } = require('./helpers/parity')
const { closed, record } = require('./helpers/record')

function withResolvers() {
  let resolve, reject
  const promise = new Promise((...functions) => ([resolve, reject] = functions))
  return { promise, resolve, reject }
}

const deadline = { timeout: 120_000 }

for (const [name, { ChildProcess, spawn }] of implementations) {
  describe(`a ChildProcess of ${name}`, deadline, () => {
    it('can be made and started by hand', async () => {
      const child = new ChildProcess()
      child.spawn({ file: 'sh', args: ['sh', '-c', 'echo "$A"'], envPairs: ['A=by hand'], stdio: 'pipe' })
      const { stdout, spawnargs } = await record(child)
      assert.equal(stdout, 'by hand\n')
      assert.deepEqual(spawnargs, ['sh', '-c', 'echo "$A"'])
    })

    it('gives the environment of the parent when started by hand without one', async () => {
      process.env.RS_CHILD_PROCESS_TEST = 'inherited'
      const child = new ChildProcess()
      child.spawn({ file: 'sh', args: ['sh', '-c', 'echo "$RS_CHILD_PROCESS_TEST"'] })
      delete process.env.RS_CHILD_PROCESS_TEST
      assert.equal((await record(child)).stdout, 'inherited\n')
    })

    it('emits spawn, exit and close, in this order, with the same arguments', async () => {
      const { events } = await record(spawn('sh', ['-c', 'exit 7']))
      assert.deepEqual(events, [['spawn'], ['exit', 7, null], ['close', 7, null]])
    })

    it('has set exitCode, signalCode and _handle when exit is emitted, and the child is reaped', async () => {
      const child = spawn('sh', ['-c', 'exit 7'])
      await once(child, 'exit')
      assert.deepEqual([child.exitCode, child.signalCode, child._handle], [7, null, null])
      assert.throws(() => process.kill(child.pid, 0), { code: 'ESRCH' })
    })

    it('delivers output that was there before exit', async () => {
      const child = spawn('sh', ['-c', 'printf out; printf err >&2'])
      let output = ''
      child.stdout.on('data', chunk => (output += chunk))
      child.stderr.on('data', chunk => (output += chunk))
      await once(child, 'exit')
      assert.equal([...output].toSorted().join(''), [...'outerr'].toSorted().join(''))
    })

    it('tells how it ended for each signal', async () => {
      for (const signal of Object.keys(constants.signals)) {
        if (['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'].includes(signal)) {
          continue // these do not end a process
        }
        const child = spawn('sleep', ['60'])
        assert.equal(child.kill(signal), true)
        const { events, signalCode } = await record(child)
        // Several names share a number; the one that is told is the system's choice.
        const told = constants.signals[signalCode]
        assert.equal(told, constants.signals[signal], `${signal}, told as ${signalCode}`)
        assert.deepEqual(events, [['spawn'], ['exit', null, signalCode], ['close', null, signalCode]])
      }
    })

    it('takes signals by number and by name in any case', async () => {
      for (const signal of [9, 'SIGKILL', 'sigkill']) {
        const child = spawn('sleep', ['60'])
        assert.equal(child.kill(signal), true)
        assert.equal((await record(child)).signalCode, 'SIGKILL')
      }
    })

    it('sends nothing for signal 0, but says whether it could', async () => {
      const child = spawn('cat')
      assert.equal(child.kill(0), true)
      assert.equal(child.killed, true)
      child.stdin.end()
      assert.deepEqual(await closed(child), [0, null])
      assert.equal(child.kill(0), false)
    })

    it('cannot be killed any more after exit', async () => {
      const child = spawn('true')
      const handle = child._handle
      await once(child, 'exit')
      assert.equal(child.kill(), false)
      assert.equal(child.killed, false)
      assert.notEqual(handle.kill(constants.signals.SIGTERM), 0)
    })

    it('is killed by dispose, once', async () => {
      const child = spawn('sleep', ['60'])
      child[Symbol.dispose]()
      assert.equal(child.killed, true)
      child[Symbol.dispose]()
      assert.equal((await record(child)).signalCode, 'SIGTERM')
    })

    it('calls back when its handle has been closed, once, in a later turn, whether or not it ran', async () => {
      const close = child => {
        const { promise, ...settle } = withResolvers()
        const handle = child._handle
        let returned = false
        handle.close(function () {
          settle.resolve([this === handle, returned])
        })
        handle.close(() => settle.reject(new Error('called back twice')))
        returned = true
        return promise
      }
      const running = spawn('cat')
      const ended = spawn('true')
      const failed = spawn('/nonexistent').on('error', () => {})
      ended._handle.onexit = () => ended.emit('ended')
      const over = once(ended, 'ended')
      assert.deepEqual(await close(failed), [true, true])
      await over
      assert.deepEqual(await close(ended), [true, true])
      running.stdin.end()
      assert.deepEqual(await close(running), [true, true])
    })

    it('follows ref() and unref() with its handle', async () => {
      const child = spawn('cat')
      const handle = child._handle
      assert.equal(handle.hasRef(), true)
      child.unref()
      assert.equal(handle.hasRef(), false)
      child.ref()
      assert.equal(handle.hasRef(), true)
      child.stdin.end()
      await closed(child)
      child.ref()
      child.unref()
    })
  })
}

describe('kill()', () => {
  it('refuses unknown signals as Node does', () => {
    for (const signal of ['foo', 'toString', '', 3.14, -1, 500, {}, [], null, true, () => {}]) {
      const thrown = ({ ChildProcess }) => {
        try {
          return new ChildProcess().kill(signal)
        } catch (error) {
          return fingerprint(error)
        }
      }
      assert.deepEqual(thrown(ours), thrown(node), String(signal))
    }
  })

  it('of a child that could not be started hits nobody', async () => {
    // Node's own handle has pid 0 here, and 0 is the caller's process group.
    const child = ours.spawn('/nonexistent')
    assert.equal(child.kill('SIGTERM'), false)
    await once(child, 'error')
  })
})

describe('many children that have exited', deadline, () => {
  it('leave the loop its turns, and none is forgotten', async () => {
    const children = Array.from({ length: 150 }, () => ours.spawn('true', { stdio: 'ignore' }))
    const exits = children.map(child => once(child, 'exit'))
    let raised = 0
    for (const child of children) child.on('exit', () => raised++)
    // The loop stands still until all of them wait to be reaped.
    const state = pid => readFileSync(`/proc/${pid}/stat`, 'latin1').match(/\) (.)/)[1]
    const end = Date.now() + 60_000
    for (const { pid } of children) while (state(pid) !== 'Z') assert.ok(Date.now() < end)

    let most = 0
    while (raised < children.length) {
      const before = raised
      await new Promise(resolve => setImmediate(resolve))
      most = Math.max(most, raised - before)
    }
    await Promise.all(exits)
    assert.ok(most <= 64, `${most} in one turn`)
  })
})
