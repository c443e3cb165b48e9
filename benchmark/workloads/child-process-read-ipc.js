'use strict'

const { once } = require('node:events')
const { now } = require('../child/measure.js')
const { startPeer, stopPeer, notWithPlainPeer } = require('../child/channel.js')
const { message, frame } = require('../child/ipc-message.js')

const receiveCase = (serialization, peer, count, extra = {}) => ({
  name: `${serialization}-${peer}`,
  label: `${serialization}, ${peer === 'plain' ? "parent's end alone" : 'stock child'}`,
  params: { serialization, peer, size: 130, count },
  without: peer === 'plain' && serialization === 'advanced' ? notWithPlainPeer : [],
  ...extra
})

module.exports = {
  title: 'IPC receive',
  about:
    "Messages of 130 bytes from a child, from the first to the last. «Parent's end alone»: the child is a plain writer " +
    'of ready-made frames, so that only the receiving side is measured.',
  behind:
    'JSON.parse of V8 takes three times as long as that of Bun, see «IPC»; with a stock child, that child is what the rate waits for, and Bun has Bun there',
  metrics: { rate: { label: 'messages', unit: '/s', better: 'more' } },
  rounds: 3,
  cases: [
    receiveCase('json', 'plain', 1000000, { quick: 0.7 }),
    receiveCase('advanced', 'plain', 400000),
    receiveCase('json', 'stock', 200000),
    receiveCase('advanced', 'stock', 200000)
  ],

  async run(module, params) {
    const { serialization, peer, size, count } = params
    const child =
      peer === 'plain'
        ? startPeer(module, params, 'source', count, frame(message(size), serialization))
        : startPeer(module, params, 'source', count, size)
    let received = 0
    let first
    const done = new Promise(resolve => {
      child.on('message', () => {
        received++
        if (received === 1) first = now()
        if (received === count) resolve(now() - first)
      })
    })
    await once(child, 'spawn')
    if (peer === 'stock') child.send('go')
    const time = await done
    await stopPeer(child)
    return { rate: (count / time) * 1e3 }
  }
}
