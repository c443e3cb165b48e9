'use strict'

// Whether and when somebody touches the streams of a child of exec() must make no difference to what the callback gets,
// and the streams must emit what Node's would: the rest of the output, whole.

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { StringDecoder } = require('node:string_decoder')
const { setTimeout: sleep } = require('node:timers/promises')
const { marker } = require('../helpers/marker')
const { implementations, ours } = require('../helpers/parity')
const { random } = require('../helpers/random')

const deadline = { timeout: 120_000 }

const alphabet = ['a', 'bc\n', 'é', '漢', '😀', '\xa0', 'zzzz']

/** What a child is to write: `[stream, bytes, pause]`. */
function plan(below) {
  const writes = []
  const large = below(6) === 0
  for (let i = below(6); i >= 0; i--) {
    let text = ''
    for (let j = below(12); j >= 0; j--) text += alphabet[below(alphabet.length)]
    let bytes = Buffer.from(text.repeat(large ? 1 + below(40_000) : 1 + below(200)))
    // Characters cut in two, and now and then malformed.
    if (below(3) === 0) bytes = bytes.subarray(0, below(bytes.length) + 1)
    if (below(12) === 0) bytes = Buffer.concat([bytes, Buffer.from([0xff, 0xc0])])
    writes.push([1 + below(2), bytes, below(4)])
  }
  return writes
}

// Written by a shell from files in memory would be too regular: a child of Node cuts and waits as it is told.
const writer = `
  const fs = require('node:fs')
  const wait = new Int32Array(new SharedArrayBuffer(4))
  for (const [fd, bytes, pause] of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    const data = Buffer.from(bytes, 'base64')
    for (let at = 0; at < data.length; ) {
      at += fs.writeSync(fd, data, at)
    }
    Atomics.wait(wait, 0, 0, pause * 3)
  }
`

const touches = {
  'a listener': stream => {
    const chunks = []
    stream.on('data', chunk => chunks.push(chunk))
    return () => chunks
  },
  'a listener with an encoding of its own': (stream, encoding) => {
    const chunks = []
    stream.setEncoding(encoding === null ? 'latin1' : 'utf8').on('data', chunk => chunks.push(chunk))
    return () => chunks
  },
  iteration: stream => {
    const chunks = []
    const reading = (async () => {
      for await (const chunk of stream) chunks.push(chunk)
    })()
    return async () => {
      await reading
      return chunks
    }
  },
  'a look': stream => () => (stream.readable, undefined),
  'a pause': stream => {
    stream.pause()
    setTimeout(() => stream.resume(), 3)
    return () => undefined
  }
}

/** One run: a random plan, touched at a random time in a random way. */
async function run(seed, cp) {
  const below = random(seed)
  const writes = plan(below)
  const encoding = [undefined, 'utf8', 'latin1', 'utf16le', 'base64', 'hex', 'ascii', 'buffer', null][below(9)]
  const delay = below(4) === 0 ? -1 : below(30)
  const kind = Object.keys(touches)[below(Object.keys(touches).length)]
  const name = below(2) === 0 ? 'stdout' : 'stderr'
  const options = { maxBuffer: below(2) === 0 ? Infinity : 1 << 26, ...(encoding === undefined ? {} : { encoding }) }

  let emitted
  const result = await new Promise((resolve, reject) => {
    const child = cp.execFile(process.execPath, ['-e', writer], options, (error, stdout, stderr) => {
      if (error) reject(error)
      else resolve({ stdout, stderr })
    })
    child.stdin.end(JSON.stringify(writes.map(([fd, bytes, pause]) => [fd, bytes.toString('base64'), pause])))
    const touch = () => (emitted = touches[kind](child[name], encoding === undefined ? 'utf8' : encoding))
    // Node itself takes 30 ms to start: count from its first output.
    if (delay === -1) touch()
    else sleep(25 + delay).then(touch, reject)
  })
  return { writes, encoding, delay, kind, name, result, emitted: await emitted?.() }
}

/** What a stream's bytes are in the callback. */
function expected(writes, fd, encoding) {
  const bytes = Buffer.concat(writes.filter(([to]) => to === fd).map(([, bytes]) => bytes))
  if (encoding === 'buffer' || encoding === null) return bytes
  const decoder = new StringDecoder(encoding ?? 'utf8')
  return decoder.write(bytes) + decoder.end()
}

const join = chunks => (typeof chunks[0] === 'string' ? chunks.join('') : Buffer.concat(chunks).toString('latin1'))

describe('touching the streams of a child of exec()', deadline, () => {
  const first = Number(process.env.TOUCH_SEED ?? Date.now() % 1e6)
  for (const [implementation, cp] of implementations) {
    it(`loses nothing and brings nothing twice, as ${implementation} (TOUCH_SEED=${first})`, async () => {
      // Node is here to show that the property holds there too.
      const runs = cp === ours ? 48 : 12
      for (let seed = first; seed < first + runs; seed += 4) {
        await Promise.all(
          [0, 1, 2, 3].map(async offset => {
            const { writes, encoding, kind, name, delay, result, emitted } = await run(seed + offset, cp)
            const label = `TOUCH_SEED=${seed + offset}: ${kind} on ${name} after ${delay} ms, ${encoding}`
            if (kind !== 'a listener with an encoding of its own') {
              for (const [fd, one] of [
                [1, 'stdout'],
                [2, 'stderr']
              ]) {
                assert.ok(same(result[one], expected(writes, fd, encoding)), `${label}: ${one}`)
              }
              if (emitted) assert.ok(asText(result[name]).endsWith(join(emitted)), `${label}: what was emitted`)
            }
            // Touched at once, it emits all.
            if (delay === -1 && emitted) assert.equal(join(emitted), asText(result[name]), label)
          })
        )
      }
    })
  }
})

