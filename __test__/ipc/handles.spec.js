'use strict'

const assert = require('node:assert/strict')
const dgram = require('node:dgram')
const { once } = require('node:events')
const http = require('node:http')
const net = require('node:net')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { before, describe, it } = require('node:test')
const { hasBoundSocket } = require('../../lib/node-version')
const { implementations, ours } = require('../helpers/parity')
const { closed } = require('../helpers/record')
const { descriptors, fixture, startPeer, until } = require('./helpers')

const deadline = { timeout: 120_000 }

/** Runs a scenario with both implementations, and counts what ours leaves open. */
function both(name, scenario) {
  for (const [implementation, cp] of implementations) {
    it(`${name} (${implementation})`, async () => {
      const earlier = descriptors()
      const child = cp.fork(fixture('handles'))
      const end = closed(child)
      await scenario(child)
      if (child.connected && !child.killed) child.send('stop')
      await end
      await until(() => descriptors() <= earlier)
    })
  }
}

/** A server that is listening on the loopback. */
async function listening(server = net.createServer()) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function connected(port) {
  const client = net.connect(port, '127.0.0.1')
  await once(client, 'connect')
  return client
}

/** Both ends of a connection to a server. */
async function connection(server) {
  const accepted = once(server, 'connection')
  return [await connected(server.address().port), (await accepted)[0]]
}

async function textOf(stream) {
  let text = ''
  stream.setEncoding('utf8').on('data', chunk => (text += chunk))
  await once(stream, 'close')
  return text
}

before(async () => {
  // What is opened once and stays: libuv's own descriptors, one of them for listening.
  const server = await listening()
  server.close()
  for (const [, cp] of implementations) {
    const child = cp.fork(fixture('handles'))
    child.send('nothing')
    child.send('stop')
    await closed(child)
  }
})

describe('to the child', deadline, () => {
  both('a connection, which is then the child’s alone', async child => {
    const server = await listening()
    const [client, socket] = await connection(server)
    child.send('answer', socket)
    assert.equal(socket._handle, null)
    assert.equal(await textOf(client), 'answered by the child')
    server.close()
  })

  both('a connection that stays open here', async child => {
    const server = await listening()
    const [client, socket] = await connection(server)
    child.send('hold', socket, { keepOpen: true })
    await once(child, 'message')
    socket.write('from the parent')
    client.setEncoding('utf8')
    assert.deepEqual(await once(client, 'data'), ['from the parent'])
    child.send('release')
    socket.destroy()
    await once(client, 'close')
    server.close()
  })

  both('a server', async child => {
    const server = await listening()
    const { port } = server.address()
    child.send('accept', server)
    await once(child, 'message')
    server.close()
    assert.equal(await textOf(await connected(port)), 'accepted by the child')
  })

  both('a server on a path', async child => {
    const file = path.join(tmpdir(), `rs-child-process-${process.pid}-${Math.random().toString(36).slice(2)}`)
    const server = net.createServer().listen(file)
    await once(server, 'listening')
    child.send('accept', server)
    await once(child, 'message')
    const client = net.connect(file)
    // Whoever accepts first; the parent has no mind to.
    server.on('connection', socket => socket.end('accepted by the child'))
    assert.equal(await textOf(client), 'accepted by the child')
    server.close()
    child.kill()
  })

  both('a datagram socket', async child => {
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    child.send('answer-datagram', socket)
    await once(child, 'message')
    socket.close()
    const client = dgram.createSocket('udp4')
    client.send('hello', port, '127.0.0.1')
    const [answer] = await once(client, 'message')
    assert.equal(String(answer), 'got hello')
    client.close()
  })

  both('a native handle', async child => {
    const server = await listening()
    const { port } = server.address()
    child.send('accept-native', server._handle)
    await once(child, 'message')
    server.close()
    assert.equal(await textOf(await connected(port)), 'accepted by the child')
  })

  both('ten connections, with messages between, in order', async child => {
    const server = await listening()
    const clients = []
    const results = []
    server.on('connection', socket => {
      child.send('answer', socket, error => results.push(error))
      child.send('nothing', error => results.push(error))
    })
    for (let i = 0; i < 10; i++) clients.push(connected(server.address().port).then(textOf))
    assert.deepEqual(await Promise.all(clients), Array(10).fill('answered by the child'))
    await until(() => results.length === 20)
    assert.deepEqual(results, Array(20).fill(null))
    server.close()
  })

  both('an http connection, whose parser stays behind', async child => {
    const server = await listening(http.createServer())
    const client = await connected(server.address().port)
    client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n')
    const [request] = await once(server, 'request')
    const { socket } = request
    child.send('answer', socket)
    assert.equal(socket.parser, null)
    assert.equal(socket._httpMessage, null)
    assert.equal(await textOf(client), 'answered by the child')
    server.close()
  })
})

