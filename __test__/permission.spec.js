'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { describe, it } = require('node:test')

const flag = Number(process.versions.node.split('.')[0]) < 22 ? '--experimental-permission' : '--permission'
const package_ = require.resolve('..')

/** Runs a script under the permission model and gives what it prints, as JSON. */
function run(module, script, flags = [], env = {}) {
  const source = `const cp = require(${JSON.stringify(module)})
    const tell = value => process._rawDebug(JSON.stringify(value))
    const attempt = call => { try { call() } catch ({ message, code, permission, resource }) {
      return { message, code, permission, resource } } return 'allowed' }
    ${script}`
  const { stderr } = spawnSync(process.execPath, [flag, '--allow-fs-read=*', '--no-warnings', ...flags, '-e', source], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env }
  })
  return stderr
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

describe('under the permission model', { timeout: 120_000 }, () => {
  it('every function throws ERR_ACCESS_DENIED, and the addon is not needed for that', () => {
    const script = `tell(attempt(() => cp.spawn('ls', ['-l'])))
      tell(attempt(() => cp.exec('ls -l')))
      tell(attempt(() => cp.execFile('ls')))
      tell(attempt(() => cp.fork('module')))
      tell(attempt(() => new cp.ChildProcess()))`
    const shown = run(package_, script)
    assert.deepEqual(shown, run('node:child_process', script))
    assert.equal(shown[0].code, 'ERR_ACCESS_DENIED')
  })

  it('an addon that may not be loaded is told with the flag that allows it', () => {
    const { stderr } = spawnSync(
      process.execPath,
      [flag, '--allow-fs-read=*', '--allow-child-process', '-e', `require(${JSON.stringify(package_)})`],
      { encoding: 'utf8' }
    )
    assert.match(stderr, /code: 'ERR_RS_CP_ADDON'/)
    assert.match(stderr, /What helps:\n {2}start Node with --allow-addons/)
    assert.doesNotMatch(stderr, /npm install/)
  })

  it('wrong arguments are told first', () => {
    const script = "tell(attempt(() => cp.spawn(1))); tell(attempt(() => cp.spawn('ls', [], { cwd: 1 })))"
    assert.deepEqual(run(package_, script), run('node:child_process', script))
  })

  it('children are started where they are allowed, with the same NODE_OPTIONS', () => {
    const script = `const child = cp.spawn('sh', ['-c', 'printf %s "$NODE_OPTIONS"'])
      child.stdout.on('data', data => tell(String(data))).on('end', () => tell('end'))`
    const flags = ['--allow-child-process', '--allow-addons']
    for (const env of [
      {},
      { NODE_OPTIONS: '--no-deprecation' },
      { NODE_OPTIONS: `${flag} --allow-addons --allow-child-process --allow-fs-read=*` }
    ]) {
      assert.deepEqual(run(package_, script, flags, env), run('node:child_process', script, flags, env))
    }
  })

  it('their NODE_OPTIONS are left alone in the same cases', () => {
    // A copy of env each time, because Node writes into it.
    const script = `for (const NODE_OPTIONS of ['', '--permission', '--permission=1', '--permission-audit', '--title=--permission'])
      for (const args of [[], ['--permission'], ['--permission-audit'], ['--permission-other']])
        tell([NODE_OPTIONS, args, String(cp.spawnSync('/bin/sh', ['-c', 'printf %s "$NODE_OPTIONS"', ...args], {
          env: { NODE_OPTIONS } }).stdout)])`
    const flags = ['--allow-child-process', '--allow-addons']
    const shown = run(package_, script, flags)
    assert.equal(shown.length, 20)
    assert.deepEqual(shown, run('node:child_process', script, flags))
  })

  it('the environment of the caller is left alone', () => {
    const script = `const env = Object.freeze({ PATH: process.env.PATH })
      cp.spawn('true', { env }).on('close', code => tell(code))`
    assert.deepEqual(run(package_, script, ['--allow-child-process', '--allow-addons']), [0])
  })
})
