'use strict'

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')
const { node, ours } = require('./helpers/parity')
const { closed, record } = require('./helpers/record')

const deadline = { timeout: 120_000 }
const root = process.getuid?.() === 0

/** @type {Record<string, any[]>} */
const cases = {
  'a program with arguments': ['printf', ['%s|', 'a', '', 'b c', '"', '\\', 'ä漢😀', '\ud800']],
  'arguments left out': ['pwd'],
  'null for the arguments': ['pwd', null, { cwd: '/' }],
  'the options in their place': ['pwd', { cwd: '/' }],
  argv0: ['sh', ['-c', 'echo $0'], { argv0: 'another name' }],
  'argv0 of a program that looks at it': ['cat', ['/proc/self/cmdline'], { argv0: 'named' }],
  'a session of its own': ['sh', ['-c', 'test "$(cut -d" " -f6 /proc/$$/stat)" = $$'], { detached: true }],
  'the session of the parent': ['sh', ['-c', 'test "$(cut -d" " -f6 /proc/$$/stat)" != $$'], { detached: false }],
  windowsHide: ['echo', ['x'], { windowsHide: true, windowsVerbatimArguments: true }],
  'no signal blocked or ignored': ['grep', ['-E', 'Sig(Blk|Ign)', '/proc/self/status']],
  'two streams for three': ['sh', ['-c', 'echo x'], { stdio: ['ignore', 'pipe'] }],
  'more than 64 KiB of options': [
    'sh',
    ['-c', 'echo ${#A}'],
    { env: { A: 'x'.repeat(100_000), PATH: process.env.PATH } }
  ]
}
if (root) {
  cases['another user'] = ['sh', ['-c', 'id -u; id -g; id -G'], { uid: 65534, gid: 65534, cwd: '/' }]
  cases['another group'] = ['sh', ['-c', 'id -u; id -g'], { gid: 65534, cwd: '/' }]
}

describe('a child of spawn() is that of Node:', deadline, () => {
  for (const [name, args] of Object.entries(cases)) {
    it(name, async () => {
      assert.deepEqual(await record(ours.spawn(...args)), await record(node.spawn(...args)))
    })
  }
})

describe('spawn()', deadline, () => {
  it('starts many at once, each with its own pipes', async () => {
    const outputs = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => (await record(ours.spawn('echo', [String(i)]))).stdout)
    )
    assert.deepEqual(
      outputs,
      outputs.map((_, i) => `${i}\n`)
    )
  })

  it('lets the parent end before an unreferenced child', async () => {
    const script = `const child = require(${JSON.stringify(require.resolve('..'))})
      .spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
      child.unref()
      console.log(child.pid)`
    const { stdout, exitCode } = await record(ours.spawn(process.execPath, ['-e', script]))
    assert.equal(exitCode, 0)
    process.kill(Number(stdout), 'SIGKILL')
  })

  it('keeps the parent alive for a child without streams', async () => {
    const script = `require(${JSON.stringify(require.resolve('..'))})
      .spawn('sleep', ['0.2'], { stdio: 'ignore' }).on('exit', code => console.log('exit', code))`
    assert.equal((await record(ours.spawn(process.execPath, ['-e', script]))).stdout, 'exit 0\n')
  })

  it('raises what a listener throws, and goes on', async () => {
    const script = module => `process.on('uncaughtException', error => console.log(error.message))
      const child = require(${JSON.stringify(module)}).spawn('true', { stdio: 'ignore' })
      for (const event of ['spawn', 'exit']) child.on(event, () => { throw new Error(event) })
      child.on('close', () => console.log('close'))`
    const [shown, expected] = await Promise.all(
      [require.resolve('..'), 'node:child_process'].map(async module => {
        return (await record(ours.spawn(process.execPath, ['-e', script(module)]))).stdout
      })
    )
    assert.equal(shown, expected)
  })

  it('without a listener for its error ends the process, with the same message', async () => {
    const script = module => `require(${JSON.stringify(module)}).spawn('/nonexistent')`
    const [shown, expected] = await Promise.all(
      [require.resolve('..'), 'node:child_process'].map(async module => {
        const { stderr, exitCode } = await record(ours.spawn(process.execPath, ['-e', script(module)]))
        // Where it was thrown from is another file; what it is, is not.
        return [
          exitCode,
          stderr
            .split('\n')
            .filter(line => !line.startsWith('    at '))
            .join('\n')
        ]
      })
    )
    assert.deepEqual(shown, expected)
  })

  it('fails in a child that has been started before, or is over', async () => {
    for (const cp of [ours, node]) {
      const child = cp.spawn('true')
      await closed(child)
      assert.throws(() => child.spawn({ file: 'true' }), TypeError)
    }
  })
})
