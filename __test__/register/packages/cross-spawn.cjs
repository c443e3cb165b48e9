'use strict'

const assert = require('node:assert')
const { chmodSync, writeFileSync } = require('node:fs')
const { once } = require('node:events')
const { text } = require('node:stream/consumers')
const spawn = require('cross-spawn')

async function main() {
  writeFileSync('script with blanks', '#!/bin/sh\nprintf "%s|" "$@"\n')
  chmodSync('script with blanks', 0o755)
  const odd = ['a b', '', '"quoted"', "it's", '$HOME', '*', '\\']

  const child = spawn('./script with blanks', odd)
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  assert.deepStrictEqual([output, code], [`${odd.join('|')}|`, 0])

  const { stdout, status } = spawn.sync('./script with blanks', odd, { encoding: 'utf8' })
  assert.deepStrictEqual([stdout, status], [`${odd.join('|')}|`, 0])

  const [error] = await once(spawn('no-such-command-at-all', ['x']), 'error')
  assert.deepStrictEqual([error.code, error.syscall], ['ENOENT', 'spawn no-such-command-at-all'])
  assert.strictEqual(spawn.sync('no-such-command-at-all').error.code, 'ENOENT')
  console.log('done')
}

main()
