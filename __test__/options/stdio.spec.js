'use strict'

const assert = require('node:assert/strict')
const { closeSync, createWriteStream, mkdtempSync, openSync, readFileSync, rmSync } = require('node:fs')
const net = require('node:net')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { once } = require('node:events')
const { after, describe, it } = require('node:test')
const { assertSameOutcome, implementations } = require('../helpers/parity')
const { closed, record, text } = require('../helpers/record')
const { oddValues } = require('../helpers/values')

const deadline = { timeout: 120_000 }
const folder = mkdtempSync(join(tmpdir(), 'rs-child-process-'))
after(() => rmSync(folder, { recursive: true }))

describe('stdio is refused as Node refuses it', deadline, () => {
  it('as a whole', () => {
    for (const value of ['ipc', 'nonsense', '', 0, 1, true, {}, new Map(), () => {}]) {
      assertSameOutcome(cp => cp.spawn('/nonexistent', [], { stdio: value }), String(value))
    }
  })

  it('by entry', () => {
    for (const value of oddValues) {
      // Numbers are descriptors (and Node 26 aborts on NaN); those of the test runner stay untouched.
      if (typeof value === 'number' && !(value < 0)) continue
      for (const stdio of [[value], ['pipe', value], ['pipe', 'pipe', 'pipe', value]]) {
        assertSameOutcome(cp => cp.spawn('/nonexistent', [], { stdio }), typeof value)
      }
    }
    assertSameOutcome(cp => cp.spawn('/nonexistent', [], { stdio: ['ipc', 'ipc'] }))
    assertSameOutcome(cp => cp.spawn('/nonexistent', [], { stdio: ['pipe', { fd: 'x' }] }))
    assertSameOutcome(cp => cp.spawn('/nonexistent', [], { stdio: ['pipe', { _handle: {} }] }))
  })
})

for (const [name, { spawn }] of implementations) {
  describe(`stdio of a child of ${name}`, deadline, () => {
    it('by default is three pipes', async () => {
      const child = spawn('sh', ['-c', 'cat; echo err >&2'])
      assert.deepEqual(child.stdio, [child.stdin, child.stdout, child.stderr])
      for (const stream of child.stdio) assert.ok(stream instanceof net.Socket)
      assert.deepEqual([child.stdin.readable, child.stdin.writable], [false, true])
      assert.equal(child.stdout.readable, true)
      child.stdin.end('in')
      const { stdout, stderr } = await record(child)
      assert.deepEqual([stdout, stderr], ['in', 'err\n'])
    })

    it('in words for all three', async () => {
      const child = spawn('cat', { stdio: 'ignore' })
      assert.deepEqual([child.stdin, child.stdout, child.stderr, child.stdio], [null, null, null, [null, null, null]])
      assert.deepEqual(await closed(child), [0, null])

      const overlapped = spawn('cat', { stdio: 'overlapped' })
      overlapped.stdin.end('x')
      assert.equal(await text(overlapped.stdout), 'x')

      const inheriting = spawn('true', { stdio: 'inherit' })
      assert.deepEqual(inheriting.stdio, [null, null, null])
      assert.deepEqual(await closed(inheriting), [0, null])
    })

    it('as a descriptor, and as anything that has one', async () => {
      const path = join(folder, 'output')
      const fd = openSync(path, 'w')
      await closed(spawn('echo', ['by number'], { stdio: ['ignore', fd] }))
      await closed(spawn('echo', ['by fd'], { stdio: ['ignore', { fd }] }))
      closeSync(fd)
      const stream = createWriteStream(path, { flags: 'a' })
      await once(stream, 'open')
      const child = spawn('echo', ['by stream'], { stdio: ['ignore', stream, 'inherit'] })
      assert.deepEqual(child.stdio, [null, null, null])
      await closed(child)
      stream.destroy()
      assert.equal(readFileSync(path, 'utf8'), 'by number\nby fd\nby stream\n')
    })

    it('beyond 2 is open both ways, under its number', async () => {
      const child = spawn('sh', ['-c', 'read line <&4; echo "got $line" >&4'], {
        stdio: ['ignore', 'ignore', 'inherit', null, 'pipe']
      })
      assert.equal(child.stdio.length, 5)
      assert.equal(child.stdio[3], null)
      child.stdio[4].write('hello\n')
      assert.equal(await text(child.stdio[4]), 'got hello\n')
    })

    it('negative numbers are pipes', async () => {
      assert.equal((await record(spawn('echo', ['x'], { stdio: [-1, -1, -1] }))).stdout, 'x\n')
    })

    it('as the output of another child, which the parent then leaves alone', async () => {
      const first = spawn('sh', ['-c', 'echo one; echo two'])
      const second = spawn('cat', { stdio: [first.stdout, 'pipe', 'inherit'] })
      assert.equal(second.stdin, null)
      assert.equal(first.stdout.readableFlowing, false)
      assert.equal(await text(second.stdout), 'one\ntwo\n')
      first.stdout.resume()
      await closed(first)
    })

    it('as the input of another child, to which the parent goes on writing', async () => {
      const last = spawn('cat')
      const first = spawn('echo', ['from the child'], { stdio: ['ignore', last.stdin, 'inherit'] })
      await closed(first)
      last.stdin.end('from the parent\n')
      assert.equal(await text(last.stdout), 'from the child\nfrom the parent\n')
    })

    it('as a connected socket', async () => {
      const server = net.createServer(socket => {
        const child = spawn('echo', ['over the net'], { stdio: ['ignore', socket, 'inherit'] })
        child.on('close', () => socket.destroy())
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const client = net.connect(server.address().port, '127.0.0.1')
      assert.equal(await text(client), 'over the net\n')
      server.close()
    })

    it('as the handle of a server, which the child then has at that number', async () => {
      const server = net.createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const child = spawn('sh', ['-c', 'readlink /proc/self/fd/3'], {
        stdio: ['ignore', 'pipe', 'inherit', server._handle]
      })
      assert.match(await text(child.stdout), /^socket:/)
      server.close()
    })
  })
}
