// The packages as a user gets them: installed from tarballs in an empty folder, without Rust in PATH.
import assert from 'node:assert'
import fs from 'node:fs'
import path from 'node:path'
import { before, describe, test } from 'node:test'
import { install, packBoth, platform, root, run, succeed } from './packed.mjs'

const fixtures = path.join(root, '__test__/package/fixtures')

describe('installed from tarballs', () => {
  let packed, project
  before(async () => {
    packed = await packBoth()
    project = install(packed.main.tarball, packed.native.tarball)
    fs.cpSync(fixtures, project, { recursive: true })
  })

  for (const file of ['commonjs.cjs', 'module.mjs', 'worker.cjs']) {
    test(`${file} runs`, () => {
      assert.strictEqual(succeed(process.execPath, [file], { cwd: project }), 'hello\n')
    })
  }

  for (const flag of ['--require', '--import']) {
    test(`${flag} rs-child-process/register puts it in the place of child_process`, () => {
      assert.strictEqual(
        succeed(process.execPath, [flag, 'rs-child-process/register', 'registered.cjs'], { cwd: project }),
        'true\n'
      )
    })
  }

  test('with RS_CHILD_PROCESS=off all of it is Node’s own module', () => {
    fs.writeFileSync(
      path.join(project, 'off.mjs'),
      `import node from 'node:child_process'
      import ours, { spawn } from 'rs-child-process'
      import { register } from 'rs-child-process/register'
      console.log(ours === node, spawn === node.spawn, register())`
    )
    const env = { RS_CHILD_PROCESS: 'off', NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere' }
    assert.strictEqual(succeed(process.execPath, ['off.mjs'], { cwd: project, env }), 'true true false\n')
    const off = { ...env, RS_CHILD_PROCESS: 'on', NAPI_RS_NATIVE_LIBRARY_PATH: '' }
    assert.strictEqual(succeed(process.execPath, ['off.mjs'], { cwd: project, env: off }), 'false false true\n')
  })

  test('a stack trace leads to the lines of the repository, and functions keep their names', () => {
    const script = `const { spawn } = require('rs-child-process')
      try { spawn(1) } catch (error) { console.log(error.stack) }`
    const stack = succeed(process.execPath, ['--enable-source-maps', '-e', script], { cwd: project })
    const [, name, file, line] = /at (\w+) \(.*?(lib\/[\w/.-]+):(\d+):\d+\)/.exec(stack) ?? assert.fail(stack)
    const text = fs.readFileSync(path.join(root, file), 'utf8').split('\n')[Number(line) - 1]
    assert.match(text, /throw new |new codes\.|validate|ERR_/, `${file}:${line} of ${name}`)
    assert.match(stack, /at (?:Object\.)?spawn .*lib\/spawn\.js/)
  })

  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler']
  ]) {
    test(`TypeScript finds the types with module ${module}, moduleResolution ${resolution}`, () => {
      const tsc = path.join(root, 'node_modules/typescript/bin/tsc')
      const types = ['--typeRoots', path.join(root, 'node_modules/@types'), '--types', 'node']
      const options = ['--strict', '--noEmit', '--skipLibCheck', '--module', module, '--moduleResolution', resolution]
      succeed(process.execPath, [tsc, ...options, ...types, 'typed.mts'], { cwd: project })
    })
  }

  test('nothing but the two packages comes along', () => {
    const { packages } = JSON.parse(fs.readFileSync(path.join(project, 'package-lock.json'), 'utf8'))
    const names = Object.keys(packages).filter(Boolean).toSorted()
    assert.deepStrictEqual(names, [
      `node_modules/@rs-child-process/binding-${platform}`,
      'node_modules/rs-child-process'
    ])
  })

  test('without the platform package, the error names the platform, what was tried and what helps', () => {
    const lone = install(packed.main.tarball)
    const { status, stderr } = run(process.execPath, ['--eval', 'require("rs-child-process")'], { cwd: lone })
    assert.strictEqual(status, 1)
    assert.match(stderr, new RegExp(`could not load its native addon for ${platform} \\(Node ${process.version}\\)`))
    assert.match(stderr, new RegExp(`Tried:\n  Cannot find module './rs-child-process.${platform}.node'\n`))
    assert.match(stderr, new RegExp(`  Cannot find module '@rs-child-process/binding-${platform}'\n`))
    assert.match(stderr, /What helps:\n {2}install @rs-child-process.*npm install --include=optional/s)
    assert.match(stderr, /code: 'ERR_RS_CP_ADDON'/)
  })

  for (const [system, processor] of [
    ['freebsd', process.arch],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
    // The beginning of a name that there is.
    ['linux', 'arm']
  ]) {
    test(`on ${system}-${processor}, which has no addon, the error says so, and register leaves Node’s module in place`, () => {
      const pretend = `for (const [key, value] of [['platform', '${system}'], ['arch', '${processor}']])
        Object.defineProperty(process, key, { value })`
      const at = code => run(process.execPath, ['--eval', `${pretend}; ${code}`], { cwd: project })
      const { status, stderr } = at('require("rs-child-process")')
      assert.strictEqual(status, 1)
      const name = `${system}-${processor}`
      assert.match(
        stderr,
        new RegExp(`not load its native addon for ${name}.*\nTried:\n {2}nothing: no package is made`)
      )
      assert.match(
        stderr,
        new RegExp(`helps:\n {2}there is no addon for ${name}.*; there is for linux-x64-gnu.*register`, 's')
      )
      const { stdout } = at(
        'require("rs-child-process/register"); require("child_process").spawn(process.execPath, ["-p", "`works`"], { stdio: "inherit" })'
      )
      assert.strictEqual(stdout, 'works\n')
    })
  }
})
