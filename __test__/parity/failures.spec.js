'use strict'

const assert = require('node:assert')
const { test } = require('node:test')
const builtin = require('node:child_process')
const ours = require('rs-child-process')
const { additions, describeError } = require('./describe.js')
const { failures } = require('./failures.js')

test('there are at least forty failures', () => assert.ok(Object.keys(failures).length >= 40))

for (const [name, fail] of Object.entries(failures)) {
  test(name, async () => {
    const expected = describeError(await fail(builtin))
    const error = await fail(ours)
    assert.deepStrictEqual(describeError(error), expected)
    for (const key of additions) assert.ok(!Object.keys(error).includes(key), `${key} does not show`)
  })
}
