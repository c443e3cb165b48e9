'use strict'

// The runner of Node's tests, tried on a small suite of our own and on packages whose behaviour is known.

const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after, test } = require('node:test')

const runner = join(__dirname, '../../scripts/node-suite/run.mjs')
const suite = join(__dirname, 'fixtures/suite')
const work = mkdtempSync(join(tmpdir(), 'runner-test-'))
after(() => rmSync(work, { recursive: true, force: true }))

let runs = 0

/** @returns {Promise<{ code: number, stdout: string, stderr: string, record: any }>} */
function run(packageDirectory, tests, { args = [], env = {} } = {}) {
  const json = join(work, `${runs++}.json`)
  const argv = [runner, '--suite', suite, '--package', packageDirectory, '--json', json, ...args, ...tests]
  // Something that must not reach the tests:
  const options = { env: { ...process.env, NODE_PENDING_DEPRECATION: '1', ...env } }
  return new Promise(resolve => {
    execFile(process.execPath, argv, options, (error, stdout, stderr) => {
      const record = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : undefined
      resolve({ code: error ? error.code : 0, stdout, stderr, record })
    })
  })
}

const fixture = name => join(__dirname, 'fixtures/packages', name)
const statuses = ({ record }) => Object.fromEntries(record.results.map(r => [r.test, r.package.status]))

/** A package made for one test. */
function packageOf(name, source) {
  const directory = join(work, name)
  mkdirSync(directory)
  writeFileSync(join(directory, 'package.json'), '{ "name": "stand-in", "main": "index.js" }')
  writeFileSync(join(directory, 'index.js'), `'use strict'\nexports.execFileSync = () => 'hello\\n'\n${source}\n`)
  writeFileSync(join(directory, 'nothing.js'), 'process.exit()')
  return directory
}

const using = ['parallel/test-uses.js', 'parallel/test-uses.mjs']

test('a package that does the work itself passes', async () => {
  const tests = [...using, 'parallel/test-untouched.js', 'parallel/test-flags.js', 'sequential/test-alone.js']
  const result = await run(fixture('honest'), tests)
  assert.deepStrictEqual(Object.values(statuses(result)), Array(5).fill('pass'), result.stdout)
  assert.strictEqual(result.code, 0)
  assert.deepStrictEqual(result.record.summary.package, { passed: 5, failed: 0, skipped: 0 })
  assert.deepStrictEqual(result.record.summary.stock, result.record.summary.package)
  assert.strictEqual(result.record.summary.used, 2)
  assert.match(result.stdout, /every test that stock passes passes/)
})

test('a package that throws fails the tests that use it, and only those', async () => {
  const result = await run(fixture('throwing'), [...using, 'parallel/test-untouched.js'])
  assert.strictEqual(result.code, 1)
  assert.deepStrictEqual(result.record.summary.regressions, using)
  assert.match(result.record.results[1].package.tail, /this package does nothing/)
})

test('a package that delegates fails the run although every test passes', async () => {
  const result = await run(fixture('delegating'), using)
  assert.deepStrictEqual(Object.values(statuses(result)), ['pass', 'pass'])
  assert.deepStrictEqual(result.record.summary.delegated, using)
  assert.strictEqual(result.code, 1)
})

const routes = {
  require: `require('child_process')`,
  'require of node:': `require('node:child_process')`,
  'require at a call': `exports.execFileSync = () => (require('child_process'), 'hello\\n')`,
  createRequire: `require('node:module').createRequire('/')('child_process')`,
  'Module._load': `require('node:module')._load('child_process')`,
  'process.getBuiltinModule': `const get = process.getBuiltinModule ?? require; get('child_process')`,
  'import()': `exports.wait = import('child_process')`,
  'process.binding of spawn_sync': `process.binding('spawn_sync')`,
  'process.binding of anything': `process.binding('uv')`,
  'a callback': `setImmediate(() => require('child_process'))`,
  'cluster.fork': `
    const cluster = require('node:cluster')
    cluster.setupPrimary({ exec: require('node:path').join(__dirname, 'nothing.js'), silent: true })
    cluster.fork()`
}
for (const [name, source] of Object.entries(routes)) {
  test(`it is noticed when a package reaches the built-in by ${name}`, async () => {
    // On Node 20 the hooks for import are there only for tests that need them.
    const using = name === 'import()' ? 'parallel/test-uses.mjs' : 'parallel/test-uses.js'
    const result = await run(packageOf(`route ${name}`, source), [using])
    assert.deepStrictEqual(result.record.summary.delegated, [using], result.stdout)
    assert.strictEqual(result.code, 1)
  })
}

