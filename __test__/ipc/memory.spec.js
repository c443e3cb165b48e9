'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { it } = require('node:test')
const { promisify } = require('node:util')
const execFile = promisify(require('node:child_process').execFile)
const { fixture } = require('./helpers')

it('a child with a channel takes no more memory than with Node', { timeout: 120_000 }, async () => {
  const perChild = async cp => Number((await execFile(process.execPath, [fixture('memory'), cp])).stdout)
  const theirs = await perChild('node:child_process')
  const ours = await perChild(path.join(__dirname, '../..'))
  assert.ok(ours <= theirs, `${ours} KB, Node ${theirs}`)
})
