'use strict'

const { once } = require('node:events')
const { now, turn } = require('../child/measure.js')
const { startPeer, stopPeer, notWithPlainPeer } = require('../child/channel.js')
const { message, frame } = require('../child/ipc-message.js')

const sendCase = (serialization, peer, extra = {}) => ({
  name: `${serialization}-${peer}`,
  label: `${serialization}, ${peer === 'plain' ? "parent's end alone" : 'stock child'}`,
  params: { serialization, peer, size: 130, count: 200000 },
  without: peer === 'plain' && serialization === 'advanced' ? notWithPlainPeer : [],
  ...extra
})

module.exports = {
  title: 'IPC send',
  about:
    'Messages of 130 bytes to a child, `send()` until it says false, then again in the next turn; until the child has ' +
    "them all. «Parent's end alone»: the child is a plain reader, so that only the sending side is measured.",
  behind:
    'JSON.stringify of V8 takes eight times as long as that of Bun in Node 20, three times in Node 26, see «IPC»; with a stock child, that child is what the rate waits for, and Bun has Bun there',
  metrics: { rate: { label: 'messages', unit: '/s', better: 'more' } },
  rounds: 3,
  cases: [
    sendCase('json', 'plain', { quick: 0.9 }),
    sendCase('advanced', 'plain'),
    sendCase('json', 'stock'),
    sendCase('advanced', 'stock')
  ],

  async run(module, params) {
    const { serialization, peer, size, count } = params
    const same = message(size)
    const bytes = (frame(same, serialization).length / 2) * count
    const child =
      peer === 'plain'
        ? startPeer(module, params, 'sink', bytes, frame('done', serialization))
        : startPeer(module, params, 'sink', count)
    await once(child, 'spawn')
    // The stock child answers nothing before it has booted: its start is not part of the figure.
    if (peer === 'stock') await new Promise(resolve => setTimeout(resolve, 300))
    const done = once(child, 'message')
    const before = now()
    for (let left = count; left > 0;) {
      while (left-- > 0 && child.send(same));
      await turn()
    }
    const [answer] = await done
    const time = now() - before
    if (answer !== 'done') throw new Error(`the child answered ${JSON.stringify(answer)}`)
    await stopPeer(child)
    return { rate: (count / time) * 1e3 }
  }
}
