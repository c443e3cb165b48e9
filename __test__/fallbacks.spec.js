'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { test } = require('node:test')
const { spawnSync } = require('../index.js')

test('they are decided when the addon is loaded', () => {
  const script = `
    const { spawn } = require(${JSON.stringify(require.resolve('../index.js'))})
    process.env.RS_CHILD_PROCESS_FALLBACK = 'waiter'
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
    const names = () => fs.readdirSync('/proc/self/task').map(task => fs.readFileSync('/proc/self/task/' + task + '/comm', 'utf8'))
    child.on('spawn', () => setImmediate(() => {
      console.log(names().filter(name => name.includes('waiter')).length)
      child.kill()
    }))`
  const { RS_CHILD_PROCESS_FALLBACK: _, ...env } = process.env
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env })
  assert.equal(stdout, '0\n')
})

// What a sandbox or an old kernel would force, one at a time and all together: the tests of starting, failing, ending and
// signalling have to pass on each way. The core reads the variable once, so each way needs a process of its own.
for (const fallback of ['fork', 'waiter', 'proc-fd', 'fork,waiter,proc-fd']) {
  test(`with ${fallback}`, () => {
    const specs = ['child-process.spec.js', 'spawn-failures.spec.js', 'stdio/streams.spec.js', 'sync/sync.spec.js']
    // Without the variable of the outer run, node --test would report to it and exit with 0.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', ...specs.map(spec => path.join(__dirname, spec))],
      { encoding: 'utf8', env: { ...env, RS_CHILD_PROCESS_FALLBACK: fallback }, maxBuffer: Infinity }
    )
    const failed = stdout.split('\n').filter(line => /^\s*not ok/.test(line))
    assert.deepEqual(failed, [])
    assert.equal(status, 0)
    assert.match(stdout, /^# pass [1-9]\d\d/m, 'more than a hundred tests have run')
  })
}
