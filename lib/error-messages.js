'use strict'

const { inspect } = require('node:util')
const { describesOnlyNamedConstructors } = require('./node-version')

// Node says "of type" for these, "an instance of" for anything that looks like a class name, and quotes the rest as is.
const PRIMITIVES = new Set([
  'string',
  'function',
  'number',
  'object',
  'Function',
  'Object',
  'boolean',
  'bigint',
  'symbol'
])
const CLASS_NAME = /^[A-Z][a-zA-Z0-9]*$/

/**
 * 'a, b, or c'.
 * @param {string[]} items
 */
function formatList(items) {
  if (items.length <= 2) return items.join(' or ')
  return `${items.slice(0, -1).join(', ')}, or ${items[items.length - 1]}`
}

/**
 * The name under which an object is introduced, or undefined if its constructor offers none.
 * @param {any} value
 * @returns {string | undefined}
 */
function constructorName(value) {
  if (describesOnlyNamedConstructors) {
    const name = value.constructor?.name
    return typeof name === 'string' && name !== '' ? name : undefined
  }
  return value.constructor && 'name' in value.constructor ? value.constructor.name : undefined
}

/**
 * What was received instead, as Node puts it: `type number (1)`, `an instance of Map`, `function spawn`, `null`.
 * @param {any} value
 * @returns {string}
 */
function describeReceived(value) {
  if (value === null || value === undefined) return String(value)

  switch (typeof value) {
    case 'function':
      return `function ${value.name}`
    case 'object': {
      const name = constructorName(value)
      return name === undefined ? inspect(value, { depth: -1 }) : `an instance of ${name}`
    }
    case 'string': {
      const text = value.length > 28 ? `${value.slice(0, 25)}...` : value
      return `type string (${text.includes("'") ? JSON.stringify(text) : `'${text}'`})`
    }
    case 'number':
      return `type number (${Object.is(value, -0) ? '-0' : value})`
    case 'bigint':
      return `type bigint (${value}n)`
    default:
      return `type ${typeof value} (${String(value)})`
  }
}

/**
 * 'argument' for a plain name, 'property' for a path such as options.cwd.
 * @param {string} name
 */
function kindOf(name) {
  return name.includes('.') ? 'property' : 'argument'
}

/**
 * Message of ERR_INVALID_ARG_TYPE.
 * @param {string} name argument, or path of an option
 * @param {string | string[]} expected type and class names
 * @param {unknown} actual
 */
function invalidArgType(name, expected, actual) {
  const types = []
  const classes = []
  const others = []

  for (const item of Array.isArray(expected) ? expected : [expected]) {
    if (PRIMITIVES.has(item)) types.push(item.toLowerCase())
    else if (CLASS_NAME.test(item)) classes.push(item)
    else others.push(item)
  }

  const wanted = []
  if (types.length > 0) wanted.push(`${types.length > 1 ? 'one of type' : 'of type'} ${formatList(types)}`)
  if (classes.length > 0) wanted.push(`an instance of ${formatList(classes)}`)
  if (others.length > 0) wanted.push(others.length > 1 ? `one of ${formatList(others)}` : others[0])

  return `The "${name}" ${kindOf(name)} must be ${wanted.join(' or ')}. Received ${describeReceived(actual)}`
}

/**
 * Message of ERR_INVALID_ARG_VALUE.
 * @param {string} name
 * @param {unknown} value
 * @param {string} [reason]
 */
function invalidArgValue(name, value, reason = 'is invalid') {
  const text = inspect(value)
  return `The ${kindOf(name)} '${name}' ${reason}. Received ${text.length > 128 ? `${text.slice(0, 128)}...` : text}`
}

/**
 * 12345678901 becomes 12_345_678_901.
 * @param {string} digits
 */
function groupThousands(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, '_')
}

/**
 * Message of ERR_OUT_OF_RANGE. Integers beyond 32 bits are printed with separators, as Node does.
 * @param {string} name
 * @param {string} range
 * @param {unknown} value
 */
function outOfRange(name, range, value) {
  let received = inspect(value)
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2 ** 32) {
    received = groupThousands(String(value))
  } else if (typeof value === 'bigint' && (value > 2n ** 32n || value < -(2n ** 32n))) {
    received = `${groupThousands(String(value))}n`
  }
  return `The value of "${name}" is out of range. It must be ${range}. Received ${received}`
}

/**
 * Message of ERR_MISSING_ARGS.
 * @param {string} name
 */
function missingArg(name) {
  return `The "${name}" argument must be specified`
}

module.exports = { invalidArgType, invalidArgValue, missingArg, outOfRange }
