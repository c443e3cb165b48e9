// The oldest Node that package.json allows runs the installed package.
import assert from 'node:assert'
import fs from 'node:fs'
import path from 'node:path'
import { before, describe, test } from 'node:test'
import { install, packBoth, root, succeed, temporaryFolder } from './packed.mjs'

const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
const floor = `${engines.node.replace('>=', '')}.0`
const here = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch) && !isMusl()
const skip = !here && 'npm has this Node for glibc only'

function isMusl() {
  return process.report.getReport().header.glibcVersionRuntime === undefined
}

describe(`on Node ${floor}`, { skip }, () => {
  let node, project
  before(async () => {
    const folder = temporaryFolder()
    const archive = succeed('npm', ['pack', '--silent', `node-linux-${process.arch}@${floor}`], { cwd: folder }).trim()
    succeed('tar', ['xzf', archive], { cwd: folder })
    node = path.join(folder, 'package/bin/node')
    const packed = await packBoth()
    project = install(packed.main.tarball, packed.native.tarball)
    fs.cpSync(path.join(root, '__test__/package/fixtures'), project, { recursive: true })
  })

  test('it is that Node', () => {
    assert.strictEqual(succeed(node, ['--version']), `v${floor}\n`)
  })

  for (const file of ['commonjs.cjs', 'module.mjs', 'worker.cjs', 'bundled.cjs']) {
    test(`${file} runs`, () => {
      assert.strictEqual(succeed(node, [file], { cwd: project }), 'hello\n')
    })
  }

  for (const flag of ['--require', '--import']) {
    test(`${flag} rs-child-process/register puts it in the place of child_process`, () => {
      assert.strictEqual(
        succeed(node, [flag, 'rs-child-process/register', 'registered.cjs'], { cwd: project }),
        'true\n'
      )
    })
  }

  test('spawn() takes a signal, and the prototype has no method named undefined', () => {
    const script = `const { ChildProcess, spawn } = require('rs-child-process')
      console.log('undefined' in ChildProcess.prototype)
      const control = new AbortController()
      spawn('sleep', ['100'], { signal: control.signal }).on('error', error => console.log(error.name))
      control.abort()`
    assert.strictEqual(succeed(node, ['-e', script], { cwd: project }), 'false\nAbortError\n')
  })
})
