'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { implementations, node, ours } = require('../helpers/parity')
const { closed, record, text } = require('../helpers/record')

const deadline = { timeout: 120_000 }
const megabytes = 8

for (const [name, { spawn }] of implementations) {
  describe(`the streams of a child of ${name}`, deadline, () => {
    it('carry much in both directions', async () => {
      const child = spawn('cat')
      const chunk = Buffer.alloc(1024 * 1024, 'x')
      let received = 0
      child.stdout.on('data', data => (received += data.length))
      for (let i = 0; i < megabytes; i++) child.stdin.write(chunk)
      child.stdin.end()
      await closed(child)
      assert.equal(received, megabytes * chunk.length)
    })

    it('tell back-pressure, and drain', async () => {
      const child = spawn('sh', ['-c', 'read line; exec cat >/dev/null'])
      let full = false
      for (let i = 0; i < 64 && !full; i++) full = !child.stdin.write(Buffer.alloc(64 * 1024))
      assert.ok(full)
      child.stdin.write('\n')
      await once(child.stdin, 'drain')
      child.stdin.end()
      assert.deepEqual(await closed(child), [0, null])
    })

    it('have EPIPE for a child that has closed its stdin', async () => {
      const child = spawn('sh', ['-c', 'exec <&-; echo closed; exec sleep 60'])
      await once(child.stdout, 'data')
      const write = () => child.stdin.write(Buffer.alloc(1024 * 1024))
      child.stdin.on('drain', write)
      write()
      const [error] = await once(child.stdin, 'error')
      assert.deepEqual([error.code, error.syscall], ['EPIPE', 'write'])
      child.kill()
      await closed(child)
    })

    it('end early when the child closes them, before it exits', async () => {
      const child = spawn('sh', ['-c', 'echo x; exec >&-; read line'])
      assert.equal(await text(child.stdout), 'x\n')
      assert.equal(child.exitCode, null)
      child.stdin.end('line\n')
      assert.deepEqual(await closed(child), [0, null])
    })

    it('fail the child that goes on writing when the parent has destroyed them', async () => {
      // A socket that is closed with output unread gives ECONNRESET, to whoever comes first.
      const writer = `const fs = require('node:fs')
        try { for (;;) fs.writeSync(1, Buffer.alloc(1e6)) } catch (error) { fs.writeSync(2, error.code) }`
      const child = spawn(process.execPath, ['-e', writer])
      await once(child.stdout, 'data')
      child.stdout.destroy()
      const { stderr } = await record(child)
      assert.match(stderr, /^(ECONNRESET|EPIPE)$/)
    })

    it('go both ways, stdout and stderr too', async () => {
      const child = spawn('sh', ['-c', 'read line <&1; echo "$line"; read line <&2; echo "$line" >&2'])
      for (const stream of [child.stdout, child.stderr]) {
        assert.deepEqual([stream.readable, stream.writable, stream.allowHalfOpen], [true, true, false])
      }
      child.stdout.write('out\n')
      child.stderr.write('err\n')
      const { stdout, stderr } = await record(child)
      assert.deepEqual([stdout, stderr], ['out\n', 'err\n'])
    })

    it('finish with the child', async () => {
      const child = spawn('echo', ['x'])
      const finished = [once(child.stdout, 'finish'), once(child.stderr, 'finish')]
      child.stdout.resume()
      child.stderr.resume()
      await Promise.all(finished)
    })

    it('are left to whoever holds their other end after the exit', async () => {
      const child = spawn('sh', ['-c', '(sleep 0.2; echo late) & echo early'])
      let exited = false
      let output = ''
      child.on('exit', () => (exited = true))
      child.stdout.on('data', data => (output += data))
      await closed(child)
      assert.ok(exited)
      assert.equal(output, 'early\nlate\n')
    })

    it('can be used as async iterables', async () => {
      let output = ''
      for await (const chunk of spawn('echo', ['x']).stdout) output += chunk
      assert.equal(output, 'x\n')
    })
  })
}

describe('the descriptors of the parent', deadline, () => {
  it('do not reach a child, those of its other children included', async () => {
    const other = ours.spawn('cat')
    const { stdout } = await record(ours.spawn('sh', ['-c', 'ls /proc/self/fd']))
    // ls has one more open, for the directory.
    assert.deepEqual(stdout.trim().split('\n'), ['0', '1', '2', '3'])
    other.kill()
    await closed(other)
  })

  it('do not reach a child even if they are not close-on-exec', async () => {
    // A descriptor that a process is started with has no such mark, and Node sets it on the lowest few only.
    const stdio = Array.from({ length: 60 }, (_, fd) => (fd === 1 ? 'pipe' : 'ignore'))
    stdio[59] = 'pipe'
    const script = `const { spawn } = require(${JSON.stringify(require.resolve('../..'))})
      console.log(require('node:fs').existsSync('/proc/self/fd/59'))
      spawn('ls', ['/proc/self/fd']).stdout.pipe(process.stdout)`
    const { stdout } = await record(node.spawn(process.execPath, ['-e', script], { stdio }))
    assert.deepEqual(stdout.trim().split('\n'), ['true', '0', '1', '2', '3'])
  })
})

/** How much a child can write to one descriptor before somebody has to read. */
async function capacity({ spawn }, descriptor, chunk) {
  const script = `const fs = require('node:fs')
    let written = 0
    for (;;) {
      try { written += fs.writeSync(${descriptor}, Buffer.alloc(${chunk})) } catch { break }
    }
    fs.writeSync(${3 - descriptor}, String(written))
    process.exit()`
  // Non-blocking, so that what is full is told: a Node child makes its own stdio so when it looks at process.stdout.
  const child = spawn(process.execPath, ['-e', `process.stdout._handle.setBlocking(false);${script}`])
  const [written] = await once(descriptor === 1 ? child.stderr : child.stdout, 'data')
  child.stdout.resume()
  child.stderr.resume()
  await closed(child)
  return Number(written)
}

describe('a child that nobody reads from', deadline, () => {
  for (const chunk of [100, 4096, 65_536]) {
    it(`gets as far as with Node, writing ${chunk} bytes at a time`, async () => {
      const [here, there] = [await capacity(ours, 1, chunk), await capacity(node, 1, chunk)]
      // Either parent may have read once before the child was done.
      assert.ok(here + 65_536 >= there, `${here} bytes, with Node ${there}`)
    })
  }

  it('does so beside a hundred others', async () => {
    const others = Array.from({ length: 100 }, () => ours.spawn('cat'))
    const last = ours.spawn('sh', ['-c', 'head -c 100000 /dev/zero; echo done >&2'])
    await once(last.stderr, 'data')
    for (const child of [...others, last]) child.kill()
    last.stdout.resume()
    await Promise.all([...others, last].map(closed))
  })
})
