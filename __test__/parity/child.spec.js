'use strict'

const assert = require('node:assert')
const { once } = require('node:events')
const { test } = require('node:test')
const { inspect } = require('node:util')
const builtin = require('node:child_process')
const ours = require('rs-child-process')
const { describeProperties } = require('./describe.js')

/** Own properties of a child that a program can come across. The state of a channel is internal, and hidden here. */
function visibleKeys(child) {
  return Reflect.ownKeys(child).filter(key => {
    const hidden = typeof key === 'symbol' && !Object.prototype.propertyIsEnumerable.call(child, key)
    return !hidden && String(key) !== 'Symbol(kChannelHandle)'
  })
}

/** Of what is behind objects only the class. */
function describeChild(child) {
  const keys = visibleKeys(child)
  return keys.map(key => {
    const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(child, key)
    const shown = key === 'pid' ? typeof value : inspect(value, { depth: -1 })
    return [String(key), { ...flags, get: typeof get, set: typeof set, value: shown }]
  })
}

/** Both with the same state at the same time: live, and after 'close'. */
async function compare(start, { beforeClose = () => {} } = {}) {
  const live = []
  const finished = []
  for (const cp of [builtin, ours]) {
    const child = start(cp)
    const closed = new Promise(resolve => child.once('close', resolve))
    live.push(describeChild(child))
    beforeClose(child)
    await closed
    finished.push(describeChild(child))
  }
  assert.deepStrictEqual(live[1], live[0])
  assert.deepStrictEqual(finished[1], finished[0])
}

/** The streams of exec() and execFile() are made when somebody looks at them; the test below is about before. */
function lookedAt(child) {
  void child.stdio
  return child
}

const starts = {
  'with pipes': [cp => cp.spawn('cat', ['/dev/null'])],
  'without stdio': [cp => cp.spawn('true', { stdio: 'ignore' })],
  'with extra pipes': [cp => cp.spawn('true', { stdio: ['pipe', 'ignore', 'inherit', 'pipe', 'pipe'] })],
  'that fails': [cp => cp.spawn('false')],
  'ended by a signal': [cp => cp.spawn('sleep', ['60']), { beforeClose: child => child.kill() }],
  'that cannot start': [cp => cp.spawn('no-such-command-at-all').on('error', () => {})],
  'of exec': [cp => lookedAt(cp.exec('true'))],
  'of execFile with a callback': [cp => lookedAt(cp.execFile('true', () => {}))],
  'with a channel': [
    cp => cp.spawn('sleep', ['60'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }),
    { beforeClose: child => child.kill() }
  ],
  'of fork': [cp => cp.fork(require.resolve('./fixtures/nothing.js'), { silent: true })]
}

for (const [name, [start, options]] of Object.entries(starts)) {
  test(`a child ${name} has the same own properties, live and finished`, () => compare(start, options))
}

test('a child of exec() whose streams nobody has looked at has the same own keys', async () => {
  const [there, here] = [builtin, ours].map(cp => cp.exec('true'))
  assert.deepStrictEqual(visibleKeys(here), visibleKeys(there))
  assert.deepStrictEqual(Object.keys(here), Object.keys(there))
  await Promise.all([there, here].map(child => once(child, 'close')))
  assert.deepStrictEqual(Object.keys(here), Object.keys(there))
})

test('a child that was only constructed has the same own properties', () => {
  assert.deepStrictEqual(describeChild(new ours.ChildProcess()), describeChild(new builtin.ChildProcess()))
})

test('spawnSync returns the same own properties', () => {
  for (const args of [
    ['echo', ['hello']],
    ['no-such-command-at-all'],
    ['cat', { input: 'in', stdio: ['pipe', 'pipe', 'ignore', 'pipe'], encoding: 'utf8' }],
    ['sh', ['-c', 'kill -9 $$']]
  ]) {
    assert.deepStrictEqual(describeProperties(ours.spawnSync(...args)), describeProperties(builtin.spawnSync(...args)))
  }
})
