'use strict'

const { once } = require('node:events')
const { now } = require('../child/measure.js')
const { startPeer, stopPeer } = require('../child/channel.js')
const { message } = require('../child/ipc-message.js')

const echo = serialization => ({
  name: `${serialization}-8MB`,
  label: `${serialization}, 8 MB`,
  params: { serialization, peer: 'stock', size: 8e6, count: 10 },
  memory: 1e9
})

module.exports = {
  title: 'IPC echo of large messages',
  about: 'A message of 8 MB to a forked child that sends it back, one in flight.',
  behind: 'JSON.stringify and JSON.parse of V8 at both ends, see «IPC»; Bun has Bun at both ends',
  metrics: { echo: { label: 'per echo', unit: 'ms', better: 'less' } },
  rounds: 3,
  cases: [echo('json'), echo('advanced')],

  async run(module, params) {
    const child = startPeer(module, params, 'echo')
    const large = message(params.size)
    const one = async () => {
      const answer = once(child, 'message')
      child.send(large)
      const [received] = await answer
      if (received.payload.length !== large.payload.length) throw new Error('the echo is not what was sent')
    }
    await one()
    const before = now()
    for (let i = 0; i < params.count; i++) await one()
    const time = now() - before
    await stopPeer(child)
    return { echo: time / params.count }
  }
}
