// Every code block of the documents runs. Blocks without a language are drawings and output.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { after, test } from 'node:test'
import assert from 'node:assert'
import { codeBlocks, root, runNode } from './code-blocks.mjs'

const require = createRequire(import.meta.url)
const folder = fs.mkdtempSync(path.join(root, 'target', 'documents-'))
after(() => fs.rmSync(folder, { recursive: true }))

const inFile = (name, code) => {
  fs.writeFileSync(path.join(folder, name), code)
  return path.join(folder, name)
}

/** How a block of each language is run; the file is made inside the repository, so that it finds the package. */
const run = {
  js: code => runNode([inFile('block.cjs', code)]),
  mjs: code => runNode([inFile('block.mjs', code)]),
  ts: code => {
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--skipLibCheck',
      '--types',
      'node'
    ]
    runNode(['node_modules/typescript/bin/tsc', ...options, inFile('block.mts', code)])
  },
  sh: code => {
    for (const command of code.trimEnd().split('\n')) assert.ok(covered.has(command), `nothing runs: ${command}`)
  }
}

/** Commands that other tests, or this one's own start, have run. */
const covered = new Set([
  'npm install rs-child-process', // __test__/package/install.spec.mjs, and scripts/publish-rehearsal.mjs by this name
  'node --require rs-child-process/register app.js', // __test__/package/install.spec.mjs
  'node --import rs-child-process/register app.mjs', // __test__/package/install.spec.mjs
  'npm run demo', // examples.spec.mjs
  'npm test', // what runs this
  'npm run bench' // __test__/benchmark
])

test('docs/api.md tells of every export', () => {
  const text = fs.readFileSync(path.join(root, 'docs/api.md'), 'utf8')
  const { exports } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const names = ['.', './register'].flatMap(entry => Object.keys(require(path.join(root, exports[entry].default))))
  assert.ok(names.length > 8)
  for (const name of names.filter(each => !each.startsWith('_')))
    assert.match(text, new RegExp(`^## .*\\b${name}\\b`, 'm'))
})

for (const document of ['README.md', 'docs/api.md']) {
  for (const { language, code, line } of codeBlocks(document)) {
    if (language === '' || language === 'text') continue
    test(`${document}:${line} (${language})`, () => {
      assert.ok(language in run, `no way to run ${language}`)
      run[language](code)
    })
  }
}
