'use strict'

/** A message whose JSON takes about `size` bytes. */
const message = size => ({ id: 12345, kind: 'task', payload: '.'.repeat(Math.max(0, size - 42)) })

/** One frame of Node's channel as hex, for the plain reader and writer. */
const frame = (value, serialization) => {
  if (serialization === 'json') return Buffer.from(JSON.stringify(value) + '\n').toString('hex')
  const body = require('node:v8').serialize(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body]).toString('hex')
}

module.exports = { message, frame }