const asText = value => (typeof value === 'string' ? value : value.toString('latin1'))
const same = (one, other) => (typeof one === 'string' ? one === other : Buffer.isBuffer(other) && one.equals(other))

for (const [implementation, cp] of implementations) {
  describe(`a child of ${implementation}`, deadline, () => {
    it('emits only what comes after a late touch', async () => {
      const { env, seen } = marker()
      const { promise, child } = callback(done => cp.exec('echo one; : >$MARKER; read line; echo two', { env }, done))
      await seen()
      const late = []
      child.stdout.on('data', chunk => late.push(chunk))
      child.stdin.end('go\n')
      assert.deepEqual(await promise, [null, 'one\ntwo\n', ''])
      assert.deepEqual(late, ['two\n'])
    })

    it('keeps the beginning of a character for who comes late', async () => {
      const { env, seen } = marker()
      const script = 'printf "a\\346\\274"; : >$MARKER; read line; printf "\\242b"'
      const { promise, child } = callback(done => cp.exec(script, { env }, done))
      await seen()
      const late = []
      child.stdout.on('data', chunk => late.push(chunk))
      child.stdin.end('go\n')
      assert.deepEqual(await promise, [null, 'a漢b', ''])
      assert.deepEqual(late, ['漢b'])
    })

    it('has streams that have ended after its end', async () => {
      const { promise, child } = callback(done => cp.exec('echo out', done))
      await promise
      const { destroyed, readable, readableEnded, closed, bytesRead, readableEncoding } = child.stdout
      assert.deepEqual(
        { destroyed, readable, readableEnded, closed, bytesRead, readableEncoding },
        {
          destroyed: true,
          readable: false,
          readableEnded: true,
          closed: true,
          bytesRead: 4,
          readableEncoding: 'utf8'
        }
      )
      assert.equal(child.stdout, child.stdio[1])
      assert.equal(child.stderr, child.stdio[2])
      for await (const chunk of child.stdout) assert.fail(chunk)
    })

    it('goes on after a stream has been destroyed', async () => {
      const { promise, child } = callback(done => cp.exec('read line; echo err >&2; exit 3', done))
      await sleep(50)
      child.stdout.destroy()
      child.stdin.end('go\n')
      const [error, stdout, stderr] = await promise
      assert.deepEqual([error.code, stdout, stderr], [3, '', 'err\n'])
    })

    it('can be piped in the middle of much output', async () => {
      const { env, seen } = marker()
      const options = { env, maxBuffer: Infinity, encoding: 'buffer' }
      const script = 'head -c 20000000 /dev/zero; : >$MARKER; read line; echo end'
      const { promise, child } = callback(done => cp.exec(script, options, done))
      await seen()
      const { PassThrough } = require('node:stream')
      const target = child.stdout.pipe(new PassThrough())
      child.stdin.end('go\n')
      const piped = []
      target.on('data', chunk => piped.push(chunk))
      const end = once(target, 'end')
      const [error, stdout] = await promise
      assert.equal(error, null)
      assert.equal(stdout.length, 20_000_004)
      await end
      // What was still in the pipe comes before.
      assert.match(Buffer.concat(piped).toString(), /^\0{0,2000000}end\n$/)
    })

    it('hands its output over when it is destroyed in the middle', async () => {
      const { promise, child } = callback(done => cp.exec('exec cat /dev/zero', { maxBuffer: Infinity }, done))
      await sleep(100)
      child.stdout.destroy()
      const [error, stdout] = await promise
      // A socket, which is what it has in Node, may be reset instead.
      assert.ok(error.signal === 'SIGPIPE' || error.code === 1)
      assert.equal(stdout, '\0'.repeat(stdout.length))
    })

    it("calls back with what there is when 'close' is emitted by hand, and drains the rest", async () => {
      const { env, seen } = marker()
      const script = 'echo early; : >$MARKER; read line; head -c 300000 /dev/zero'
      const { promise, child } = callback(done => cp.exec(script, { env }, done))
      await seen()
      child.emit('close', 0, null)
      assert.deepEqual(await promise, [null, 'early\n', ''])
      child.stdin.end('go\n')
      assert.deepEqual(await once(child, 'exit'), [0, null])
    })

    it('looks the same when printed', async () => {
      const { promise, child } = callback(done => cp.exec('echo x', done))
      const shown = require('node:util').inspect(child, { depth: 0 })
      assert.match(shown, /stdin: \[Socket\],\n {2}stdout: \[Socket\],\n {2}stderr: \[Socket\],\n {2}stdio: \[Array\]/)
      assert.equal(shown.includes('inspect.custom'), false)
      await promise
    })

    it('can have its streams replaced', async () => {
      const { promise, child } = callback(done => cp.exec('echo x >&2', done))
      child.stdout = null
      assert.deepEqual([child.stdout, Object.keys(child).at(-1)], [null, 'stdio'])
      assert.deepEqual(await promise, [null, '', 'x\n'])
    })
  })
}

/** The child and a promise of what its callback gets. */
function callback(start) {
  let child
  const promise = new Promise(resolve => {
    child = start((...args) => resolve(args))
  })
  return { promise, child }
}
