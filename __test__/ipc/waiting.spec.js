'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { describe, it } = require('node:test')
const { promisify } = require('node:util')
const execFile = promisify(require('node:child_process').execFile)
const { fixture } = require('./helpers')

const modules = ['node:child_process', path.join(__dirname, '../..')]

describe('messages that wait in an unref()ed channel', { timeout: 120_000 }, () => {
  for (const way of ['before', 'after']) {
    it(`hold the process until they are written, as with Node: unref() ${way} send()`, async () => {
      const outputs = []
      for (const cp of modules) {
        const { stdout } = await execFile(process.execPath, [fixture('unref-sender'), cp, way], { timeout: 60_000 })
        outputs.push(stdout.trim().split('\n').toSorted())
      }
      assert.deepEqual(outputs[1], outputs[0])
      assert.deepEqual(outputs[1], ['beforeExit 100 true', 'exit 100 true', '{"count":100,"inOrder":true}'])
    })
  }
})
