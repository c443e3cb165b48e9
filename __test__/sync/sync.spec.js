'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, describe, test } = require('node:test')
const { setImmediate } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { assertSameOutcome, fingerprint, implementations, node, ours } = require('../helpers/parity')

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-cp-sync-'))
after(() => fs.rmSync(directory, { recursive: true }))
const plain = path.join(directory, 'plain')
fs.writeFileSync(plain, 'no program', { mode: 0o644 })

/**
 * A result with what differs from run to run taken out, and its error as fingerprint.
 * @param {any} result
 */
function comparable(result) {
  const { error, pid, ...rest } = result
  return { keys: Object.keys(result), error: error && fingerprint(error), started: pid > 0, ...rest }
}

/**
 * @param {string} label
 * @param {(childProcess: typeof node) => any} run
 */
function sameResult(label, run) {
  test(label, () => assert.deepEqual(comparable(run(/** @type {any} */ (ours))), comparable(run(node))))
}

const sh = (/** @type {string} */ script, /** @type {any} */ options) => (/** @type {typeof node} */ childProcess) =>
  childProcess.spawnSync('/bin/sh', ['-c', script], options)

/**
 * What a timeout leaves of a child that does not end. A busy machine may take its time to start the child: where nothing
 * has come of it, the next try has a longer timeout.
 * @param {string} file
 * @param {string[]} args
 * @param {any} [options]
 */
const timedOut = (file, args, options) => (/** @type {typeof node} */ childProcess) => {
  for (let timeout = 200; ; timeout *= 4) {
    const result = childProcess.spawnSync(file, args, { ...options, timeout })
    if (result.stdout.length > 0 || timeout > 10_000) return result
  }
}

