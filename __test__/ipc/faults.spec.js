'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const net = require('node:net')
const { before, describe, it } = require('node:test')
const { ours } = require('../helpers/parity')
const { closed, text } = require('../helpers/record')
const { descriptors, fixture, startPeer, stop, uncaught, until } = require('./helpers')

const deadline = { timeout: 120_000 }

// The runtime, which has descriptors of its own, starts when messages first have to wait for the end of a tick; and libuv opens
// one with its first stream.
before(async () => {
  const child = ours.fork(fixture('echo'), { silent: true })
  for (let i = 0; i < 100; i++) child.send(i)
  await stop(child)
})

/** The messages, uncaught exceptions and end of a peer that does as `scenario` says. */
async function meet(scenario, options) {
  const earlier = descriptors()
  const messages = []
  let end
  const errors = await uncaught(async () => {
    const child = startPeer(ours, scenario, options)
    child.on('message', message => messages.push(message))
    end = await closed(child)
  })
  await until(() => descriptors() <= earlier)
  return { messages, errors: errors.map(({ name }) => name), end }
}

describe('a channel whose other end', deadline, () => {
  it('writes garbage: an exception for that line, and no other is lost', async () => {
    assert.deepEqual(await meet('garbage'), {
      messages: [{ number: 1 }, { number: 2 }],
      errors: ['SyntaxError'],
      end: [0, null]
    })
  })

  it('writes lines that only make sense together', async () => {
    const { messages, errors } = await meet('garbage-in-a-batch')
    assert.deepEqual(messages, [{ number: 1 }, { number: 4 }])
    assert.deepEqual(errors, Array(4).fill('SyntaxError'))
  })

  it('dies in the middle of a message', async () => {
    assert.deepEqual(await meet('half-a-frame'), { messages: [{ number: 1 }], errors: [], end: [0, null] })
    const advanced = await meet('half-a-frame-advanced', { serialization: 'advanced' })
    assert.deepEqual(advanced, { messages: [], errors: [], end: [0, null] })
  })

  it('announces 4 GB and does not send them', async () => {
    const earlier = process.memoryUsage().rss
    const child = startPeer(ours, 'huge-length', { serialization: 'advanced' })
    await until(() => process.memoryUsage().rss - earlier > 500e6 || child.exitCode !== null || grace(child))
    assert.ok(process.memoryUsage().rss - earlier < 500e6, 'memory is taken only for what has arrived')
    const end = closed(child)
    child.kill()
    assert.deepEqual(await end, [null, 'SIGTERM'])
  })

  it('sends bytes that V8 cannot read, and then a value', async () => {
    const { messages, errors } = await meet('bad-value', { serialization: 'advanced' })
    assert.deepEqual(messages, [true])
    assert.equal(errors.length, 1)
  })

  it('sends a megabyte without a newline', async () => {
    const { messages } = await meet('no-newline')
    assert.deepEqual(messages, ['x'.repeat(1024 * 1024)])
  })

  it('sends invalid UTF-8: replaced as Node replaces it', async () => {
    assert.deepEqual((await meet('invalid-utf8')).messages, ['\ufffd\ufffd(\ufffd'])
  })

  it('gives commands that it has no right to give', async () => {
    assert.deepEqual(await meet('forged-commands'), { messages: [{ number: 1 }], errors: [], end: [0, null] })
  })

  it('sends handles of a type that they are not', async () => {
    assert.deepEqual(await meet('forged-type'), { messages: [{ number: 1 }], errors: [], end: [0, null] })
  })

  it('sends descriptors that nobody asked for: they are closed', async () => {
    const { messages, errors } = await meet('unasked-descriptors')
    assert.deepEqual(errors, ['SyntaxError', 'SyntaxError'])
    assert.equal(messages.length, 50)
  })

  it('closes it while we write', async () => {
    const child = startPeer(ours, 'close-while-written')
    const errors = []
    const gone = once(child, 'disconnect')
    for (let i = 0; i < 50; i++) child.send('x'.repeat(10_000), error => error && errors.push(error.code))
    await gone
    await until(() => errors.length > 0)
    for (const code of errors) assert.match(code, /^(EPIPE|ECONNRESET|ERR_IPC_CHANNEL_CLOSED)$/)
    const end = closed(child)
    child.kill()
    await end
  })

  it('is killed in the middle of a handle transfer: nothing leaks, callbacks tell', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const earlier = descriptors()
    const client = net.connect(server.address().port, '127.0.0.1')
    const [socket] = await once(server, 'connection')
    const child = startPeer(ours, 'die-with-handle')
    const end = closed(child)
    const results = []
    child.send('with', socket, error => results.push(error))
    child.send('behind', error => results.push(error?.code))
    client.resume()
    await Promise.all([end, once(client, 'close')])
    await until(() => results.length === 2)
    assert.deepEqual(results, [null, 'ERR_IPC_CHANNEL_CLOSED'])
    await until(() => descriptors() <= earlier)
    // Without waiting: Node's server, once it has had a worker, never says that it is closed when the worker is gone.
    server.close()
  })
})

describe('a child that does not read', deadline, () => {
  it('makes send() say so, and gets everything in order when it reads', async () => {
    const child = startPeer(ours, 'read-late')
    await once(child.stdout, 'data')
    const output = text(child.stdout)
    let [lines, bytes, pauses] = [0, 0, 0]
    const message = { payload: 'x'.repeat(1000) }
    const size = JSON.stringify(message).length + 1
    const rss = process.memoryUsage().rss
    // A sender that heeds the answer is held up after what the socket and the threshold take.
    while (pauses === 0) {
      if (!child.send(message)) pauses++
      lines++
      bytes += size
      assert.ok(bytes < 4e6, 'send() never said stop')
    }
    assert.ok(process.memoryUsage().rss - rss < 100e6)
    const drained = new Promise(resolve => child.send(message, resolve))
    lines++
    bytes += size
    child.kill('SIGUSR2')
    assert.equal(await drained, null)
    child.disconnect()
    child.stdin.end()
    const end = await output
    assert.deepEqual(JSON.parse(end), { bytes, lines })
  })
})

/** True a moment after the child's first bytes have arrived, which is when memory would have been taken. */
function grace(child) {
  child.since ??= Date.now()
  return Date.now() - child.since > 1000
}
