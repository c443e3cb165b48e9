'use strict'

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const path = require('node:path')
const { it } = require('node:test')
const { promisify } = require('node:util')

it('the worker farm of examples/ does its work', { timeout: 90_000 }, async () => {
  const farm = path.join(__dirname, '../../examples/worker-farm')
  const { stdout } = await promisify(execFile)(process.execPath, [farm], { timeout: 60_000 })
  assert.match(stdout, /10000 tasks and 200 connections done by 4 workers/)
})
