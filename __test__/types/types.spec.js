'use strict'

const assert = require('node:assert')
const { execFile } = require('node:child_process')
const { readFileSync, rmSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { test } = require('node:test')

const root = join(__dirname, '../..')

/** @returns {Promise<string>} what the compiler complains about */
function compile(typesPackage, module) {
  const config = join(__dirname, `tsconfig.${typesPackage}.${module}.json`)
  const compilerOptions = {
    module,
    moduleResolution: module === 'nodenext' ? 'nodenext' : 'bundler',
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: [typesPackage],
    strict: true,
    noEmit: true,
    esModuleInterop: true,
    skipLibCheck: true
  }
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ['same.ts'] }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return new Promise(resolve => {
    execFile(process.execPath, [tsc, '-p', config, '--pretty', 'false'], (error, stdout, stderr) => {
      rmSync(config)
      resolve(error ? stdout + stderr || String(error) : stdout)
    })
  })
}

for (const version of [20, 22, 24, 26]) {
  for (const module of ['nodenext', 'esnext']) {
    test(`index.d.ts is the type of node:child_process in @types/node ${version} (module ${module})`, async () => {
      assert.strictEqual(await compile(`types-node-${version}`, module), '')
    })
  }
}

test('every declaration of index.d.ts has a doc comment', () => {
  const lines = readFileSync(join(root, 'index.d.ts'), 'utf8').split('\n')
  const bare = lines.filter((line, i) => {
    const [, name] = line.match(/^export (?:declare )?(?:const|function|class|interface|type) (\w+)/) ?? []
    // A type of the same name stands right below the value that the comment is about.
    return name && lines[i - 1].trim() !== '*/' && !lines[i - 1].startsWith(`export const ${name}:`)
  })
  assert.deepStrictEqual(bare, [])
})
