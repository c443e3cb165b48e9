'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { inspect, promisify } = require('node:util')
const { fingerprint, implementations, node, ours } = require('./helpers/parity')
const { closed } = require('./helpers/record')

const deadline = { timeout: 120_000 }

/** What the callback gets, comparable. */
function result(cp, name, args, prepare = () => {}) {
  return new Promise(resolve => {
    const child = cp[name](...args, (error, stdout, stderr) => {
      resolve({ error: error && fingerprint(error), stdout, stderr })
    })
    prepare(child)
  })
}

const wide = '漢字漢字'
const encodings = [
  'utf8',
  'latin1',
  'hex',
  'base64',
  'utf16le',
  'ascii',
  'buffer',
  'UTF-8',
  'nonsense',
  null,
  undefined
]

/** @type {Record<string, [name: string, args: any[], prepare?: (child: any) => void]>} */
const cases = {
  'a command that succeeds': ['exec', ['echo out; echo err >&2']],
  'a command that fails': ['exec', ['echo out; echo err >&2; exit 3']],
  'a command that kills itself': ['exec', ['kill -KILL $$']],
  'a command that is not there': ['exec', ['nonexistent-command']],
  'a shell that is not there': ['exec', ['true', { shell: '/nonexistent' }]],
  'a program that is not there': ['execFile', ['/nonexistent', ['a', 'b']]],
  'a program that fails, with arguments': ['execFile', ['sh', ['-c', 'exit 4']]],
  'arguments that are no strings': ['execFile', ['sh', ['-c', 'exit $0', 5, null, undefined]]],
  'execFile with a shell': ['execFile', ['echo', ['$0', 'x'], { shell: true }]],
  'cwd, env and uid': ['exec', ['pwd; echo $A; id -u', { cwd: '/', env: { A: 'b', PATH: process.env.PATH }, uid: 0 }]],
  'options that are not for exec': ['exec', ['echo x', { stdio: 'ignore', detached: true, argv0: 'no' }]],
  'nothing but a program': ['execFile', ['true']],
  'a negative exit code': ['execFile', ['true'], child => child.emit('close', -1, null)],
  'an output that is exactly maxBuffer': ['exec', ['printf 0123456789', { maxBuffer: 10 }]],
  'an output beyond maxBuffer': ['exec', ['printf 0123456789', { maxBuffer: 9 }]],
  'an error output beyond maxBuffer': ['exec', ['printf 0123456789 >&2', { maxBuffer: 9 }]],
  'maxBuffer 0': ['exec', ['echo x', { maxBuffer: 0 }]],
  'maxBuffer null': ['exec', ['echo x; echo y >&2', { maxBuffer: null }]],
  'maxBuffer undefined': ['exec', ['head -c 3000000 /dev/zero', { maxBuffer: undefined }]],

  'a broken maxBuffer': ['exec', ['printf 0123456789', { maxBuffer: 4.5, encoding: 'buffer' }]],
  'maxBuffer Infinity': ['exec', ['head -c 3000000 /dev/zero', { maxBuffer: Infinity }]],
  'more than 1 MiB, the default': ['exec', ['head -c 1048577 /dev/zero; exec sleep 60']],
  'exactly 1 MiB': ['exec', ['head -c 1048576 /dev/zero']],
  'maxBuffer counts bytes and cuts characters': ['exec', [`printf ${wide}`, { maxBuffer: 10 }]],
  'maxBuffer and Buffers': ['exec', [`printf ${wide}`, { maxBuffer: 10, encoding: 'buffer' }]],
  'a child killed by its owner': ['exec', ['exec sleep 60'], child => child.kill('SIGINT')],
  'a timeout': ['exec', ['exec sleep 60', { timeout: 50, killSignal: 'SIGKILL' }]],
  'an encoding set on the stream': [
    'execFile',
    ['echo', ['x'], { encoding: null }],
    child => child.stdout.setEncoding('utf8')
  ],
  "'close' emitted by hand": ['exec', ['sleep 0.1'], child => child.emit('close', 7, null)],
  "'error' emitted by hand": ['exec', ['sleep 0.1'], child => child.emit('error', new Error('by hand'))],
  'a kill() that throws': [
    'exec',
    ['echo x', { maxBuffer: 0 }],
    child => {
      child.kill = () => {
        throw new Error('by hand')
      }
    }
  ],
  'a child without streams': [
    'execFile',
    ['true'],
    child => {
      child.stdout = null
      child.stderr = null
    }
  ]
}
for (const encoding of encodings) cases[`encoding ${encoding}`] = ['exec', ['printf "\\344x"', { encoding }]]

