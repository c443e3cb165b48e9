'use strict'

const { once } = require('node:events')
const { join } = require('node:path')
const { median, now } = require('../child/measure.js')
const { startPeer, stopPeer } = require('../child/channel.js')
const { message, frame } = require('../child/ipc-message.js')

const peer = join(__dirname, '../child/ipc-peer.js')

const roundtrip = (serialization, size, extra = {}) => ({
  name: `${serialization}-${size}`,
  label: `${serialization}, ${size} bytes`,
  params: { serialization, size, count: 4000, peer: 'stock' },
  ...extra
})

module.exports = {
  title: 'IPC round trip',
  about:
    'A message to a forked child that sends it back, one in flight. The child is the same stock runtime for every ' +
    'contender but Bun and Deno, whose children are Bun and Deno. The C program is the parent of a Node child.',
  behind: 'Bun has Bun at both ends, and its JSON is four times as fast, see «IPC»',
  metrics: { roundtrip: { label: 'median', unit: 'ms', better: 'less' } },
  cases: [roundtrip('json', 130, { quick: 0.7 }), roundtrip('advanced', 130), roundtrip('json', 16384)],
  floor: ({ serialization, size, count }, nodePath) =>
    serialization === 'json' && size < 60000
      ? ['ipc-roundtrip', count, frame(message(size), serialization), nodePath, peer, 'echo']
      : undefined,

  async run(module, params) {
    const child = startPeer(module, params, 'echo')
    const same = message(params.size)
    const times = []
    const done = new Promise(resolve => {
      let before
      const next = () => {
        before = now()
        child.send(same)
      }
      child.on('message', () => {
        times.push(now() - before)
        if (times.length < params.count) next()
        else resolve()
      })
      once(child, 'spawn').then(next)
    })
    await done
    await stopPeer(child)
    return { roundtrip: median(times.slice(times.length / 10)) }
  }
}
