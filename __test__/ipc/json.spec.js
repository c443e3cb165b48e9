'use strict'

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')
const { json } = require('../../lib/ipc/json')
const { advanced } = require('../../lib/ipc/advanced')

/** What stock Node throws when it puts such a line together. */
function tooLong() {
  try {
    'x'.repeat(2 ** 30)
  } catch (error) {
    return `${error}`
  }
}

// The core gives the lines one by one when they are too long for one string, which takes half a gigabyte.
describe('lines that are too long together', () => {
  it('are read one by one', () => {
    const errors = []
    assert.deepEqual(json.read(['1', '{"a":2}'], 2, false, errors), [1, { a: 2 }])
    assert.deepEqual(errors, [])
  })

  it('cost an error each that is too long alone, and no other message', () => {
    const errors = []
    assert.deepEqual(json.read(['1', null, 'x', '2'], 4, false, errors), [1, 2])
    assert.deepEqual(
      errors.map(error => error.name),
      ['RangeError', 'SyntaxError']
    )
    assert.equal(`${errors[0]}`, tooLong())
    assert.deepEqual(json.read([null], 1, false, errors), [])
    assert.equal(errors.length, 3)
  })
})

describe('frames for which there is no memory', () => {
  for (const [name, codec] of Object.entries({ advanced, json })) {
    it(`cost an error in ${name}`, () => {
      const errors = []
      assert.deepEqual(codec.read(undefined, 2, false, errors), [])
      assert.deepEqual(
        errors.map(error => error.name),
        ['RangeError']
      )
    })
  }
})
