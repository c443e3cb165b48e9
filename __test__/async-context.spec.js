'use strict'

const assert = require('node:assert/strict')
const { AsyncLocalStorage, createHook, executionAsyncId } = require('node:async_hooks')
const { describe, it } = require('node:test')
const { implementations } = require('./helpers/parity')
const { closed } = require('./helpers/record')

for (const [name, { execFile, spawn }] of implementations) {
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
