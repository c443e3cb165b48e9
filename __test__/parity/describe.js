'use strict'

const { inspect } = require('node:util')

// Ours, and not enumerable: which step of a start failed.
const additions = ['step']

/**
 * Everything of an error that a program can see, in a form that assert.deepStrictEqual can compare and print.
 *
 * @param {Error} error
 */
function describeError(error) {
  const own = Reflect.ownKeys(error).filter(key => key !== 'stack' && !additions.includes(/** @type {string} */ (key)))
  return {
    string: String(error),
    // What console.error() shows in front of the frames, which differ.
    header: String(error.stack).slice(0, String(error.stack).search(/\n +at /)),
    tag: Object.prototype.toString.call(error),
    bases: bases(error),
    own: own.map(key => [String(key), describeProperty(error, key)])
  }
}

/** Names of the built-in classes that it is an instance of. */
function bases(error) {
  const classes = { Error, TypeError, RangeError, SyntaxError, DOMException }
  return Object.keys(classes).filter(name => error instanceof classes[name])
}

/**
 * @param {object} holder
 * @param {PropertyKey} key
 */
function describeProperty(holder, key) {
  const { get, set, value, ...flags } = Object.getOwnPropertyDescriptor(holder, key)
  const shown = { ...flags, get: typeof get, set: typeof set }
  if (value === holder) return { ...shown, value: 'itself' } // as execFileSync() does it
  if (value instanceof Error) return { ...shown, value: describeError(value) }
  return { ...shown, value: describeValue(value, key) }
}

/** Functions by what is visible of them, numbers that differ from run to run by their kind. */
function describeValue(value, key) {
  if (typeof value === 'function') return describeFunction(value)
  if (key === 'pid') return typeof value
  return typeof value === 'object' || typeof value === 'string' ? inspect(value, { depth: 4 }) : value
}

/** @param {Function} value */
function describeFunction(value) {
  return {
    name: value.name,
    length: value.length,
    hasPrototype: Object.hasOwn(value, 'prototype'),
    kind: Object.getPrototypeOf(value).constructor.name
  }
}

/**
 * All own properties, in their order.
 * @param {object} holder
 */
function describeProperties(holder) {
  return Reflect.ownKeys(holder).map(key => [String(key), describeProperty(holder, key)])
}

exports.additions = additions
exports.describeError = describeError
exports.describeFunction = describeFunction
exports.describeProperties = describeProperties
