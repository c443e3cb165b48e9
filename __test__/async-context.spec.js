'use strict'

const assert = require('node:assert/strict')
const { AsyncLocalStorage, createHook, executionAsyncId } = require('node:async_hooks')
const { once } = require('node:events')
const { mkdtempSync, rmSync } = require('node:fs')
const { writeFile } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { describe, it } = require('node:test')
const { setImmediate } = require('node:timers/promises')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { implementations, ours } = require('./helpers/parity')
const { closed } = require('./helpers/record')

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

/** Collects what nothing refers to, and lets those know who refer to it weakly. */
async function garbageCollected() {
  for (let round = 0; round < 3; round++) {
    collect()
    await setImmediate()
  }
}

for (const [name, { ChildProcess, exec, execFile, execFileSync, fork, spawn }] of implementations) {
  describe(`the asynchronous context of ${name}`, { timeout: 120_000 }, () => {
    it('is that of the call, in every event', async () => {
      const storage = new AsyncLocalStorage()
      const seen = {}
      const note = event => () => (seen[event] = storage.getStore())
      const child = storage.run('call', () => spawn('sh', ['-c', 'echo x; read line']))
      for (const event of ['spawn', 'exit', 'close']) child.on(event, note(event))
      child.stdout.on('data', note('data')).on('end', note('end'))
      child.stdout.once('data', () => child.stdin.end('line\n'))
      await closed(child)
      assert.deepEqual(seen, { spawn: 'call', data: 'call', end: 'call', exit: 'call', close: 'call' })
    })

    it('is that in which a ChildProcess was made, where it is started by hand in another', async () => {
      const storage = new AsyncLocalStorage()
      const seen = {}
      const child = storage.run('made', () => new ChildProcess())
      for (const event of ['spawn', 'exit', 'close']) child.on(event, () => (seen[event] = storage.getStore()))
      storage.run('started', () => child.spawn({ file: 'true', args: ['true'], stdio: 'ignore' }))
      await closed(child)
      assert.deepEqual(seen, { spawn: 'started', exit: 'made', close: 'made' })
    })

    it('is entered for the callback of close() too, and then destroyed', async () => {
      const wraps = new Map()
      const note = what => id => wraps.get(id)?.push(what)
      const hook = createHook({
        init: (id, type) => void (type === 'PROCESSWRAP' && wraps.set(id, [])),
        before: note('before'),
        destroy: note('destroy')
      }).enable()
      const child = spawn('true', { stdio: 'ignore' })
      const handle = child._handle
      await new Promise(resolve => (handle.onexit = () => handle.close(resolve)))
      const [calls] = wraps.values()
      while (!calls.includes('destroy')) await setImmediate()
      hook.disable()
      assert.deepEqual([...wraps.values()], [['before', 'before', 'destroy']])
    })

    it('is that of the call, in the error of a failed start', async () => {
      const storage = new AsyncLocalStorage()
      const store = await new Promise(resolve => {
        storage.run('call', () => spawn('/nonexistent')).on('error', () => resolve(storage.getStore()))
      })
      assert.equal(store, 'call')
    })

    it('is that of the call, in the callback of execFile', async () => {
      const storage = new AsyncLocalStorage()
      const stores = await Promise.all(
        ['true', '/nonexistent'].map(
          file => new Promise(resolve => storage.run(file, () => execFile(file, () => resolve(storage.getStore()))))
        )
      )
      assert.deepEqual(stores, ['true', '/nonexistent'])
    })

    it('outlives a garbage collection, in the callback of exec', async t => {
      const folder = mkdtempSync(join(tmpdir(), 'rs-child-process-'))
      t.after(() => rmSync(folder, { recursive: true }))
      const fifo = join(folder, 'fifo')
      execFileSync('mkfifo', [fifo])
      const storage = new AsyncLocalStorage()
      // The output ends after the shell, so that its end is what calls back.
      const options = { env: { ...process.env, FIFO: fifo } }
      const { promise, resolve } = withResolvers()
      const done = () => resolve(storage.getStore())
      const child = storage.run('call', () => exec('cat "$FIFO" & exit 0', options, done))
      await once(child, 'exit')
      await garbageCollected()
      await writeFile(fifo, '')
      assert.equal(await promise, 'call')
    })

    it('outlives a garbage collection, in the events of a child with a channel', async () => {
      const storage = new AsyncLocalStorage()
      const seen = {}
      const child = storage.run('call', () => fork(require.resolve('./ipc/fixtures/echo.js')))
      for (const event of ['message', 'disconnect', 'exit', 'close']) {
        child.on(event, () => (seen[event] = storage.getStore()))
      }
      await garbageCollected()
      child.send('x')
      await once(child, 'message')
      await garbageCollected()
      child.send('stop')
      await closed(child)
      assert.deepEqual(seen, { message: 'call', disconnect: 'call', exit: 'call', close: 'call' })
    })

    it('is that of the call, whoever looks at the streams of exec first', async () => {
      const storage = new AsyncLocalStorage()
      const seen = {}
      const note = event => () => (seen[event] = storage.getStore())
      const { promise, resolve } = withResolvers()
      const callback = () => (note('callback')(), resolve())
      const child = storage.run('call', () => exec('read line; echo out; echo err >&2', callback))
      await setImmediate()
      storage.run('look', () => {
        child.stdout.on('data', note('stdout')).on('end', note('end')).on('close', note('closed'))
        child.stderr.on('data', note('stderr'))
        child.on('close', note('close'))
        child.stdin.end('line\n')
      })
      await promise
      assert.deepEqual(seen, {
        stdout: 'call',
        stderr: 'call',
        end: 'call',
        closed: 'call',
        close: 'call',
        callback: 'call'
      })
    })

    it('has one resource for the process and one for each pipe, made in the call and triggered by it', async () => {
      const resources = []
      const entered = []
      const hook = createHook({
        init: (id, type, trigger) => resources.push({ id, type, trigger }),
        before: id => entered.push(id)
      }).enable()
      const caller = executionAsyncId()
      const child = spawn('sh', ['-c', 'exit 0'])
      const made = resources.filter(({ type }) => /^(PROCESS|PIPE)WRAP$/.test(type))
      await closed(child)
      hook.disable()
      assert.deepEqual(
        made.map(({ type, trigger }) => [type, trigger]).toSorted(),
        [
          ['PIPEWRAP', caller],
          ['PIPEWRAP', caller],
          ['PIPEWRAP', caller],
          ['PROCESSWRAP', caller]
        ].toSorted()
      )
      const { id } = made.find(({ type }) => type === 'PROCESSWRAP')
      assert.equal(entered.filter(each => each === id).length, 1)
    })
  })
}

it('does not outlive a spawn() that throws', async () => {
  const ids = new Set()
  const hook = createHook({
    init: (id, type) => void (type === 'PROCESSWRAP' && ids.add(id)),
    destroy: id => ids.delete(id)
  }).enable()
  assert.throws(() => ours.spawn('true', { stdio: 'nonsense' }), { code: 'ERR_INVALID_ARG_VALUE' })
  assert.equal(ids.size, 1)
  // No garbage collection is needed.
  for (let turn = 0; turn < 3; turn++) await setImmediate()
  hook.disable()
  assert.equal(ids.size, 0)
})

/** Promise.withResolvers(), which Node 20 does not have. */
function withResolvers() {
  let resolve
  const promise = new Promise(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
