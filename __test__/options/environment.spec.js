'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { register } = require('node:module')
const { afterEach, beforeEach, describe, it } = require('node:test')
const { SHARE_ENV, Worker } = require('node:worker_threads')
const { setEnvPairs, usesOwnEnvironment } = require('../../lib/options/environment')
const { assertSameOutcome, implementations, node, ours } = require('../helpers/parity')
const { record } = require('../helpers/record')

const deadline = { timeout: 120_000 }
const printName = ['-c', 'printf %s "${RSCP_NAME-unset}"']

for (const [name, cp] of implementations) {
  const printed = async options => (await record(cp.spawn('sh', printName, options))).stdout

  describe(`the environment of a child of ${name}`, deadline, () => {
    afterEach(() => {
      delete process.env.RSCP_NAME
    })

    it('is that of the parent, as it is at that moment', async () => {
      assert.equal(await printed(), 'unset')
      process.env.RSCP_NAME = 'ä value\nof two lines'
      assert.equal(await printed(), 'ä value\nof two lines')
      for (const env of [undefined, null, process.env, { ...process.env }]) {
        assert.equal(await printed({ env }), 'ä value\nof two lines')
      }
      delete process.env.RSCP_NAME
      assert.equal(await printed(), 'unset')
    })

    it('is the given one and nothing else', async () => {
      process.env.RSCP_NAME = 'parent'
      assert.equal(await printed({ env: {} }), 'unset')
      assert.equal(await printed({ env: { RSCP_NAME: '' } }), '')
    })

    it('has inherited names, and not those that are undefined', async () => {
      assert.equal(await printed({ env: Object.create({ RSCP_NAME: 'inherited' }) }), 'inherited')
      assert.equal(await printed({ env: { RSCP_NAME: undefined } }), 'unset')
      assert.equal(await printed({ env: { RSCP_NAME: null } }), 'null')
    })

    it('cannot be given a second variable inside of a value', async () => {
      const value = { toString: () => 'cut\0RSCP_OTHER=smuggled' }
      const { stdout } = await record(cp.spawn('env', [], { env: { PATH: process.env.PATH, RSCP_NAME: value } }))
      assert.deepEqual(stdout.split('\n').slice(1), ['RSCP_NAME=cut', ''])
    })

    it('is what took the place of process.env', async () => {
      const original = process.env
      try {
        process.env = { ...original, RSCP_NAME: 'replaced' }
        assert.equal(await printed(), 'replaced')
      } finally {
        process.env = original
      }
    })

    it('is that of the Worker, in a Worker', async () => {
      process.env.RSCP_NAME = 'main'
      const script = `
        const { spawn } = require(${JSON.stringify(name === 'node:child_process' ? name : require.resolve('../..'))})
        process.env.RSCP_NAME = 'worker'
        spawn('sh', ${JSON.stringify(printName)}).stdout.once('data', data => {
          require('node:worker_threads').parentPort.postMessage(String(data))
        })`
      const worker = new Worker(script, { eval: true })
      assert.equal(await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject)), 'worker')
    })

    it('has NODE_V8_COVERAGE even if the given one has not', async t => {
      const before = process.env.NODE_V8_COVERAGE
      t.after(() => {
        if (before === undefined) delete process.env.NODE_V8_COVERAGE
        else process.env.NODE_V8_COVERAGE = before
      })
      process.env.NODE_V8_COVERAGE = '/tmp/coverage'
      const printCoverage = async env =>
        (await record(cp.spawn('sh', ['-c', 'printf %s "${NODE_V8_COVERAGE-unset}"'], { env }))).stdout
      assert.equal(await printCoverage({}), '/tmp/coverage')
      assert.equal(await printCoverage({ NODE_V8_COVERAGE: 'own' }), 'own')
      assert.equal(await printCoverage({ NODE_V8_COVERAGE: undefined }), 'unset')
      assert.equal(await printCoverage(Object.create({ NODE_V8_COVERAGE: 'inherited' })), '/tmp/coverage')
    })
  })

  describe(`envPairs of the options that reach ChildProcess.prototype.spawn() of ${name}`, deadline, () => {
    const { spawn } = cp.ChildProcess.prototype
    let patch

    beforeEach(() => {
      cp.ChildProcess.prototype.spawn = function (options) {
        patch(options)
        return spawn.call(this, options)
      }
    })
    afterEach(() => {
      cp.ChildProcess.prototype.spawn = spawn
      delete process.env.RSCP_NAME
    })

    it('can be read', async () => {
      process.env.RSCP_NAME = 'parent'
      patch = options => assert.ok(options.envPairs.includes('RSCP_NAME=parent'))
      assert.equal(await printed(), 'parent')
      patch = options => assert.deepEqual(options.envPairs, ['RSCP_NAME=given'])
      assert.equal(await printed({ env: { RSCP_NAME: 'given' } }), 'given')
    })

    it('can be extended', async () => {
      patch = options => options.envPairs.push('RSCP_NAME=pushed')
      assert.equal(await printed(), 'pushed')
    })

    it('can be replaced', async () => {
      patch = options => {
        options.envPairs = ['RSCP_NAME=replaced']
      }
      assert.equal(await printed(), 'replaced')
    })

    it('count when the options are copied', async () => {
      process.env.RSCP_NAME = 'parent'
      cp.ChildProcess.prototype.spawn = function (options) {
        return spawn.call(this, { ...options })
      }
      assert.equal(await printed(), 'parent')
    })
  })
}

