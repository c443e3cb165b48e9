'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { fingerprint, ours } = require('../helpers/parity')
const { closed } = require('../helpers/record')
const { fixture, same, stop, until } = require('./helpers')

const deadline = { timeout: 120_000 }

describe('disconnect()', deadline, () => {
  it('is followed by disconnect, exit and close, although the parent was first', async () => {
    const child = ours.fork(fixture('echo'))
    child.send('hello')
    await once(child, 'message')
    const events = []
    for (const name of ['disconnect', 'exit', 'close']) child.on(name, () => events.push(name))
    const end = closed(child)
    child.disconnect()
    assert.equal(child.connected, false)
    assert.equal(child.channel, null)
    await end
    assert.deepEqual(events, ['disconnect', 'exit', 'close'])
  })

  it('comes behind close when the channel is the last that closes', async () => {
    await same(async cp => {
      // A grandchild keeps the channel until stdin ends, which it does when the child has.
      const script = 'exec 5<&0; cat <&5 & exit 3'
      const child = cp.spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore', 'ipc'] })
      const events = []
      for (const name of ['exit', 'close', 'disconnect']) child.on(name, () => events.push([name, child.connected]))
      await until(() => events.length === 3)
      return events
    })
  })

  it('cannot be repeated', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      child.disconnect()
      const error = once(child, 'error')
      child.disconnect()
      await once(child, 'exit')
      return fingerprint((await error)[0])
    })
  })

  it('lets go what was sent before', async () => {
    const child = ours.fork(fixture('count'), { silent: true })
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    for (let number = 0; number < 500; number++) child.send({ number })
    child.disconnect()
    await closed(child)
    assert.deepEqual(JSON.parse(output), { count: 500, inOrder: true })
  })
})

describe('the channel', deadline, () => {
  it('has the properties of Node', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      const { channel } = child
      const shape = {
        keys: Object.keys(child).filter(key => key !== '_events' && key !== 'spawnargs'),
        listeners: child.eventNames().map(String),
        methods: ['ref', 'unref', 'refCounted', 'unrefCounted', 'on'].map(name => typeof channel[name]),
        fd: typeof channel.fd,
        lengths: [child.send.length, child._send.length, child.disconnect.length, child._disconnect.length],
        connected: child.connected
      }
      await stop(child)
      return { ...shape, closedFd: channel.fd < 0 || channel.fd === undefined }
    })
  })

  it('has the descriptors of Node after its end', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      const { channel } = child
      const end = once(child, 'exit')
      child.disconnect()
      await once(child, 'disconnect')
      const first = channel.fd
      await until(() => channel.fd !== first)
      await end
      return [first, channel.fd]
    })
  })

  it('is announced in the variables of a request made by hand', async () => {
    await same(async cp => {
      const request = { file: 'true', envPairs: ['A=1'], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }
      const child = new cp.ChildProcess()
      const end = closed(child)
      child.spawn(request)
      await end
      return request.envPairs
    })
  })

  it('may be at any place of stdio, in spawn() too', async () => {
    for (const place of [0, 1, 3, 5]) {
      const stdio = Array.from({ length: place + 1 }, (_, i) => (i === place ? 'ipc' : 'ignore'))
      const child = ours.spawn(process.execPath, [fixture('echo')], { stdio })
      child.send({ place })
      assert.deepEqual(await once(child, 'message'), [{ place }, undefined])
      await stop(child)
    }
  })
})
