// The examples run, are short, and are those of the README.
import assert from 'node:assert'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { codeBlocks, root, runNode } from './code-blocks.mjs'

/** What an example has to print, besides ending well. */
const printed = {
  'blocked.js': /rs-child-process +blocks \d/,
  'demo.js': /one child piped into another.*programs in \/usr\/bin: \d+.*of the time/s,
  'exec-file.js': /^2 \* 21 = 42\n$/,
  'failures.js': /ENOENT: spawn no-such-program ENOENT\n(.*\n)*timeout: killed is true, signal is SIGTERM\n$/,
  'fifo.js': /^pipe: .*No such device.*\nfifo: \{ stdout: 'in\\nout\\n', stderr: 'x\\n' \}\n$/s,
  'fork.js': /^the child says 6\n$/,
  'lines.js': /… \d+ lines, exit code 0\n$/,
  'modules.mjs': /^true\nhello from a module\n$/,
  'pipe.js': /^programs in \/usr\/bin: \d+\n$/,
  'shell.js': /^( *\d+ .\n){1,3}$/,
  'sync.js': /^Linux .*\n0 \[ 'apple', 'pear', '' \]\n$/
}

const folder = path.join(root, 'examples')
// A folder is a program, with a test of its own.
const examples = fs.readdirSync(folder).filter(name => name.includes('.'))

test('every example is known here', () => {
  assert.deepStrictEqual(examples.toSorted(), Object.keys(printed).toSorted())
})

for (const name of examples) {
  test(`${name} has at most 40 lines and runs`, () => {
    const file = path.join(folder, name)
    assert.ok(fs.readFileSync(file, 'utf8').trimEnd().split('\n').length <= 40)
    assert.match(runNode([file]), printed[name])
  })
}

test('the code in README.md is that of the examples', () => {
  const contentOf = name => fs.readFileSync(path.join(folder, name), 'utf8').replace("'use strict'\n", '')
  const contents = new Set(examples.map(contentOf))
  const blocks = codeBlocks('README.md').filter(({ language }) => ['js', 'mjs'].includes(language))
  assert.notStrictEqual(blocks.length, 0)
  for (const { code, line } of blocks) assert.ok(contents.has(code), `README.md:${line} is no example`)
})