test('children have the package with --deep only', async () => {
  const child = ['parallel/test-child-uses.js']
  const flat = await run(fixture('throwing'), child)
  assert.strictEqual(flat.code, 0, flat.stdout)
  const deep = await run(fixture('throwing'), child, { args: ['--deep'] })
  assert.deepStrictEqual(deep.record.summary.regressions, child)
})

test('a skipped test, and one that fails the first time', async () => {
  const tests = ['parallel/test-skips.js', 'parallel/test-second-try.js']
  const result = await run(fixture('honest'), tests, { env: { SUITE_MARK: join(work, 'mark') } })
  assert.deepStrictEqual(statuses(result), { 'parallel/test-second-try.js': 'pass', 'parallel/test-skips.js': 'skip' })
  const [second] = result.record.results
  assert.deepStrictEqual([second.stock.tries, second.package.tries], [2, 1])
  assert.strictEqual(result.code, 0)
})

test('a test that hangs is ended, and fails', async () => {
  const args = ['--timeout', '1', '--retries', '0']
  const result = await run(fixture('honest'), ['parallel/test-hangs.js'], { args })
  const [{ stock, package: ours }] = result.record.results
  assert.deepStrictEqual([stock.status, stock.why], ['fail', 'no end after 1 s'])
  assert.deepStrictEqual([ours.status, ours.why], ['fail', 'no end after 1 s'])
  assert.strictEqual(result.code, 0, 'stock fails as well')
})

test(
  'what a test leaves running is counted and ended',
  { skip: !existsSync('/proc/self/stat') && 'needs /proc' },
  async () => {
    const file = join(work, 'leaked')
    const result = await run(fixture('delegating'), ['parallel/test-leaks.js'], { env: { SUITE_LEAK: file } })
    assert.strictEqual(result.record.results[0].stock.leaked, 1)
    assert.strictEqual(result.record.results[0].package.leaked, 1)
    const state = () => readFileSync(`/proc/${readFileSync(file, 'utf8')}/stat`, 'latin1').match(/\) (.)/)[1]
    assert.ok(!existsSync(`/proc/${readFileSync(file, 'utf8')}`) || 'ZX'.includes(state()))
  }
)

test('verdicts of stock Node can come from an earlier run', async () => {
  const first = await run(fixture('honest'), using)
  const known = structuredClone(first.record)
  known.results[0].stock = { status: 'fail', why: 'as recorded', tries: 2 }
  const file = join(work, 'stock.json')
  writeFileSync(file, JSON.stringify(known))
  const second = await run(fixture('honest'), using, { args: ['--stock', file] })
  assert.match(second.stdout, /better +parallel\/test-uses.js \(stock: as recorded\)/)
})

test('wrong use is answered in a line', async () => {
  for (const [args, message] of [
    [['--suite', work], /no test\/common\/index.js in /],
    [['--list', 'nothing'], /there is no list nothing/],
    [['--timeout', 'soon'], /--timeout must be a positive number/],
    [['--frobnicate'], /Unknown option '--frobnicate'/]
  ]) {
    const { code, stderr } = await run(fixture('honest'), [], { args })
    assert.strictEqual(code, 2)
    assert.match(stderr, message)
    assert.ok(stderr.trim().split('\n').length <= 2, stderr)
  }
})

test('every listed name has the form of a name, once, and every verdict has a reason and belongs to a list', () => {
  const lists = join(__dirname, '../../scripts/node-suite/lists')
  const read = name =>
    readFileSync(join(lists, name), 'utf8')
      .split('\n')
      .filter(line => line && !line.startsWith('#'))
  const names = [...read('core.txt'), ...read('users.txt')]
  assert.strictEqual(new Set(names).size, names.length)
  for (const name of names) assert.match(name, /^[\w-]+\/test-[\w.-]+\.m?js$/)
  for (const [name, verdict] of Object.entries(JSON.parse(readFileSync(join(lists, 'verdicts.json'), 'utf8')))) {
    assert.ok(names.includes(name), name)
    assert.ok(['internals', 'preload', 'difference'].includes(verdict.kind), name)
    assert.ok(verdict.reason.length > 20, name)
  }
})