// The class alone does not tell: Node 24.19 has it, and cannot send it.
describe('net.BoundSocket', { ...deadline, skip: hasBoundSocket ? false : 'Node sends it from 26 on' }, () => {
  both('travels bound, and is used up here', async child => {
    const { BoundSocket } = /** @type {any} */ (net)
    const bound = new BoundSocket({ host: '127.0.0.1', port: 0 })
    const { port } = bound.address()
    child.send('listen-bound', bound)
    assert.throws(() => bound.address(), { code: 'ERR_SOCKET_HANDLE_ADOPTED' })
    assert.deepEqual((await once(child, 'message'))[0], { port })
    assert.equal(await textOf(await connected(port)), 'accepted by the child')
  })

  both('comes from the child', async child => {
    child.send('send-bound')
    const [{ port }, bound] = await once(child, 'message')
    assert.equal(bound.address().port, port)
    bound.close()
  })

  both('cannot travel if it is bound to a path', async child => {
    const file = path.join(tmpdir(), `rs-child-process-bound-${process.pid}-${Math.random().toString(36).slice(2)}`)
    const bound = new /** @type {any} */ (net).BoundSocket({ path: file })
    assert.throws(() => child.send('listen-bound', bound), { code: 'ERR_INVALID_HANDLE_TYPE' })
    bound.close()
    child.send('next')
  })
})

describe('from the child', deadline, () => {
  both('a server', async child => {
    child.send('send-server')
    const [{ port }, server] = await once(child, 'message')
    assert.ok(server instanceof net.Server)
    server.once('connection', socket => socket.end('accepted by the parent'))
    assert.equal(await textOf(await connected(port)), 'accepted by the parent')
    server.close()
  })

  both('a datagram socket', async child => {
    child.send('send-datagram')
    const [{ port }, socket] = await once(child, 'message')
    assert.ok(socket instanceof dgram.Socket)
    assert.equal(socket.address().port, port)
    socket.close()
  })

  both('a connection', async child => {
    child.send('send-connection')
    const [{ port }] = await once(child, 'message')
    const client = await connected(port)
    const [message, socket] = await once(child, 'message')
    assert.equal(message, 'connection')
    assert.ok(socket instanceof net.Socket)
    socket.end('answered by the parent')
    assert.equal(await textOf(client), 'answered by the parent')
    child.kill()
  })
})

describe('bookkeeping', deadline, () => {
  both('counts connections that live in the child', async child => {
    const server = await listening()
    const [client, socket] = await connection(server)
    child.send('hold', socket)
    await once(child, 'message')
    const count = () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, number) => (error ? reject(error) : resolve(number)))
      })
    assert.equal(await count(), 1)
    let isClosed = false
    server.close(() => (isClosed = true))
    await new Promise(setImmediate)
    assert.equal(isClosed, false)
    child.send('release')
    await once(client.resume(), 'close')
    await until(() => isClosed)
  })

  it('sends again what did not arrive, three times, then warns and goes on', async () => {
    const earlier = descriptors()
    const server = await listening()
    const [client, socket] = await connection(server)
    const child = startPeer(ours, 'nack')
    const messages = []
    child.on('message', message => messages.push(message))
    const warning = once(process, 'warning')
    child.send('with', socket)
    child.send('behind')
    assert.equal((await warning)[0].name, 'SentHandleNotReceivedWarning')
    await until(() => messages.length === 5)
    assert.deepEqual(messages, [{ count: 1 }, { count: 2 }, { count: 3 }, { count: 4 }, { seen: 'behind' }])
    await until(() => client.closed)
    server.close()
    const end = closed(child)
    child.disconnect()
    await end
    await until(() => descriptors() <= earlier)
  })

  it('goes alone if the handle is gone, or was sent before', async () => {
    const server = await listening()
    const [client, socket] = await connection(server)
    const child = ours.fork(fixture('echo'))
    socket.destroy()
    child.send('alone', socket)
    assert.deepEqual(await once(child, 'message'), ['alone', undefined])
    client.destroy()
    server.close()
    const end = closed(child)
    child.send('stop')
    await end
  })
})
