'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { once } = require('node:events')
const { readdirSync } = require('node:fs')
const { describe, it } = require('node:test')
const { promisify } = require('node:util')
const { awkwardFiles } = require('./helpers/files')
const { fingerprint, implementations, node, ours } = require('./helpers/parity')
const { record } = require('./helpers/record')

const deadline = { timeout: 30_000 }
const files = awkwardFiles()

/** Whether Node fails where this package asks sh, because musl's execvp does: docs/platform-notes.md. */
const refusedByNode = ([file]) =>
  !(/** @type {any} */ (process.report.getReport()).header.glibcVersionRuntime) &&
  [files.withoutShebang, files.empty, files.notABinary].includes(file)

/** Thrown, emitted or none: the whole course of events. */
async function course(cp, args) {
  let child
  try {
    child = cp.spawn(...args)
  } catch (error) {
    return { thrown: fingerprint(error) }
  }
  return record(child)
}

const long = 'x'.repeat(256 * 1024)

/** @type {Record<string, [any[], step?: string]>} */
const cases = {
  'a missing program': [['/nonexistent/program', ['a', 'b']], 'exec'],
  'a missing program, looked up in PATH': [['nonexistent-program'], 'exec'],
  'a directory': [[files.folder], 'exec'],
  'a file without x bit': [[files.notExecutable], 'exec'],
  'a path through a file': [[`${files.script}/program`], 'exec'],
  'a name that is too long': [['x'.repeat(5000)], 'exec'],
  'a missing interpreter': [[files.badInterpreter], 'interpreter'],
  'a file that is no binary': [[files.notABinary]],
  'a missing cwd': [['true', [], { cwd: '/nonexistent' }], 'cwd'],
  'a file as cwd': [['true', [], { cwd: files.script }], 'cwd'],
  'an argument that is too long': [['true', [long]], 'exec'],
  'a variable that is too long': [['true', [], { env: { LONG: long } }], 'exec'],
  'arguments that are too many': [['true', Array.from({ length: 200 }, () => long.slice(0, 120_000))], 'exec'],
  'a descriptor that is not open': [['true', [], { stdio: [0, 12345] }], 'stdio'],
  'a closed handle': [['true', [], { stdio: [0, { fd: -1 }] }]],
  'a shell that is missing': [['true', [], { shell: '/nonexistent/shell' }], 'exec'],
  'an empty PATH': [['nonexistent-program', [], { env: { PATH: '' } }], 'exec'],
  'a missing program without pipes': [['/nonexistent', [], { stdio: 'ignore' }], 'exec'],
  'a missing program with extra pipes': [['/nonexistent', [], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] }], 'exec']
}

describe('a start fails as with Node:', deadline, () => {
  for (const [name, [args]] of Object.entries(cases)) {
    it(name, { skip: refusedByNode(args) && 'Node on musl fails otherwise' }, async () => {
      assert.deepEqual(await course(ours, args), await course(node, args))
    })
  }
})

describe('the step that failed is on the error, hidden:', deadline, () => {
  for (const [name, [args, step]] of Object.entries(cases)) {
    if (step === undefined) continue
    it(name, async () => {
      const error = await new Promise(resolve => {
        try {
          ours.spawn(...args).on('error', resolve)
        } catch (thrown) {
          resolve(thrown)
        }
      })
      assert.equal(error.step, step)
      assert.ok(!Object.keys(error).includes('step'))
    })
  }
})

describe('a start that looks wrong but is not:', deadline, () => {
  for (const [name, args] of Object.entries({
    'a script without shebang is run by sh': [files.withoutShebang, ['an argument']],
    'an empty file': [files.empty],
    'a script': [files.script, ['an argument']],
    "an empty cwd is the parent's": ['pwd', [], { cwd: '' }],
    'cwd as a URL': ['pwd', [], { cwd: new URL(`file://${files.folder}`) }],
    'cwd as a Buffer, which Node takes and ignores': ['pwd', [], { cwd: Buffer.from(files.folder) }],
    'a program found relative to cwd': ['./script', ['x'], { cwd: files.folder }],
    "a program found in the child's PATH": ['script', ['x'], { env: { PATH: files.folder } }],
    'a program found in a relative PATH': ['script', ['x'], { cwd: files.folder, env: { PATH: '.' } }],
    'a program found without PATH': ['true', [], { env: {} }],
    'arguments that are no strings': ['echo', [1, null, undefined, true, { toString: () => 'cut\0off' }, ['a', 'b']]],
    'a negative descriptor': ['echo', ['x'], { stdio: ['pipe', 'pipe', { fd: -7 }] }]
  })) {
    it(name, async () => {
      const result = await course(ours, args)
      assert.equal(result.exitCode, 0)
      if (!refusedByNode(args)) assert.deepEqual(result, await course(node, args))
    })
  }
})

