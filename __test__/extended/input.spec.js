'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { Readable } = require('node:stream')
const { describe, it } = require('node:test')
const { closed, text } = require('../helpers/record')
const { implementations, ours } = require('../helpers/parity')

const deadline = { timeout: 60_000 }
const large = 'é漢😀'.repeat(100_000)

const inputs = {
  'a string': () => large,
  'a Buffer': () => Buffer.from(large),
  'a typed array': () => new Uint16Array(Buffer.from(large).buffer.slice(0, 90_000)),
  'a DataView': () => new DataView(new TextEncoder().encode(large).buffer),
  'a stream': () => Readable.from([large.slice(0, 1000), Buffer.from(large.slice(1000))]),
  'a stream of the web': () => new Blob([large]).stream(),
  'an async iterable': async function* () {
    yield large.slice(0, 1000)
    yield Buffer.from(large.slice(1000))
  },
  'an empty string': () => ''
}

/** Runs to the end: what the callback gets. */
function run(name, ...args) {
  return new Promise(resolve => {
    ours[name](...args, (error, stdout, stderr) => resolve({ error, stdout, stderr }))
  })
}

/** What cat is to make of it. */
async function bytesOf(input) {
  if (typeof input === 'string') return Buffer.from(input)
  if (ArrayBuffer.isView(input)) return Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  const chunks = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

describe('input', deadline, () => {
  for (const [kind, make] of Object.entries(inputs)) {
    it(`${kind} reaches the child of spawn, exec and execFile`, async () => {
      const expected = await bytesOf(make())
      const child = ours.spawn('cat', { extended: true, input: make() })
      const chunks = []
      child.stdout.on('data', chunk => chunks.push(chunk))
      assert.deepEqual(await closed(child), [0, null])
      assert.ok(Buffer.concat(chunks).equals(expected))

      const options = { extended: true, encoding: 'buffer', maxBuffer: Infinity }
      for (const [name, command] of [
        ['exec', 'cat'],
        ['execFile', 'cat']
      ]) {
        const { error, stdout } = await run(name, command, { ...options, input: make() })
        assert.equal(error, null)
        assert.ok(stdout.equals(expected), name)
      }
    })
  }

  it('is decoded as the output is, in the encoding given', async () => {
    const { stdout } = await run('execFile', 'cat', { extended: true, encoding: 'hex', input: 'c3a9' })
    assert.equal(stdout, 'c3a9')
    const child = ours.spawn('od', ['-An', '-tx1'], { extended: true, encoding: 'latin1', input: 'é' })
    assert.match(await text(child.stdout), /^ e9\n$/)
  })

  it('that the child does not read is no error', async () => {
    const endless = async function* () {
      for (;;) yield Buffer.alloc(65536)
    }
    for (const input of [Buffer.alloc(10_000_000), endless(), Readable.from(endless())]) {
      const { error, stdout } = await run('execFile', 'head', ['-c', '3'], { extended: true, input })
      assert.equal(error, null)
      assert.equal(stdout, '\0\0\0')
    }
    const child = ours.spawn('true', { extended: true, input: Buffer.alloc(10_000_000) })
    assert.deepEqual(await closed(child), [0, null])
  })

  it('that the child does not read to its end is closed', async () => {
    const source = new Readable({
      read() {
        this.push(Buffer.alloc(65536))
      }
    })
    ours.spawn('head', ['-c', '3'], { extended: true, input: source })
    await new Promise(resolve => source.once('close', resolve))
  })

  it('that fails is an error of the child', async () => {
    const failing = async function* () {
      yield 'begun'
      throw new Error('no more')
    }
    const { error } = await run('execFile', 'cat', { extended: true, input: failing() })
    assert.equal(error.message, 'no more')
    assert.equal(error.cmd, 'cat')

    const child = ours.spawn('cat', { extended: true, input: failing() })
    const [reported] = await once(child, 'error')
    assert.equal(reported.message, 'no more')
    await closed(child)
  })

  it('is let go where nothing can be started', async () => {
    const source = new Readable({ read() {} })
    const child = ours.spawn('/nonexistent', { extended: true, input: source })
    const [error] = await once(child, 'error')
    assert.equal(error.code, 'ENOENT')
    await new Promise(resolve => (source.closed ? resolve() : source.once('close', resolve)))
  })

  it('has to be something to write, to a pipe', () => {
    for (const input of [1, true, {}, () => {}]) {
      assert.throws(() => ours.spawn('cat', { extended: true, input }), {
        code: 'ERR_INVALID_ARG_TYPE',
        name: 'TypeError'
      })
    }
    for (const stdio of ['ignore', 'inherit', ['ignore'], [0]]) {
      assert.throws(() => ours.spawn('cat', { extended: true, input: 'x', stdio }), { code: 'ERR_INVALID_ARG_VALUE' })
    }
    assert.throws(() => ours.execFile('cat', { extended: true, input: 'x', stdin: 'ignore' }), {
      code: 'ERR_INVALID_ARG_VALUE'
    })
  })
})

describe('without `extended`', deadline, () => {
  for (const [name, cp] of implementations) {
    it(`the options are ignored by ${name}`, async () => {
      // execa and zx hand on options of these names, and act on them themselves.
      const options = { input: 'not for us', encoding: 'utf8', stdin: 'ignore', extended: 1 }
      const child = cp.spawn('cat', options)
      const chunks = []
      child.stdout.on('data', chunk => chunks.push(chunk))
      child.stdin.end('for us')
      await closed(child)
      assert.equal(Buffer.concat(chunks).toString(), 'for us')

      const stdout = await new Promise(resolve => {
        cp.execFile('cat', options, (_, output) => resolve(output)).stdin.end('for us')
      })
      assert.equal(stdout, 'for us')
      assert.throws(() => cp.spawn('true', ['x'.repeat(3_000_000)], options), { code: 'E2BIG', syscall: 'spawn' })
    })
  }
})