describe('the environment of the process', deadline, () => {
  const requested = () => {
    const request = /** @type {any} */ ({ args: [] })
    setEnvPairs(request, undefined)
    return request
  }
  afterEach(() => {
    delete process.env.RSCP_NAME
  })

  it('may be replaced by an object that inherits, of which each Node takes what it does', t => {
    const original = process.env
    t.after(() => {
      process.env = original
    })
    const script = ['-c', 'printf "%s " "${RSCP_NAME-unset}" "${RSCP_OWN-unset}" "${RSCP_HIDDEN-unset}"']
    const prototype = { RSCP_NAME: 'inherited', PATH: original.PATH }
    const properties = { RSCP_OWN: { get: () => 'own', enumerable: true }, RSCP_HIDDEN: { value: 'hidden' } }
    process.env = Object.create(prototype, properties)
    const outputs = [node, ours].map(cp =>
      [undefined, process.env].map(env => String(cp.spawnSync('sh', script, { env }).stdout))
    )
    assert.deepEqual(outputs[1], outputs[0])
    assert.equal(outputs[1][1], 'inherited own unset ')
  })

  it('is read by the core, but not while a Worker may change it', async () => {
    assert.equal(usesOwnEnvironment(requested()), true)
    const early = requested()
    const script = `
      const { parentPort } = require('node:worker_threads')
      process.env.RSCP_NAME = 'worker'
      parentPort.postMessage('set')
      parentPort.once('message', () => {})`
    const worker = new Worker(script, { eval: true, env: SHARE_ENV })
    // At once: it may run already.
    assert.equal(usesOwnEnvironment(early), false)
    assert.equal(usesOwnEnvironment(requested()), false)

    await once(worker, 'message')
    for (const cp of [ours, node]) {
      assert.equal((await record(cp.spawn('sh', printName))).stdout, 'worker')
      assert.equal(String(cp.spawnSync('sh', printName).stdout), 'worker')
    }
    worker.postMessage('end')
    await once(worker, 'exit')
    assert.equal(worker.listenerCount('exit'), 0)
    assert.equal(usesOwnEnvironment(requested()), true)
    assert.equal((await record(ours.spawn('sh', printName))).stdout, 'worker')
  })

  it("is read by the core although Node has a thread for an application's hooks", async () => {
    register('data:text/javascript,export {}')
    await import('data:text/javascript,export {}')
    assert.equal(usesOwnEnvironment(requested()), true)
  })
})

describe('the options of the caller', deadline, () => {
  it('are not changed, nor are the arguments and the environment', async () => {
    const env = Object.freeze({ PATH: process.env.PATH })
    const stdio = Object.freeze(['pipe'])
    const args = Object.freeze(['-c', 'true'])
    const { exitCode } = await record(ours.spawn('sh', args, Object.freeze({ env, stdio, shell: false })))
    assert.equal(exitCode, 0)
  })

  it('are not the only ones: what was put on Object.prototype becomes a variable', t => {
    t.after(() => {
      delete Object.prototype.RSCP_NAME
      delete process.env.RSCP_NAME
    })
    const printed = (cp, env) => String(cp.spawnSync('sh', printName, { env }).stdout)
    const environments = [undefined, null, process.env, { ...process.env }, { __proto__: null, ...process.env }]
    const expected = ['inherited', 'inherited', 'inherited', 'inherited', 'unset']

    Object.assign(Object.prototype, { RSCP_NAME: 'inherited' })
    for (const cp of [node, ours])
      assert.deepEqual(
        environments.map(env => printed(cp, env)),
        expected
      )
    process.env.RSCP_NAME = 'own'
    for (const cp of [node, ours]) assert.equal(printed(cp), 'own')
    delete process.env.RSCP_NAME
    for (const value of ['with\0nul', Symbol('value'), undefined]) {
      Object.assign(Object.prototype, { RSCP_NAME: value })
      assertSameOutcome(cp => cp.spawnSync('true'))
      assertSameOutcome(cp => cp.spawn('true'))
    }
  })

  it('are looked up on themselves only', async t => {
    const polluted = {
      cwd: '/nonexistent',
      uid: 42n,
      gid: 'x',
      shell: '/nonexistent',
      argv0: 1,
      stdio: 1,
      env: { A: 1 }
    }
    t.after(() => {
      for (const key of Object.keys(polluted)) delete Object.prototype[key]
    })
    Object.assign(Object.prototype, polluted)
    const results = []
    for (const cp of [ours, node]) {
      const spawned = await record(cp.spawn('echo', ['x'], { windowsHide: true }))
      const executed = await new Promise(resolve => cp.exec('echo y', (...result) => resolve(result)))
      results.push([spawned.stdout, spawned.exitCode, executed])
    }
    assert.deepEqual(results[0], ['x\n', 0, [null, 'y\n', '']])
    assert.deepEqual(results[0], results[1])
  })
})
