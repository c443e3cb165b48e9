'use strict'

// Ways to make child_process fail. Each calls the given module and gives back the error, however it arrives.

const { once } = require('node:events')
const { promisify } = require('node:util')

const thrown = call => async cp => {
  try {
    call(cp)
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

const emitted = start => async cp => {
  const child = start(cp)
  const [error] = await once(child, 'error')
  return error
}

const called = call => cp =>
  new Promise((resolve, reject) => {
    call(cp, error => (error ? resolve(error) : reject(new Error('no error'))))
  })

const rejected = call => cp =>
  call(cp).then(
    () => Promise.reject(new Error('no error')),
    error => error
  )

/** The error that spawnSync() returns. */
const returned = call => async cp => call(cp).error

const sleep = ['sleep', ['60']]
const ipc = { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }

/** A forked child that waits for its channel to close. */
const forked = cp => cp.spawn(process.execPath, ['-e', 'process.on("message", () => {})'], ipc)

/** @type {Record<string, (cp: typeof import('node:child_process')) => Promise<Error>>} */
const failures = {
  'spawn: no file': thrown(cp => cp.spawn()),
  'spawn: empty file': thrown(cp => cp.spawn('')),
  'spawn: null byte in the file': thrown(cp => cp.spawn('a\0b')),
  'spawn: args are a string': thrown(cp => cp.spawn('true', 'args')),
  'spawn: null byte in an argument': thrown(cp => cp.spawn('true', ['fine', 'a\0b'])),
  'spawn: options are null': thrown(cp => cp.spawn('true', [], null)),
  'spawn: options are an array': thrown(cp => cp.spawn('true', [], [])),
  'spawn: cwd is a number': thrown(cp => cp.spawn('true', { cwd: 1 })),
  'spawn: cwd is a URL of http': thrown(cp => cp.spawn('true', { cwd: new URL('http://example.org/') })),
  'spawn: null byte in cwd': thrown(cp => cp.spawn('true', { cwd: 'a\0b' })),
  'spawn: detached is a string': thrown(cp => cp.spawn('true', { detached: 'yes' })),
  'spawn: uid is a string': thrown(cp => cp.spawn('true', { uid: 'root' })),
  'spawn: gid is a fraction': thrown(cp => cp.spawn('true', { gid: 1.5 })),
  'spawn: gid is too large': thrown(cp => cp.spawn('true', { gid: 2 ** 40 })),
  'spawn: shell is an object': thrown(cp => cp.spawn('true', { shell: {} })),
  'spawn: null byte in the shell': thrown(cp => cp.spawn('true', { shell: 'a\0b' })),
  'spawn: argv0 is a number': thrown(cp => cp.spawn('true', { argv0: 1 })),
  'spawn: windowsHide is a number': thrown(cp => cp.spawn('true', { windowsHide: 1 })),
  'spawn: windowsVerbatimArguments is a string': thrown(cp => cp.spawn('true', { windowsVerbatimArguments: '' })),
  'spawn: null byte in a name of env': thrown(cp => cp.spawn('true', { env: { 'a\0b': 'c' } })),
  'spawn: null byte in a value of env': thrown(cp => cp.spawn('true', { env: { a: 'b\0c' } })),
  'spawn: negative timeout': thrown(cp => cp.spawn('true', { timeout: -1 })),
  'spawn: timeout is a string': thrown(cp => cp.spawn('true', { timeout: '1' })),
  'spawn: signal is no AbortSignal': thrown(cp => cp.spawn('true', { signal: {} })),
  'spawn: unknown killSignal': thrown(cp => cp.spawn('true', { killSignal: 'SIGNOTHING' })),
  'spawn: killSignal is an object': thrown(cp => cp.spawn('true', { killSignal: {} })),
  'spawn: stdio is an unknown word': thrown(cp => cp.spawn('true', { stdio: 'pipes' })),
  'spawn: stdio is a number': thrown(cp => cp.spawn('true', { stdio: 1 })),
  'spawn: stdio holds an unknown word': thrown(cp => cp.spawn('true', { stdio: ['pipe', 'pipes'] })),
  'spawn: stdio holds an object': thrown(cp => cp.spawn('true', { stdio: ['pipe', { some: 'thing' }] })),
  'spawn: stdio holds ipc twice': thrown(cp => cp.spawn('true', { stdio: ['ipc', 'ipc'] })),
  'spawn: unknown serialization': thrown(cp => cp.spawn('true', { serialization: 'yaml' })),
  'spawn: arguments are too long': thrown(cp => cp.spawn('true', ['x'.repeat(200_000)])),
  'spawn: no such command': emitted(cp => cp.spawn('no-such-command-at-all', ['a', 'b'])),
  'spawn: a directory': emitted(cp => cp.spawn('/tmp', [])),
  'spawn: not executable': emitted(cp => cp.spawn('/etc/passwd', ['x'])),
  'spawn: no such cwd': emitted(cp => cp.spawn('true', [], { cwd: '/no/such/directory' })),
  'spawn: aborted before': emitted(cp => cp.spawn(...sleep, { signal: AbortSignal.abort() })),
  'spawn: aborted with a reason': emitted(cp => cp.spawn(...sleep, { signal: AbortSignal.abort(new Error('enough')) })),
  'kill: unknown name': async cp => {
    const child = cp.spawn(...sleep)
    const error = await thrown(() => child.kill('SIGNOTHING'))(cp)
    child.kill('SIGKILL')
    return error
  },
  'kill: number out of range': async cp => {
    const child = cp.spawn(...sleep)
    const error = await thrown(() => child.kill(999))(cp)
    child.kill('SIGKILL')
    return error
  },
  'exec: command is a number': thrown(cp => cp.exec(1)),
  'exec: negative maxBuffer': thrown(cp => cp.exec('true', { maxBuffer: -1 }, () => {})),
  'exec: exit code': called((cp, done) => cp.exec('echo some; echo trouble >&2; exit 3', done)),
  'exec: ended by a signal': called((cp, done) => cp.exec('kill -9 $$', done)),
  'exec: timeout': called((cp, done) => cp.exec('sleep 60', { timeout: 30, killSignal: 'SIGKILL' }, done)),
  'exec: no such shell': called((cp, done) => cp.exec('true', { shell: '/no/such/shell' }, done)),
  'exec: promise': rejected(cp => promisify(cp.exec)('echo some; echo trouble >&2; exit 4')),
  'execFile: callback is a string': thrown(cp => cp.execFile('true', [], {}, 'callback')),
  'execFile: no such command': called((cp, done) => cp.execFile('no-such-command-at-all', ['a'], done)),
  'execFile: exit code': called((cp, done) => cp.execFile('sh', ['-c', 'exit 5'], done)),
  'execFile: too much on stdout': called((cp, done) => cp.execFile('echo', ['12345'], { maxBuffer: 3 }, done)),
  'execFile: too much on stderr': called((cp, done) => cp.exec('echo 12345 >&2', { maxBuffer: 3 }, done)),
  'execFile: aborted': called((cp, done) => cp.execFile(...sleep, { signal: AbortSignal.abort() }, done)),
  'execFile: promise': rejected(cp => promisify(cp.execFile)('no-such-command-at-all')),
  'spawnSync: input is a number': thrown(cp => cp.spawnSync('cat', { input: 1 })),
  'spawnSync: killSignal is unknown': thrown(cp => cp.spawnSync('true', { killSignal: 'SIGNOTHING' })),
  'spawnSync: ipc': thrown(cp => cp.spawnSync('true', { stdio: ['ipc'] })),
  'spawnSync: negative timeout': thrown(cp => cp.spawnSync('true', { timeout: -1 })),
  'spawnSync: no such command': returned(cp => cp.spawnSync('no-such-command-at-all', ['a'])),
  'spawnSync: no such cwd': returned(cp => cp.spawnSync('true', { cwd: '/no/such/directory' })),
  'spawnSync: timeout': returned(cp => cp.spawnSync(...sleep, { timeout: 30 })),
  'spawnSync: too much output': returned(cp => cp.spawnSync('echo', ['12345'], { maxBuffer: 3 })),
  'spawnSync: arguments are too long': returned(cp => cp.spawnSync('true', ['x'.repeat(200_000)])),
  'execSync: exit code': thrown(cp => cp.execSync('echo some; echo trouble >&2; exit 6', { stdio: 'pipe' })),
  'execSync: ended by a signal': thrown(cp => cp.execSync('kill -9 $$')),
  'execFileSync: exit code': thrown(cp => cp.execFileSync('false')),
  'execFileSync: no such command': thrown(cp => cp.execFileSync('no-such-command-at-all')),
  'execFileSync: timeout': thrown(cp => cp.execFileSync(...sleep, { timeout: 30 })),
  'fork: no module': thrown(cp => cp.fork()),
  'fork: module is a number': thrown(cp => cp.fork(1)),
  'fork: null byte in the module': thrown(cp => cp.fork('a\0b')),
  'fork: options are a string': thrown(cp => cp.fork('a', [], 'options')),
  'fork: null byte in execPath': thrown(cp => cp.fork('a', { execPath: 'a\0b' })),
  'fork: stdio without ipc': thrown(cp => cp.fork('a', { stdio: ['ignore', 'ignore', 'ignore'] })),
  'fork: no such execPath': emitted(cp => cp.fork('a', { execPath: '/no/such/node', silent: true })),
  'send: nothing': withChannel((cp, child) => thrown(() => child.send())(cp)),
  'send: a function': withChannel((cp, child) => thrown(() => child.send(() => {}))(cp)),
  'send: a bigint': withChannel((cp, child) => thrown(() => child.send(1n))(cp)),
  'send: no such handle': withChannel((cp, child) => thrown(() => child.send('a', { some: 'thing' }))(cp)),
  'send: options are a string': withChannel((cp, child) => thrown(() => child.send('a', undefined, 'b'))(cp)),
  'send: callback after the end': withChannel(async (cp, child) => {
    child.disconnect()
    await once(child, 'disconnect')
    return called((_, done) => child.send('a', done))(cp)
  }),
  'send: event after the end': withChannel(async (cp, child) => {
    child.disconnect()
    await once(child, 'disconnect')
    return emitted(() => (child.send('a'), child))(cp)
  }),
  'disconnect: twice': withChannel((cp, child) =>
    emitted(() => {
      child.disconnect()
      // The error is emitted in the call itself.
      process.nextTick(() => child.disconnect())
      return child
    })(cp)
  )
}

/** Gives a child with a channel, and waits until it is gone. */
function withChannel(use) {
  return async cp => {
    const child = forked(cp)
    // Not 'close', which Node does not emit when the parent has disconnected.
    const ended = new Promise(resolve => child.once('exit', resolve)) // once() would reject at 'error'
    try {
      return await use(cp, child)
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  }
}

exports.failures = failures
