'use strict'

const assert = require('node:assert/strict')
const { EventEmitter } = require('node:events')
const { describe, it } = require('node:test')
const { inherits, promisify } = require('node:util')
const { node, ours } = require('./helpers/parity')

const names = Object.keys(node)

describe('the exports', () => {
  it('can be imported by no other name than those of Node', async () => {
    // What Node makes by itself of a CommonJS module.
    const [namespace, expected] = [await import('../index.js'), await import('node:child_process')]
    const own = Object.keys(namespace).filter(name => name !== 'module.exports')
    assert.deepEqual(own.toSorted(), Object.keys(expected).toSorted())
  })

  it('are those of Node, in its order', () => {
    assert.deepEqual(Object.keys(ours), names)
  })

  it('have the same names, lengths and attributes', () => {
    for (const name of names) {
      const { value, ...attributes } = Object.getOwnPropertyDescriptor(ours, name)
      const { value: expected, ...expectedAttributes } = Object.getOwnPropertyDescriptor(node, name)
      assert.equal(value.name, expected.name, name)
      assert.equal(value.length, expected.length, name)
      assert.deepEqual(attributes, expectedAttributes, name)
    }
  })

  it('can be imported by name and as a default', async () => {
    const namespace = await import('../index.js')
    for (const name of names) assert.equal(namespace[name], ours[name], name)
    assert.equal(namespace.default, ours)
  })

  it('have the promise forms, under the same names', () => {
    for (const name of ['exec', 'execFile']) {
      const { value, ...attributes } = Object.getOwnPropertyDescriptor(ours[name], promisify.custom)
      const { value: expected, ...expectedAttributes } = Object.getOwnPropertyDescriptor(node[name], promisify.custom)
      assert.equal(value.name, expected.name)
      assert.equal(value.length, expected.length)
      assert.deepEqual(attributes, expectedAttributes)
    }
  })
})

describe('the class ChildProcess', () => {
  it('inherits from EventEmitter both ways and can be inherited from', () => {
    assert.ok(new ours.ChildProcess() instanceof EventEmitter)
    assert.equal(Object.getPrototypeOf(ours.ChildProcess), EventEmitter)
    function Own() {
      ours.ChildProcess.call(this)
    }
    inherits(Own, ours.ChildProcess)
    assert.equal(new Own().killed, false)
  })

  it('has the same methods', () => {
    assert.deepEqual(
      Reflect.ownKeys(ours.ChildProcess.prototype).map(String),
      Reflect.ownKeys(node.ChildProcess.prototype).map(String)
    )
    for (const key of Reflect.ownKeys(node.ChildProcess.prototype)) {
      const { value, ...attributes } = Object.getOwnPropertyDescriptor(ours.ChildProcess.prototype, key)
      const { value: expected, ...expectedAttributes } = Object.getOwnPropertyDescriptor(
        node.ChildProcess.prototype,
        key
      )
      assert.equal(value.name, expected.name)
      assert.equal(value.length, expected.length)
      assert.deepEqual(attributes, expectedAttributes)
    }
  })

  it('has the same properties in the same order, with and without a process', () => {
    const keys = object => Reflect.ownKeys(object).map(String)
    assert.deepEqual(keys(new ours.ChildProcess()), keys(new node.ChildProcess()))

    const [child, expected] = [ours, node].map(({ spawn }) => spawn('true'))
    assert.deepEqual(keys(child), keys(expected))
    assert.equal(typeof child.pid, 'number')
    assert.deepEqual(
      Object.entries(child).map(([key, value]) => [key, typeof value]),
      Object.entries(expected).map(([key, value]) => [key, typeof value])
    )
  })
})
