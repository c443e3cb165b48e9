'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { ours } = require('../helpers/parity')
const { fork, spawn, spawnSync, execFileSync, exec } = ours

const deadline = { timeout: 30_000 }
const isRoot = process.getuid?.() === 0
const needsRoot = !isRoot && 'needs root'

/** What a shell prints that was started with these options. */
const sh = (script, options) => execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', ...options }).trim()

describe('options that Node does not have', deadline, () => {
  it('umask', () => {
    const before = process.umask()
    assert.equal(sh('umask', { umask: 0o077 }), '0077')
    assert.equal(process.umask(), before)
  })

  it('niceness', () => {
    assert.equal(sh('cut -d" " -f19 /proc/$$/stat', { niceness: 9 }), '9')
  })

  it('processGroup', () => {
    const group = 'cut -d" " -f1,5 /proc/$$/stat'
    const [pid, own] = sh(group, { processGroup: 0 }).split(' ')
    assert.equal(own, pid)
    const leader = spawn('cat', { processGroup: 0, stdio: ['pipe', 'ignore', 'ignore'] })
    assert.equal(sh(group, { processGroup: leader.pid }).split(' ')[1], String(leader.pid))
    leader.kill()
  })

  it('groups', { skip: needsRoot }, () => {
    assert.equal(sh('id -G', { groups: [7, 8], gid: 65534, uid: 65534 }), '65534 7 8')
    assert.equal(sh('grep ^Groups /proc/self/status', { groups: [] }), 'Groups:')
  })

  it('limits', () => {
    const limits = { cpuSeconds: 100, addressSpace: Infinity, openFiles: 40, fileSize: 512, core: 0, processes: null }
    assert.equal(sh('ulimit -t; ulimit -n; ulimit -f; ulimit -c', { limits }), '100\n40\n1\n0')
    const { signal } = spawnSync('/bin/sh', ['-c', 'while :; do :; done'], { limits: { cpuSeconds: 1, core: 0 } })
    assert.equal(signal, 'SIGXCPU')
  })

  it('every function takes them', async () => {
    assert.equal(String(ours.execSync('umask', { umask: 0o111 })).trim(), '0111')
    const output = await new Promise((resolve, reject) => {
      exec('umask', { umask: 0o123 }, (error, stdout) => (error ? reject(error) : resolve(stdout.trim())))
    })
    assert.equal(output, '0123')
    const child = fork(require.resolve('../fixtures/umask.js'), { umask: 0o321 })
    assert.deepEqual(await once(child, 'message'), [0o321, undefined])
    assert.equal(sh('umask; cut -d" " -f19 /proc/$$/stat', { shell: true, umask: 0o22, niceness: 3 }), '0022\n3')
  })

  it('null and undefined are none', () => {
    const options = { umask: null, niceness: undefined, groups: null, processGroup: null, limits: null }
    assert.equal(sh('echo ran', options), 'ran')
    assert.equal(sh('echo ran', { limits: {} }), 'ran')
  })
})

describe('they are refused as Node refuses its own', deadline, () => {
  const cases = [
    [
      { umask: '22' },
      'ERR_INVALID_ARG_TYPE',
      'The "options.umask" property must be of type number. Received type string (\'22\')'
    ],
    [
      { umask: 0o1000 },
      'ERR_OUT_OF_RANGE',
      'The value of "options.umask" is out of range. It must be >= 0 && <= 511. Received 512'
    ],
    [
      { niceness: 20 },
      'ERR_OUT_OF_RANGE',
      'The value of "options.niceness" is out of range. It must be >= -20 && <= 19. Received 20'
    ],
    [
      { niceness: 0.5 },
      'ERR_OUT_OF_RANGE',
      'The value of "options.niceness" is out of range. It must be an integer. Received 0.5'
    ],
    [
      { groups: 7 },
      'ERR_INVALID_ARG_TYPE',
      'The "options.groups" property must be an instance of Array. Received type number (7)'
    ],
    [
      { groups: [1, -1] },
      'ERR_OUT_OF_RANGE',
      'The value of "options.groups[1]" is out of range. It must be >= 0 && <= 4294967294. Received -1'
    ],
    [
      { processGroup: -1 },
      'ERR_OUT_OF_RANGE',
      'The value of "options.processGroup" is out of range. It must be >= 0 && <= 2147483647. Received -1'
    ],
    [
      { processGroup: 0, detached: true },
      'ERR_INCOMPATIBLE_OPTION_PAIR',
      'Option "options.processGroup" cannot be used in combination with option "options.detached"'
    ],
    [
      { limits: 5 },
      'ERR_INVALID_ARG_TYPE',
      'The "options.limits" property must be of type object. Received type number (5)'
    ],
    [
      { limits: { core: '1' } },
      'ERR_INVALID_ARG_TYPE',
      'The "options.limits.core" property must be of type number. Received type string (\'1\')'
    ],
    [
      { limits: { core: -1 } },
      'ERR_OUT_OF_RANGE',
      'The value of "options.limits.core" is out of range. It must be >= 0 && <= 9007199254740991. Received -1'
    ],
    [
      { limits: { nofile: 1 } },
      'ERR_INVALID_ARG_VALUE',
      "The property 'options.limits.nofile' is not one of: cpuSeconds, addressSpace, dataSize, openFiles, processes, fileSize, core. Received 1"
    ]
  ]
  for (const [options, code, message] of cases) {
    it(JSON.stringify(options), () => {
      for (const start of [() => spawn('true', options), () => spawnSync('true', options)]) {
        assert.throws(start, { code, message })
      }
    })
  }
})

describe('the step that failed is on the error', deadline, () => {
  const failure = (file, options) => {
    try {
      return spawnSync(file, options).error ?? assert.fail('it has started')
    } catch (error) {
      return error
    }
  }

  it('processGroup', () => {
    const error = failure('true', { processGroup: 2 ** 31 - 1 })
    assert.deepEqual([error.code, error.step], ['EPERM', 'processGroup'])
    assert.throws(() => spawn('true', { processGroup: 2 ** 31 - 1 }), { code: 'EPERM', step: 'processGroup' })
  })

  it('limits', () => {
    const error = failure('true', { limits: { openFiles: Number.MAX_SAFE_INTEGER } })
    assert.deepEqual([error.code, error.step], ['EPERM', 'limits'])
  })

  it('groups', { skip: needsRoot }, () => {
    const error = failure('true', { groups: Array.from({ length: 70_000 }, (_, i) => i) })
    assert.deepEqual([error.code, error.step], ['EINVAL', 'groups'])
  })

  it('niceness', { skip: needsRoot }, () => {
    const script = `
      const error = require(${JSON.stringify(require.resolve('../..'))}).spawnSync('true', { niceness: -1 }).error
      console.log(error.code, error.step)`
    const output = execFileSync(process.execPath, ['-e', script], {
      uid: 65534,
      gid: 65534,
      cwd: '/',
      encoding: 'utf8'
    })
    assert.equal(output.trim(), 'EACCES niceness')
  })
})