describe('spawnSync gives what Node gives', () => {
  sameResult('output and status', sh('echo out; echo err >&2; exit 3'))
  sameResult('text', sh('echo "äöü"', { encoding: 'utf8' }))
  sameResult('text in another encoding', sh('printf "\\351"', { encoding: 'latin1' }))
  sameResult('buffers by name', sh('echo x', { encoding: 'buffer' }))
  sameResult('a signal', sh('kill -9 $$'))
  sameResult('no pipes', sh('exit 1', { stdio: 'ignore' }))
  sameResult('some pipes', sh('echo out; echo err >&2', { stdio: ['ignore', 'pipe', 'ignore'] }))
  sameResult('pipes above 2', sh('echo three >&3; echo four >&4', { stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'] }))
  sameResult('a descriptor', childProcess => {
    const fd = fs.openSync(plain, 'r')
    const result = sh('cat <&3', { stdio: ['pipe', 'pipe', 'pipe', fd] })(childProcess)
    fs.closeSync(fd)
    return result
  })
  sameResult('shell', childProcess => childProcess.spawnSync('echo $0 | cat', { shell: true, encoding: 'utf8' }))
  sameResult('argv0', childProcess => childProcess.spawnSync('/bin/sh', ['-c', 'echo $0'], { argv0: 'other' }))
  sameResult('cwd and env', sh('pwd; env', { cwd: '/usr', env: { PATH: '/bin', A: '1', B: undefined } }))
  sameResult('a missing file', childProcess => childProcess.spawnSync('no-such-file', ['a', 'b']))
  sameResult('a file that is no program', childProcess => childProcess.spawnSync(plain))
  sameResult('a missing cwd', sh('true', { cwd: '/no/such/directory' }))
  sameResult('a cwd that is a file', sh('true', { cwd: plain }))
  sameResult('an empty cwd, which is missing', childProcess => childProcess.spawnSync('pwd', { cwd: '' }))
  sameResult('a cwd as Buffer', childProcess =>
    childProcess.spawnSync('pwd', { cwd: /** @type {any} */ (Buffer.from('/')) })
  )
  sameResult('a cwd as bytes, which are no path', childProcess =>
    childProcess.spawnSync('pwd', { cwd: /** @type {any} */ (new Uint8Array([47])) })
  )
  sameResult('too long an argument', childProcess => childProcess.spawnSync('true', ['x'.repeat(200_000)]))
  sameResult('a timeout', sh('exec sleep 20', { timeout: 100 }))
  sameResult('a timeout with another signal', sh('exec sleep 20', { timeout: 100, killSignal: 'SIGKILL' }))
  sameResult('what came before the timeout', timedOut('/bin/sh', ['-c', 'echo early; exec sleep 20']))
  sameResult('an input that nobody reads', sh('exec 0<&-; sleep 0.1', { input: Buffer.alloc(4 << 20) }))
  // Node 22 to 26 have room for 143 KB, and Node 20 for 214 KB.
  for (const [label, script] of [
    ['not read', 'exec sleep 0.1'],
    ['read in part', 'head -c 10 >&2; exec sleep 0.1']
  ]) {
    sameResult(`a small input that is ${label}`, sh(script, { input: Buffer.alloc(10_000) }))
    sameResult(`an input that is ${label} and fits into the buffers`, sh(script, { input: Buffer.alloc(140_000) }))
    sameResult(`an input that is ${label} and does not fit`, sh(script, { input: Buffer.alloc(300_000) }))
    sameResult(`a large input that is ${label}`, sh(script, { input: Buffer.alloc(1 << 20) }))
  }
  sameResult('an input that was not read when the child ended', sh('exec true', { input: Buffer.alloc(1 << 20) }))
  sameResult(
    'a timeout with an input that nobody reads',
    sh('exec 0<&-; exec sleep 20', { input: Buffer.alloc(4 << 20), timeout: 200 })
  )
  sameResult('exactly maxBuffer', sh('head -c 1000 /dev/zero', { maxBuffer: 1000 }))
  sameResult('maxBuffer 0, which is no limit', sh('head -c 1000 /dev/zero', { maxBuffer: 0 }))
  sameResult('undefined maxBuffer, which is no limit', sh('head -c 2000000 /dev/zero', { maxBuffer: undefined }))
})

test('what cannot be turned into a string throws, in spawn() not in every version', () => {
  const throwing = {
    toString() {
      throw new RangeError('no text')
    }
  }
  for (const value of [Symbol('argument'), throwing, Object.create(null)]) {
    const args = /** @type {any} */ (['before', value, 'after'])
    assertSameOutcome(childProcess => childProcess.spawnSync('echo', args))
    assertSameOutcome(childProcess => childProcess.execFileSync('echo', args))
    assertSameOutcome(childProcess => childProcess.spawn('echo', args, { stdio: 'ignore' }))
    assertSameOutcome(childProcess => childProcess.spawnSync('echo', { env: { NAME: /** @type {any} */ (value) } }))
  }
})

describe('input', () => {
  const bytes = new Uint8Array([104, 105, 10, 33])
  const inputs = {
    string: 'höllo',
    buffer: Buffer.from('buffer'),
    'typed array': new Uint16Array(bytes.buffer),
    'a view in the middle': bytes.subarray(1, 3),
    DataView: new DataView(bytes.buffer, 1),
    empty: '',
    large: Buffer.alloc(5 << 20, 'abc')
  }
  for (const [kind, input] of Object.entries(inputs)) {
    sameResult(kind, childProcess => childProcess.spawnSync('cat', { input, maxBuffer: Infinity }))
  }
  sameResult('a string in hex', childProcess => childProcess.spawnSync('cat', { input: '6869', encoding: 'hex' }))
  test('wrong types', () => {
    for (const input of [1, true, {}, [], () => {}, Symbol('x')]) {
      assertSameOutcome(childProcess => childProcess.spawnSync('true', { input: /** @type {any} */ (input) }))
    }
  })
})

describe('limits', () => {
  test('a fraction as maxBuffer is less than a byte', () => {
    const run = (/** @type {typeof node} */ childProcess, /** @type {number} */ maxBuffer) => {
      const result = childProcess.spawnSync('/bin/sh', ['-c', 'printf ab; exec sleep 20'], {
        maxBuffer,
        timeout: 20_000
      })
      return [/** @type {any} */ (result.error).code, String(result.stdout)]
    }
    for (const maxBuffer of [Number.MIN_VALUE, 0.5, 1.5]) {
      assert.deepEqual(run(/** @type {any} */ (ours), maxBuffer), ['ENOBUFS', 'ab'])
      assert.deepEqual(run(node, maxBuffer), ['ENOBUFS', 'ab'])
    }
    for (const maxBuffer of [2, 2.5]) {
      assertSameOutcome(childProcess => childProcess.execFileSync('printf', ['ab'], { maxBuffer }))
    }
  })

  for (const [name, childProcess] of implementations) {
    test(`${name}: output beyond maxBuffer ends the child and is kept`, () => {
      const result = childProcess.spawnSync('/bin/sh', ['-c', 'echo hello world; exec sleep 20'], { maxBuffer: 1 })
      assert.equal(/** @type {any} */ (result.error).code, 'ENOBUFS')
      assert.equal(String(result.stdout), 'hello world\n')
      assert.deepEqual([result.status, result.signal], [null, 'SIGTERM'])
    })

    test(`${name}: a flood is stopped by the timeout`, () => {
      const result = timedOut('yes', [], { maxBuffer: Infinity })(childProcess)
      assert.equal(/** @type {any} */ (result.error).code, 'ETIMEDOUT')
      assert.ok(result.stdout.length > 1000)
    })

    test(`${name}: a grandchild that keeps the pipe is waited for`, () => {
      const result = childProcess.spawnSync('/bin/sh', ['-c', '(sleep 0.3; echo late) & echo early'])
      assert.equal(String(result.stdout), 'early\nlate\n')
    })

    test(`${name}: a grandchild that keeps the pipe does not outlast the timeout`, () => {
      const result = timedOut('/bin/sh', ['-c', 'sleep 20 & echo early'])(childProcess)
      assert.equal(/** @type {any} */ (result.error).code, 'ETIMEDOUT')
      assert.deepEqual([result.status, String(result.stdout)], [0, 'early\n'])
    })
  }
})

describe('execSync and execFileSync', () => {
  test('throw what Node throws', () => {
    assertSameWithoutPid(childProcess => childProcess.execFileSync('pwd', { cwd: '', stdio: 'pipe' }))
    assertSameWithoutPid(childProcess => childProcess.execSync('pwd', { cwd: '', stdio: 'pipe' }))
    for (const stdio of [undefined, 'pipe', 'ignore']) {
      const options = { stdio: /** @type {any} */ (stdio) }
      if (stdio !== undefined) {
        assertSameWithoutPid(childProcess => childProcess.execSync('echo out; echo err >&2; exit 3', options))
        assertSameWithoutPid(childProcess => childProcess.execFileSync('/bin/sh', ['-c', 'exit 4'], options))
      }
      assertSameWithoutPid(childProcess => childProcess.execFileSync('no-such-file', ['a'], options))
      assertSameWithoutPid(childProcess => childProcess.execSync('kill -9 $$', options))
    }
    assertSameWithoutPid(childProcess => childProcess.execSync('exec sleep 20', { timeout: 100 }))
  })

  test('check the arguments before they are joined for a message', () => {
    for (const args of [0, true, 'text', () => {}]) {
      assertSameOutcome(childProcess => childProcess.execFileSync('true', /** @type {any} */ (args)))
    }
    assertSameOutcome(childProcess => childProcess.execFileSync(/** @type {any} */ (Symbol('file'))))
    assertSameOutcome(childProcess => childProcess.execFileSync('true', [], { timeout: -1 }))
  })

  test('give stdout', () => {
    assert.equal(ours.execSync('echo text', { encoding: 'utf8' }), 'text\n')
    assert.deepEqual(ours.execFileSync('echo', ['bytes']), Buffer.from('bytes\n'))
    assert.equal(ours.execSync('true', { stdio: 'ignore' }), null)
  })

  test('pass stderr on unless stdio says otherwise', () => {
    const script = `const { execSync } = require(${JSON.stringify(path.resolve(__dirname, '../..'))})
      execSync('echo shown >&2'); execSync('echo hidden >&2', { stdio: 'pipe' })`
    assert.equal(ours.spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stderr, 'shown\n')
  })
})

/** @param {(childProcess: typeof node) => any} run */
function assertSameWithoutPid(run) {
  const thrown = (/** @type {any} */ childProcess) => {
    try {
      run(childProcess)
    } catch (error) {
      const { pid, ...rest } = /** @type {any} */ (error)
      const { message, code } = /** @type {any} */ (error)
      return {
        started: pid > 0,
        message,
        code,
        keys: Object.keys(/** @type {any} */ (error)),
        ...rest,
        error: undefined
      }
    }
    return 'returned'
  }
  assert.deepEqual(thrown(ours), thrown(node))
}

describe('surroundings', () => {
  test('nothing is left behind', async () => {
    const count = () => fs.readdirSync('/proc/self/fd').length
    const run = () => {
      ours.spawnSync('true', { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
      ours.spawnSync('no-such-file')
      ours.spawnSync('sleep', ['20'], { timeout: 1 })
    }
    run()
    const before = count()
    for (let i = 0; i < 50; i++) run()
    // The waiter's thread, which there is without pidfds, closes its descriptor a moment after it has told of the exit.
    const deadline = Date.now() + 20_000
    while (count() > before && Date.now() < deadline) await setImmediate()
    assert.ok(count() <= before)
  })

  test('a large output starts no thread, not when it is freed either', () => {
    const script = `const fs = require('node:fs')
      const { spawnSync } = require(${JSON.stringify(path.resolve(__dirname, '../..'))})
      const threads = () => fs.readdirSync('/proc/self/task').map(id => fs.readFileSync('/proc/self/task/' + id + '/comm', 'utf8'))
      const held = () => process.memoryUsage().external
      const before = held()
      const whole = spawnSync('head', ['-c', '20000000', '/dev/zero'], { maxBuffer: Infinity }).stdout.length === 20_000_000
      const deadline = Date.now() + 20_000
      const look = () => {
        gc()
        // What a finalizer does it does behind the collection.
        if (held() - before > 10_000_000 && Date.now() < deadline) return setImmediate(look)
        console.log(whole, held() - before < 10_000_000, threads().filter(name => /^rs-child/.test(name)).length)
      }
      setImmediate(look)`
    assert.equal(String(ours.execFileSync(process.execPath, ['--expose-gc', '-e', script])), 'true true 0\n')
  })

  test('a Worker may block by itself', async () => {
    const script = `const { spawnSync } = require(${JSON.stringify(path.resolve(__dirname, '../..'))})
      process.env.ONLY_HERE = 'yes'
      require('node:worker_threads').parentPort.postMessage(spawnSync('sh', ['-c', 'echo $ONLY_HERE'], { encoding: 'utf8' }).stdout)`
    const worker = new Worker(script, { eval: true })
    const message = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    assert.equal(message, 'yes\n')
  })

  test('descriptors 0 to 2 of the parent may be closed', () => {
    const script = `const fs = require('node:fs')
      const { spawnSync } = require(${JSON.stringify(path.resolve(__dirname, '../..'))})
      for (const fd of [0, 1, 2]) fs.closeSync(fd)
      const { stdout } = spawnSync('sh', ['-c', 'cat; echo out; echo err >&2'], { input: 'in\\n', encoding: 'utf8' })
      fs.writeFileSync(process.argv[1], stdout)`
    const file = path.join(directory, 'result')
    assert.equal(ours.spawnSync(process.execPath, ['-e', script, file], { stdio: 'pipe' }).status, 0)
    assert.equal(fs.readFileSync(file, 'utf8'), 'in\nout\n')
  })
})
