'use strict'

const { transfer } = require('../child/measure.js')
const { tool } = require('../child/tools.js')

module.exports = {
  title: 'spawnSync() of much output',
  about: '`spawnSync()` to a Buffer; «peak» is how far resident memory rose, as a multiple of the result.',
  metrics: {
    throughput: { label: 'throughput', unit: 'GB/s', better: 'more' },
    peak: { label: 'peak', unit: 'x', better: 'less' }
  },
  cases: [{ name: '256MB', label: '256 MB', params: { bytes: 256e6 }, memory: 1e9 }],
  floor: ({ bytes }) => ['capture', bytes],

  async run(module, { bytes }) {
    const { spawnSync } = require(module)
    const { throughput, peak } = await transfer(bytes, () => {
      const { stdout, error } = spawnSync(...tool('emit', bytes), { maxBuffer: bytes * 2 })
      if (error) throw error
      if (stdout.length < bytes) throw new Error(`${stdout.length} bytes of ${bytes} came`)
    })
    return { throughput, peak }
  },

  native: {
    async bun({ bytes }) {
      const [file, args] = tool('emit', bytes)
      const { throughput, peak } = await transfer(bytes, () => Bun.spawnSync([file, ...args]))
      return { throughput, peak }
    },
    async deno({ bytes }) {
      const [file, args] = tool('emit', bytes)
      const { throughput, peak } = await transfer(bytes, () =>
        new Deno.Command(file, { args, stdin: 'null', stdout: 'piped', stderr: 'piped' }).outputSync()
      )
      return { throughput, peak }
    }
  }
}