const openDescriptors = () => readdirSync('/proc/self/fd').length
const immediate = promisify(setImmediate)

/**
 * The thread that waits for a child where there are no pidfds closes its descriptor a moment after it has told of the
 * exit.
 */
async function descriptorsComeDownTo(count) {
  const end = Date.now() + 10_000
  while (openDescriptors() > count && Date.now() < end) await immediate()
  assert.ok(openDescriptors() <= count, `${openDescriptors()} descriptors, ${count} before`)
}

describe('a start that failed leaves nothing behind:', deadline, () => {
  for (const [name, [args]] of Object.entries(cases)) {
    it(name, async () => {
      await course(ours, args)
      const before = openDescriptors()
      for (let i = 0; i < 20; i++) await course(ours, args)
      await descriptorsComeDownTo(before)
    })
  }
})

for (const [name] of implementations) {
  const fixture = file => [require.resolve(`./fixtures/${file}`), name === 'node:child_process' ? name : '../..']

  describe(`at the limits, with ${name}`, deadline, () => {
    it('no descriptors left: EMFILE as an event, no streams, and the next start works', () => {
      const report = execFileSync('sh', [
        '-c',
        'ulimit -n 100; exec "$0" "$@"',
        process.execPath,
        ...fixture('emfile.js')
      ])
      assert.deepEqual(JSON.parse(String(report)), {
        code: 'EMFILE',
        syscall: 'spawn true',
        closed: [-24, null],
        streams: ['undefined', 'undefined', 'undefined', 'undefined'],
        leaked: 0,
        next: 0
      })
    })

    const notRoot = process.getuid?.() !== 0 && 'needs root, to become another user'
    it('no processes left: EAGAIN as an event', { skip: notRoot }, async () => {
      const child = node.spawn(process.execPath, fixture('no-processes.js'), {
        cwd: '/',
        uid: 65534,
        gid: 65534,
        stdio: ['pipe', 'pipe', 'inherit']
      })
      await once(child.stdout, 'data')
      // From the same user: lowering another's limit takes a capability that root in a container may lack.
      execFileSync('prlimit', ['--nproc=1:1', '--pid', String(child.pid)], { uid: 65534, gid: 65534 })
      const report = once(child.stdout, 'data')
      child.stdin.end('go')
      assert.deepEqual(JSON.parse(String(await report)), { code: 'EAGAIN', syscall: 'spawn true', closed: [-11, null] })
    })

    it('a cwd that may not be entered: EACCES as an event', { skip: notRoot }, async () => {
      const child = node.spawn(process.execPath, [...fixture('private-cwd.js'), files.private], {
        cwd: '/',
        uid: 65534,
        gid: 65534,
        stdio: ['ignore', 'pipe', 'inherit']
      })
      const [report] = await once(child.stdout, 'data')
      assert.deepEqual(JSON.parse(String(report)), { code: 'EACCES', syscall: 'spawn true', path: 'true' })
    })

    it('an id that may not be taken: EPERM is thrown', { skip: notRoot }, async () => {
      const child = node.spawn(process.execPath, fixture('forbidden-uid.js'), {
        cwd: '/',
        uid: 65534,
        gid: 65534,
        stdio: ['ignore', 'pipe', 'inherit']
      })
      const [report] = await once(child.stdout, 'data')
      assert.deepEqual(JSON.parse(String(report)), ['spawn EPERM', 'spawn EPERM'])
    })
  })
}
