'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { fingerprint, ours } = require('../helpers/parity')
const { closed } = require('../helpers/record')
const { echoed, fixture, same, startPeer, stop, uncaught, until } = require('./helpers')

const deadline = { timeout: 120_000 }

describe('send()', deadline, () => {
  const values = ['', 'text', 'ünï €uro 🤖\n\0"\\', 0, -1.5, true, false, null, [], {}, [1, [2, { three: 'drei' }]]]

  for (const serialization of ['json', 'advanced']) {
    it(`brings ${serialization} values there and back`, async () => {
      await same(async cp => {
        const child = cp.fork(fixture('echo'), { serialization })
        for (const value of values) child.send(value)
        const messages = await echoed(child, values.length)
        assert.deepEqual(messages, values)
        await stop(child)
        return messages
      })
    })

    it(`keeps the order of 20,000 ${serialization} messages of all sizes`, async () => {
      const child = ours.fork(fixture('echo'), { serialization })
      const sizes = [0, 1, 100, 5000, 20_000, 70_000]
      const messages = Array.from({ length: 20_000 }, (_, number) => ({
        number,
        text: (number % 7 === 0 ? 'é' : 'e').repeat(number % 100 === 0 ? sizes[(number / 100) % sizes.length] : 10)
      }))
      const back = echoed(child, messages.length)
      for (const message of messages) child.send(message)
      assert.deepEqual(await back, messages)
      await stop(child)
    })
  }

  it('says true, then false when nobody reads, and calls back when it is written', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      const text = 'x'.repeat(60_000)
      const results = []
      let called = 0
      for (let i = 0; i < 20; i++) results.push(child.send(text, error => (called += error === null ? 1 : 100)))
      await echoed(child, 20)
      await stop(child)
      // How much the socket takes is the kernel's matter.
      return { first: results[0], last: results.at(-1), called }
    })
  })

  it('calls back in order, although the first messages of a tick are written and the others collected', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      const order = []
      await new Promise(resolve => {
        for (let i = 0; i < 100; i++) {
          child.send(i, error => order.push(`${i} ${error}`))
          if (i % 10 === 0) process.nextTick(() => order.push(`tick ${i}`))
        }
        child.send('last', resolve)
        order.push('end of code')
      })
      await stop(child)
      return order
    })
  })

  it('calls back in the place in the tick queue that the message had', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      const order = []
      await new Promise(resolve => {
        child.send(1, () => order.push('1 written'))
        process.nextTick(() => order.push('tick'))
        queueMicrotask(() => order.push('microtask'))
        child.send(2, () => order.push('2 written'))
        child.send(3)
        child.send(4, () => order.push('4 written') && resolve(undefined))
        order.push('end of code')
      })
      await stop(child)
      return order
    })
  })

  const bad = Object.assign(Object.create(null), { toString: () => 'bad' })
  /** @type {Record<string, (child: any) => unknown>} */
  const mistakes = {
    'no message': child => child.send(),
    undefined: child => child.send(undefined),
    'a symbol': child => child.send(Symbol('s')),
    'a bigint': child => child.send(1n),
    'a function': child => child.send(() => {}),
    'a cycle': child => child.send((bad.self = bad)),
    'a handle of no kind': child => child.send('x', { not: 'a handle' }),
    'null options': child => child.send('x', undefined, null),
    'a string as options': child => child.send('x', undefined, 'options')
  }
  for (const [name, mistake] of Object.entries(mistakes)) {
    it(`throws what Node throws for ${name}, and goes on`, async () => {
      await same(async cp => {
        const child = cp.fork(fixture('echo'))
        let error
        try {
          mistake(child)
        } catch (caught) {
          error = fingerprint(caught)
        }
        assert.notEqual(error, undefined)
        child.send('next')
        assert.deepEqual(await echoed(child, 1), ['next'])
        await stop(child)
        return error
      })
    })
  }

  it('reports a closed channel to the callback, else as an error', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      await stop(child)
      const toCallback = await new Promise(resolve => {
        assert.equal(child.send('late', resolve), false)
      })
      assert.equal(child.send('late'), false)
      const [emitted] = await once(child, 'error')
      return [fingerprint(toCallback), fingerprint(emitted), child.connected, child.channel]
    })
  })
})

describe("'message'", deadline, () => {
  it('is emitted for each message although a listener throws', async () => {
    await same(async cp => {
      const child = cp.fork(fixture('echo'))
      const seen = []
      const errors = await uncaught(async () => {
        await new Promise(resolve => {
          child.on('message', message => {
            seen.push(message)
            if (message === 9) resolve(undefined)
            if (message % 3 === 0) throw new Error(`listener ${message}`)
          })
          for (let i = 0; i < 10; i++) child.send(i)
        })
        await stop(child)
      })
      return { seen, errors: errors.map(error => error.message) }
    })
  })

  it('comes before what listeners of the same batch put off', async () => {
    const order = await same(async cp => {
      const order = []
      const child = startPeer(cp, 'one-write')
      child.on('message', message => {
        order.push(message)
        process.nextTick(() => order.push(`tick of ${message}`))
        queueMicrotask(() => order.push(`microtask of ${message}`))
      })
      await closed(child)
      return order
    })
    assert.deepEqual(order.slice(0, 4), [1, 2, 3, 'tick of 1'])
  })

  /** A child whose first three messages nobody has heard. */
  async function unheard(cp) {
    const child = cp.fork(fixture('echo'))
    const symbol = Object.getOwnPropertySymbols(child.channel).find(name => name.description === 'kPendingMessages')
    for (const value of ['a', 'b', 'c']) child.send(value)
    await until(() => child.channel[symbol].length === 3)
    return child
  }

  it('waits for a listener', async () => {
    await same(async cp => {
      const child = await unheard(cp)
      const messages = await echoed(child, 3)
      await stop(child)
      return messages
    })
  })

  it('waits for the first listener only, be it one that listens once', async () => {
    await same(async cp => {
      const child = await unheard(cp)
      const first = await once(child, 'message')
      const later = echoed(child, 1)
      child.send('d')
      const messages = await later
      await stop(child)
      return [first, messages]
    })
  })

  it('has waited, and is emitted although a listener throws', async () => {
    const child = await unheard(ours)
    const seen = []
    const errors = await uncaught(async () => {
      child.on('message', message => {
        seen.push(message)
        throw new Error(`listener ${message}`)
      })
      await until(() => seen.length === 3)
      await stop(child)
    })
    assert.deepEqual(seen, ['a', 'b', 'c'])
    assert.equal(errors.length, 3)
  })
})
