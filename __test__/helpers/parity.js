'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const node = require('node:child_process')
const ours = require('../..')

/** Both implementations, to run the same assertions against. */
const implementations = [
  ['node:child_process', node],
  ['rs-child-process', ours]
]

/**
 * What can be told of an error from outside: all of it that does not depend on where it was made.
 * @param {any} error
 */
function fingerprint(error) {
  return {
    constructor: error.constructor.name,
    name: error.name,
    code: error.code,
    message: error.message,
    string: String(error),
    keys: Object.keys(error).toSorted(),
    properties: { ...error },
    header: error.stack.split('\n    at ', 1)[0],
    inspected: withoutFrames(inspect(error))
  }
}

/**
 * An error that has no frames is printed in brackets.
 * @param {string} text
 */
function withoutFrames(text) {
  return text.replace(/\n    at .*/g, '').replace(/^\[(.*)\]/s, '$1')
}

/**
 * Calls and tells how it ended: with a thrown error, or with a child that is then disposed of.
 * @param {() => any} call
 */
function outcome(call) {
  let result
  try {
    result = call()
  } catch (error) {
    return { thrown: fingerprint(error) }
  }
  if (typeof result?.kill === 'function') {
    result.on('error', () => {})
    // Never kill() a child of Node's that did not start: its handle has pid 0, which means this process group.
    if (result.pid !== undefined) result.kill('SIGKILL')
  }
  return { returned: typeof result }
}

/**
 * Asserts that a call ends with the same error, or without one, in both implementations.
 * @param {(childProcess: typeof node) => any} call
 * @param {string} [label]
 */
function assertSameOutcome(call, label) {
  assert.deepEqual(
    outcome(() => call(/** @type {any} */ (ours))),
    outcome(() => call(node)),
    label
  )
}

module.exports = { assertSameOutcome, fingerprint, implementations, node, ours }
