'use strict'

const assert = require('node:assert')
const { EventEmitter } = require('node:events')
const { test } = require('node:test')
const { promisify } = require('node:util')
const builtin = require('node:child_process')
const ours = require('rs-child-process')
const { describeFunction, describeProperties } = require('./describe.js')

test('the same names are exported, with the same descriptors, function names and lengths', () => {
  const byName = describe => Object.fromEntries(describe)
  assert.deepStrictEqual(byName(describeProperties(ours)), byName(describeProperties(builtin)))
})

for (const name of Object.keys(builtin)) {
  test(`${name} has the same own properties`, () => {
    assert.deepStrictEqual(describeProperties(ours[name]), describeProperties(builtin[name]))
  })
}

test('ChildProcess.prototype has the same properties, and both inherit from EventEmitter', () => {
  const own = ({ ChildProcess }) => describeProperties(ChildProcess.prototype)
  assert.deepStrictEqual(own(ours), own(builtin))
  for (const { ChildProcess } of [builtin, ours]) {
    assert.strictEqual(Object.getPrototypeOf(ChildProcess), EventEmitter)
    assert.strictEqual(Object.getPrototypeOf(ChildProcess.prototype), EventEmitter.prototype)
  }
})

test('ChildProcess can be called, constructed and extended alike', () => {
  for (const { ChildProcess } of [builtin, ours]) {
    assert.ok(new ChildProcess() instanceof ChildProcess)
    class Derived extends ChildProcess {}
    assert.ok(new Derived() instanceof ChildProcess)
    const bare = Object.create(ChildProcess.prototype)
    ChildProcess.call(bare)
    assert.strictEqual(bare.exitCode, null)
  }
})

for (const name of ['exec', 'execFile']) {
  test(`promisify(${name}) gives the same kind of function`, () => {
    assert.deepStrictEqual(describeFunction(promisify(ours[name])), describeFunction(promisify(builtin[name])))
    assert.deepStrictEqual(
      Object.getOwnPropertyDescriptor(promisify(ours[name]), 'name'),
      Object.getOwnPropertyDescriptor(promisify(builtin[name]), 'name')
    )
  })
}

test('named imports are the same', async () => {
  const names = async specifier => Object.keys(await import(specifier)).filter(name => name !== 'module.exports')
  assert.deepStrictEqual((await names('rs-child-process')).toSorted(), (await names('node:child_process')).toSorted())
})
