'use strict'

const assert = require('node:assert')
const { cpSync, mkdtempSync, rmSync, symlinkSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { test } = require('node:test')
const { registerFile, root, runNode } = require('./run.js')

const descend = join(__dirname, 'fixtures/descend.cjs')

test('children do not register by themselves', async () => {
  const { stdout } = await runNode(['--require', registerFile, descend])
  assert.strictEqual(stdout.trim(), 'true false false')
})

test('children and grandchildren register with RS_CHILD_PROCESS_REGISTER=deep', async () => {
  const { stdout } = await runNode(['--require', registerFile, descend], { RS_CHILD_PROCESS_REGISTER: 'deep' })
  assert.strictEqual(stdout.trim(), 'true true true')
})

test('children register after register({ deep: true })', async () => {
  const script = `
    const { register } = require('rs-child-process/register')
    console.log(register({ deep: true }), register({ deep: true }), process.env.NODE_OPTIONS.match(/register/g).length)
    process.argv.splice(1, 1)
    const { execFileSync } = require('child_process')
    process.stdout.write(execFileSync(process.execPath, [${JSON.stringify(descend)}, '1'], { encoding: 'utf8' }))`
  const { stdout, stderr } = await runNode(['-e', script])
  assert.strictEqual(stderr, '')
  assert.strictEqual(stdout.trim(), 'true true 1\ntrue true')
})

test('NODE_OPTIONS that were there stay', async () => {
  const env = { RS_CHILD_PROCESS_REGISTER: 'deep', NODE_OPTIONS: '--stack-trace-limit=7' }
  const script = `console.log(Error.stackTraceLimit, require('child_process')
    .execFileSync(process.execPath, ['-p', 'Error.stackTraceLimit'], { encoding: 'utf8' }))`
  const { stdout } = await runNode(['--require', registerFile, '-e', script], env)
  assert.strictEqual(stdout.trim(), '7 7')
})

test('a path with blanks and quotes survives NODE_OPTIONS', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'register '))
  try {
    const odd = join(directory, 'a "quoted" name')
    // Copies of what resolves by its own place; the rest may be links.
    cpSync(join(root, 'lib'), join(odd, 'lib'), { recursive: true })
    cpSync(registerFile, join(odd, 'register.js'))
    for (const name of ['index.js', 'binding.js', 'package.json']) cpSync(join(root, name), join(odd, name))
    for (const name of require('node:fs').readdirSync(root)) {
      if (name.endsWith('.node')) symlinkSync(join(root, name), join(odd, name))
    }
    const script = `console.log(require('child_process').execFileSync(
      process.execPath, ['-p', 'require("child_process") === require(process.argv[1])', process.argv[1]],
      { encoding: 'utf8' }))`
    const { stdout, stderr } = await runNode(
      ['--require', join(odd, 'register.js'), '-e', script, join(odd, 'index.js')],
      { RS_CHILD_PROCESS_REGISTER: 'deep' }
    )
    assert.deepStrictEqual([stdout.trim(), stderr], ['true', ''])
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
