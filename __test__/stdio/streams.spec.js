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
      const child = spawn('sh', ['-c', 'while echo x; do :; done 2>/dev/null'])
      await once(child.stdout, 'data')
      child.stdout.destroy()
      const end = await closed(child)
      // Node's sockets, closed with output unread, give the child ECONNRESET; pipes give it what it expects.
      if (spawn === ours.spawn) assert.deepEqual(end, [null, 'SIGPIPE'])
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

describe('pipes, not sockets, are what a child has', deadline, () => {
  it('so that it can open them by name', async () => {
    const child = ours.spawn('sh', ['-c', 'cat /dev/stdin; echo out >/dev/stdout; echo err >/dev/stderr'])
    child.stdin.end('in\n')
    const { stdout, stderr } = await record(child)
    assert.deepEqual([stdout, stderr], ['in\nout\n', 'err\n'])
  })
})

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

// A default pipe would be full after 64 KB, where Node's socket pairs take 100 to 200, depending on the release.
describe('the pipes of a child', deadline, () => {
  for (const [descriptor, other] of [
    [1, 'stderr'],
    [2, 'stdout']
  ]) {
    it(`take 250 KB of descriptor ${descriptor} that nobody reads`, async () => {
      const script = `head -c 250000 /dev/zero >&${descriptor}; echo done >&${3 - descriptor}`
      const child = ours.spawn('sh', ['-c', script])
      const watchdog = setTimeout(() => child.kill('SIGKILL'), 60_000)
      const [chunk] = await once(child[other], 'data')
      assert.equal(String(chunk), 'done\n')
      assert.deepEqual(await closed(child), [0, null])
      clearTimeout(watchdog)
    })
  }
})
