'use strict'

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')
const { inspect } = require('node:util')
const v8 = require('node:v8')
const { advanced } = require('../../lib/ipc/advanced')
const { random } = require('../helpers/random')

/** What becomes of frames in one batch, and of each body alone: both in the same memory, which views show. */
function read(bodies, codec = advanced) {
  const batch = Buffer.concat(bodies.flatMap(body => [Buffer.alloc(4), body]))
  let begin = 0
  const frames = bodies.map(({ length }) => {
    begin = batch.writeUInt32BE(length, begin) + length
    return batch.subarray(begin - length, begin)
  })
  return {
    together: outcome(errors => codec.read(batch, frames.length, false, errors)),
    alone: outcome(errors => frames.flatMap(frame => codec.read(frame, 1, true, errors)))
  }
}

function outcome(read) {
  const errors = []
  const messages = read(errors)
  return { messages, errors: errors.map(({ name, message }) => `${name}: ${message}`) }
}

/** By what is printed, as an invalid date is not equal to itself. */
function assertSame({ together, alone }, reason) {
  const print = value => inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null })
  assert.equal(print(together), print(alone), reason)
}

const sent = message => {
  let bytes
  advanced.write({ writeFrame: body => (bytes = Buffer.from(body)) }, message, -1, undefined, false)
  return bytes
}

/** A message of `below`'s choice. Texts and numbers often contain the byte that stands for a reference. */
function anyMessage(below, depth = 3) {
  const leaves = [
    () => below(200),
    () => below(2 ** 31) / 7,
    () => '^'.repeat(below(3)) + 'x'.repeat(below(120)),
    () => 'ж'.repeat(below(50)),
    () => null,
    () => undefined,
    () => BigInt(below(1e9)),
    () => new Date(below(1e9)),
    () => /a^b/g,
    () => Buffer.alloc(below(40), below(256)),
    () => new Float64Array(below(4)).fill(1.5),
    () => new ArrayBuffer(below(10))
  ]
  if (depth === 0) return leaves[below(leaves.length)]()
  const inner = () => anyMessage(below, depth - 1)
  const nodes = [
    ...leaves,
    () => ({ id: below(1000), kind: 'task', inner: inner() }),
    () => Array.from({ length: below(4) }, inner),
    () => new Map([[below(9), inner()]]),
    () => new Set([inner(), inner()]),
    () => {
      const twice = { inner: inner() }
      return [twice, twice]
    },
    () => {
      const cycle = { inner: inner() }
      cycle.cycle = cycle
      return cycle
    }
  ]
  return nodes[below(nodes.length)]()
}

describe('a batch of advanced messages is read as each of them alone', () => {
  it('whatever they are', () => {
    for (let seed = 0; seed < 300; seed++) {
      const below = random(seed)
      const bodies = Array.from({ length: 2 + below(8) }, () => sent(anyMessage(below)))
      assertSame(read(bodies), `seed ${seed}`)
    }
  })

  it('whatever has become of their bytes', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const below = random(seed)
      const bodies = Array.from({ length: 2 + below(8) }, () => {
        const body = sent(anyMessage(below, 2))
        for (let n = below(3); n > 0; n--) body[below(body.length)] = below(256)
        return [body, body.subarray(0, below(body.length)), Buffer.concat([body, Buffer.from([below(256)])])][below(3)]
      })
      assertSame(read(bodies), `seed ${seed}`)
    }
  })

  it('with references to objects of the same message', () => {
    const shared = { text: 'of both' }
    const bodies = [sent({ number: 1 }), sent([shared, shared]), sent({ number: 3 })]
    const { messages } = read(bodies).together
    assert.equal(messages[1][0], messages[1][1])
    assert.deepEqual(messages, [{ number: 1 }, [shared, shared], { number: 3 }])
  })

  it('when one would go on into the next', () => {
    const text = v8.serialize('abcdef')
    const bodies = [sent(1), text.subarray(0, text.length - 3), sent(2), sent(3)]
    const { messages, errors } = read(bodies).together
    assert.deepEqual(messages, [1, 2, 3])
    assert.equal(errors.length, 1)
  })

  it('when one has bytes behind its end', () => {
    const bodies = [sent(1), Buffer.concat([sent('text'), Buffer.from('more')]), sent(2)]
    assert.deepEqual(read(bodies).together, { messages: [1, 'text', 2], errors: [] })
  })

  it('when one is empty', () => {
    const { messages, errors } = read([sent(1), Buffer.alloc(0), sent(2)]).together
    assert.deepEqual(messages, [1, 2])
    assert.equal(errors.length, 1)
  })

  it('also where V8 has only what is documented', () => {
    const file = require.resolve('../../lib/ipc/advanced')
    const base = /** @type {any} */ (v8.Deserializer.prototype)
    const { readRawBytes, _readRawBytes } = base
    let calls = 0
    delete base._readRawBytes
    base.readRawBytes = function (length) {
      calls++
      return Buffer.from(this.buffer.buffer, this.buffer.byteOffset + _readRawBytes.call(this, length), length)
    }
    delete require.cache[file]
    try {
      const bodies = Array.from({ length: 5 }, (_, number) => sent({ number }))
      const { messages } = read(bodies, require(file).advanced).together
      assert.deepEqual(
        messages,
        [0, 1, 2, 3, 4].map(number => ({ number }))
      )
      assert.equal(calls, 2 * bodies.length)
    } finally {
      Object.assign(base, { readRawBytes, _readRawBytes })
      delete require.cache[file]
    }
  })

  it('with few deserializers', () => {
    const { readHeader } = v8.Deserializer.prototype
    const used = new Set()
    v8.Deserializer.prototype.readHeader = function () {
      used.add(this)
      return readHeader.call(this)
    }
    try {
      const bodies = Array.from({ length: 100 }, (_, i) => sent({ text: i < 50 ? 'plain' : '^' }))
      assert.equal(read(bodies).together.messages.length, 100)
    } finally {
      v8.Deserializer.prototype.readHeader = readHeader
    }
    assert.equal(used.size, 100 + 50 + 1, 'one for each alone; in the batch one for each ^ and one for all others')
  })
})