describe('exec() and execFile() call back with what Node gives:', deadline, () => {
  for (const [title, [name, args, prepare]] of Object.entries(cases)) {
    it(title, async () => {
      assert.deepEqual(await result(ours, name, args, prepare), await result(node, name, args, prepare))
    })
  }
})

for (const [name, cp] of implementations) {
  describe(`the promise forms of ${name}`, deadline, () => {
    it('resolve with both outputs and have the child', async () => {
      const promise = promisify(cp.exec)('echo out; echo err >&2')
      assert.ok(promise.child instanceof cp.ChildProcess)
      assert.deepEqual(await promise, { stdout: 'out\n', stderr: 'err\n' })
      assert.deepEqual(await promisify(cp.execFile)('echo', ['x']), { stdout: 'x\n', stderr: '' })
    })

    it('reject with the error and both outputs', async () => {
      await assert.rejects(promisify(cp.exec)('echo out; echo err >&2; exit 3'), {
        message: 'Command failed: echo out; echo err >&2; exit 3\nerr\n',
        code: 3,
        stdout: 'out\n',
        stderr: 'err\n'
      })
      await assert.rejects(promisify(cp.execFile)('/nonexistent'), { code: 'ENOENT', stdout: '', stderr: '' })
    })

    it('throw for wrong arguments, synchronously', () => {
      assert.throws(() => promisify(cp.exec)(1), { code: 'ERR_INVALID_ARG_TYPE' })
    })
  })

  describe(`exec() of ${name}`, deadline, () => {
    it('goes by way of the exported execFile()', t => {
      const { execFile } = cp
      t.after(() => {
        cp.execFile = execFile
      })
      cp.execFile = (...args) => args
      const callback = () => {}
      assert.deepEqual(cp.exec('command', { cwd: '/' }, callback), [
        'command',
        { __proto__: null, cwd: '/', shell: true },
        callback
      ])
    })

    it("emits 'close' late enough to be awaited after the failure", async () => {
      const failures = {
        'no start': () => cp.execFile('/nonexistent', () => {}),
        'an abort': () => {
          const controller = new AbortController()
          const child = cp.exec('exec sleep 60', { signal: controller.signal }, () => {})
          child.on('spawn', () => controller.abort())
          return child
        }
      }
      for (const [failure, start] of Object.entries(failures)) {
        const child = start()
        const order = []
        for (const event of ['exit', 'close']) child.on(event, () => order.push(event))
        const [error] = await once(child, 'error').catch(error => [error])
        assert.ok(error instanceof Error, failure)
        await closed(child)
        assert.equal(order.at(-1), 'close', failure)
      }
      const promise = promisify(cp.execFile)('/nonexistent')
      await assert.rejects(promise)
      await closed(promise.child)
    })

    it('names its listeners, which are printed with the child', async () => {
      const child = cp.exec('exit 0', () => {})
      const names = (emitter, event) => emitter.rawListeners(event).map(listener => inspect(listener))
      assert.deepEqual(
        [
          [child, 'close'],
          [child, 'error'],
          [child.stdout, 'data'],
          [child.stderr, 'data']
        ].map(([emitter, event]) => names(emitter, event)),
        [
          ['[Function: exithandler]'],
          ['[Function: errorhandler]'],
          ['[Function: onChildStdout]'],
          ['[Function: onChildStderr]']
        ]
      )
      await closed(child)
    })

    it('does without a callback', async () => {
      const child = cp.exec('exit 3')
      assert.equal(await new Promise(resolve => child.on('close', resolve)), 3)
    })
  })
}
