'use strict'

const { describe, it } = require('node:test')
const { inspect } = require('node:util')
const { assertSameOutcome } = require('../helpers/parity')
const { oddValues } = require('../helpers/values')

const missing = '/nonexistent/program'
const plain = value => inspect(value, { depth: 0 })

describe('arguments of spawn() are refused as Node refuses them', () => {
  it('file', () => {
    for (const value of oddValues) assertSameOutcome(cp => cp.spawn(value), plain(value))
  })

  it('args', () => {
    for (const value of oddValues) assertSameOutcome(cp => cp.spawn(missing, value), plain(value))
  })

  it('elements of args', () => {
    for (const value of oddValues) assertSameOutcome(cp => cp.spawn(missing, ['a', value]), plain(value))
  })

  it('options', () => {
    for (const value of oddValues) assertSameOutcome(cp => cp.spawn(missing, [], value), plain(value))
  })

  it('options in place of args, and args ignored then', () => {
    assertSameOutcome(cp => cp.spawn(missing, { cwd: 1 }, { uid: 'ignored' }))
    assertSameOutcome(cp => cp.spawn(missing, null, { cwd: 1 }))
    assertSameOutcome(cp => cp.spawn(missing, undefined, { cwd: 1 }))
  })
})

const options = [
  'cwd',
  'detached',
  'uid',
  'gid',
  'shell',
  'argv0',
  'windowsHide',
  'windowsVerbatimArguments',
  'timeout',
  'signal',
  'killSignal',
  'serialization',
  'stdio',
  'env'
]

describe('options of spawn() are refused as Node refuses them', () => {
  for (const option of options) {
    it(option, () => {
      for (const value of oddValues) {
        if (option === 'shell' && value === true) continue // starts a shell: see shell.spec.js
        if ((option === 'uid' || option === 'gid') && Object.is(value, -0)) continue // Node aborts
        assertSameOutcome(cp => cp.spawn(missing, [], { [option]: value }), plain(value))
      }
    })
  }

  it('values of env', () => {
    for (const value of oddValues) {
      assertSameOutcome(cp => cp.spawn(missing, [], { env: { NAME: value } }), plain(value))
    }
    assertSameOutcome(cp => cp.spawn(missing, [], { env: { 'A\0B': 'x' } }))
  })

  it('in the same order when several are wrong', () => {
    const wrong = { cwd: 1, detached: 1, uid: 'x', gid: 'x', shell: 1, argv0: 1, windowsHide: 1 }
    const rest = { windowsVerbatimArguments: 1, env: { A: '\0' }, timeout: -1, signal: 1, killSignal: {}, stdio: 1 }
    const all = { ...wrong, ...rest, serialization: 'x' }
    for (const option of Object.keys(all)) {
      assertSameOutcome(cp => cp.spawn(missing, [], all), `before removing ${option}`)
      delete all[option]
    }
  })
})

describe('arguments of exec() and execFile()', () => {
  it('command', () => {
    for (const value of oddValues) {
      if (value !== 'a string') assertSameOutcome(cp => cp.exec(value), plain(value))
    }
  })

  it('options of exec', () => {
    for (const value of oddValues) assertSameOutcome(cp => cp.exec('exit 0', value, () => {}), plain(value))
  })

  it('any argument of execFile', () => {
    for (const value of oddValues) {
      assertSameOutcome(cp => cp.execFile(value, () => {}), `file ${plain(value)}`)
      assertSameOutcome(cp => cp.execFile(missing, value, () => {}), `args ${plain(value)}`)
      assertSameOutcome(cp => cp.execFile(missing, [], value, () => {}), `options ${plain(value)}`)
      if (value !== undefined) assertSameOutcome(cp => cp.execFile(missing, [], {}, value), `callback ${plain(value)}`)
    }
  })

  for (const option of ['maxBuffer', 'timeout', 'killSignal', 'encoding', 'cwd', 'uid', 'gid', 'argv0', 'signal']) {
    it(`option ${option} of execFile`, () => {
      for (const value of oddValues) {
        if ((option === 'uid' || option === 'gid') && Object.is(value, -0)) continue // Node aborts
        assertSameOutcome(cp => cp.execFile(missing, [], { [option]: value }, () => {}), plain(value))
      }
    })
  }

  it('placeholders', () => {
    const callback = () => {}
    for (const args of [
      [missing],
      [missing, null],
      [missing, undefined, undefined, undefined],
      [missing, null, null, callback],
      [missing, [], null, callback],
      [missing, {}, callback],
      [missing, callback, 1],
      [missing, {}, null],
      [missing, [], callback, 1]
    ]) {
      // Without a callback the error of the missing program goes to 'error' all the same, where outcome() waits for it.
      assertSameOutcome(cp => cp.execFile(...args), inspect(args))
    }
  })
})

describe('arguments of fork()', () => {
  it('modulePath', () => {
    for (const value of oddValues) {
      if (typeof value === 'string' && !value.includes('\0')) continue // a path like any other
      if (value instanceof Uint8Array || (value instanceof URL && value.pathname === '/tmp')) continue
      assertSameOutcome(cp => cp.fork(value), plain(value))
    }
  })

  it('args, options, execPath, execArgv and stdio', () => {
    const wrong = [0, true, 'text', Symbol('odd'), () => {}]
    for (const value of wrong) assertSameOutcome(cp => cp.fork('module', value), plain(value))
    for (const value of [...wrong, []]) assertSameOutcome(cp => cp.fork('module', [], value), plain(value))
    assertSameOutcome(cp => cp.fork('module', [], { execPath: 'a\0b' }))
    assertSameOutcome(cp => cp.fork('module', [], { execPath: 1 }))
    assertSameOutcome(cp => cp.fork('module', [], { execArgv: ['a', 'b\0'] }))
    assertSameOutcome(cp => cp.fork('module', [], { execArgv: 1 }))
    assertSameOutcome(cp => cp.fork('module', ['a\0']))
    assertSameOutcome(cp => cp.fork('module', [], { stdio: ['pipe', 'pipe', 'pipe'] }))
    assertSameOutcome(cp => cp.fork('module', [], { stdio: 'nonsense' }))
    assertSameOutcome(cp => cp.fork('module', [], { cwd: 1 }))
  })
})

describe('ChildProcess.prototype.spawn() by hand', () => {
  // Each gets options of its own: spawn() replaces their `stdio`.
  const byHand = makeOptions => cp => {
    const child = new cp.ChildProcess()
    child.spawn(makeOptions())
    return child
  }

  it('refuses what Node refuses', () => {
    for (const value of oddValues) {
      assertSameOutcome(
        byHand(() => (Object.isFrozen(value) || Array.isArray(value) ? value : Object.create(value))),
        plain(value)
      )
      assertSameOutcome(
        byHand(() => ({ file: value })),
        `file ${plain(value)}`
      )
      assertSameOutcome(
        byHand(() => ({ file: missing, args: value })),
        `args ${plain(value)}`
      )
      if (value === undefined || Array.isArray(value)) continue
      assertSameOutcome(
        byHand(() => ({ file: missing, stdio: ['ipc'], envPairs: value })),
        `envPairs ${plain(value)}`
      )
    }
  })
})
