'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { closed } = require('../helpers/record')
const { ours } = require('../helpers/parity')

const deadline = { timeout: 60_000 }

describe('encoding of spawn', deadline, () => {
  it('keeps characters together that are split between chunks', async () => {
    const script = `
      const bytes = Buffer.from('漢😀')
      const write = i => i < bytes.length && process.stdout.write(bytes.subarray(i, i + 1), () => setImmediate(write, i + 1))
      write(0)`
    const child = ours.spawn(process.execPath, ['-e', script], { extended: true, encoding: 'utf8' })
    const chunks = []
    child.stdout.on('data', chunk => chunks.push(chunk))
    await closed(child)
    assert.equal(chunks.join(''), '漢😀')
    for (const chunk of chunks) assert.equal(typeof chunk, 'string')
  })

  it('is that of stderr too, and has to be one', async () => {
    const child = ours.spawn('sh', ['-c', 'echo out; echo err >&2'], { extended: true, encoding: 'hex' })
    const heard = {}
    child.stdout.on('data', chunk => (heard.stdout = chunk))
    child.stderr.on('data', chunk => (heard.stderr = chunk))
    await closed(child)
    assert.deepEqual(heard, { stdout: '6f75740a', stderr: '6572720a' })

    assert.throws(() => ours.spawn('true', { extended: true, encoding: 'utf-9' }), { code: 'ERR_INVALID_ARG_VALUE' })
    const [chunk] = await once(ours.spawn('echo', { extended: true, encoding: 'buffer' }).stdout, 'data')
    assert.ok(Buffer.isBuffer(chunk))
  })
})

describe('stdin of exec and execFile', deadline, () => {
  it("'ignore' gives the child an end at once", async () => {
    for (const [name, command] of [
      ['exec', 'cat; readlink /proc/self/fd/0'],
      ['execFile', 'cat']
    ]) {
      const child = ours[name](command, { extended: true, stdin: 'ignore' })
      assert.equal(child.stdin, null)
      assert.deepEqual(await closed(child), [0, null])
    }
  })

  it('can be what an entry of stdio can be', async () => {
    const { openSync, closeSync } = require('node:fs')
    const fd = openSync(__filename)
    const output = await new Promise(resolve => {
      ours.execFile('head', ['-n', '1'], { extended: true, stdin: fd }, (_, stdout) => resolve(stdout))
    })
    closeSync(fd)
    assert.equal(output, "'use strict'\n")
  })
})

describe('a list of arguments that is too long', deadline, () => {
  const args = ['x'.repeat(3_000_000)]

  it("is an 'error' event, and reaches the callback", async () => {
    const child = ours.spawn('true', args, { extended: true })
    const events = []
    child.on('error', error => events.push(['error', error.code, error.syscall, error.path]))
    child.on('close', code => events.push(['close', code]))
    await closed(child)
    assert.deepEqual(events, [
      ['error', 'E2BIG', 'spawn true', 'true'],
      ['close', -7]
    ])

    const error = await new Promise(resolve => ours.execFile('true', args, { extended: true }, resolve))
    assert.equal(error.code, 'E2BIG')
    assert.ok(error.cmd === `true ${args[0]}`)
  })
})

describe("'close' of child.stdin", deadline, () => {
  it('comes when the child closes its end, before its exit', async () => {
    const child = ours.spawn('sh', ['-c', 'exec 0<&-; read line <&3'], {
      extended: true,
      stdio: ['pipe', 'ignore', 'inherit', 'pipe']
    })
    await once(child.stdin, 'close')
    assert.equal(child.exitCode, null)
    child.stdio[3].end('\n')
    assert.deepEqual(await closed(child), [0, null])
  })

  it('comes for exec and execFile as well, if somebody looks', async () => {
    const child = ours.execFile('sh', ['-c', 'exec 0<&-; exec sleep 60'], { extended: true })
    await once(child.stdin, 'close')
    assert.equal(child.exitCode, null)
    child.kill()
    await closed(child)
  })

  it('waits for what is being written, and does not keep the parent', () => {
    const script = `
      const { spawn } = require(${JSON.stringify(require.resolve('../..'))})
      const child = spawn('sh', ['-c', 'sleep 60'], { extended: true, stdio: ['pipe', 'ignore', 'ignore'] })
      child.unref()
      process.on('exit', () => child.kill())`
    const { status, signal } = ours.spawnSync(process.execPath, ['-e', script], { timeout: 30_000 })
    assert.deepEqual({ status, signal }, { status: 0, signal: null })
  })
})

describe('await using', deadline, () => {
  it('waits for the end, and kills a child that does not go', async () => {
    for (const [script, forceKillAfterDelay, signal] of [
      ['echo; exec sleep 60', undefined, 'SIGTERM'],
      ["trap '' TERM; echo; read line", 100, 'SIGKILL']
    ]) {
      const child = ours.spawn('sh', ['-c', script], { extended: true, forceKillAfterDelay })
      await once(child.stdout, 'data')
      await child[Symbol.asyncDispose]()
      assert.equal(child.signalCode, signal)
      await child[Symbol.asyncDispose]()
    }
  })

  it('has nothing to do for a child that is over, or never was', async () => {
    const child = ours.spawn('true', { extended: true })
    await closed(child)
    await child[Symbol.asyncDispose]()
    const failed = ours.spawn('/nonexistent', { extended: true }).on('error', () => {})
    await failed[Symbol.asyncDispose]()
  })

  it('is not there on a child of the plain kind, which Node kills without waiting', () => {
    assert.equal(Symbol.asyncDispose in ours.spawn('true'), false)
  })
})
