'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const builtin = require('node:child_process')
const ours = require('rs-child-process')
const { describeError } = require('./describe.js')
const { failures } = require('./failures.js')

// An addition of ours, not enumerable: which step of the start failed.
const additions = ['step']

test('there are at least forty failures', () => assert.ok(Object.keys(failures).length >= 40))

for (const [name, fail] of Object.entries(failures)) {
  test(name, async () => {
    const expected = describeError(await fail(builtin))
    const error = await fail(ours)
    assert.deepStrictEqual(describeError(error, additions), expected)
    for (const key of additions) assert.ok(!Object.keys(error).includes(key), `${key} does not show`)
  })
}
