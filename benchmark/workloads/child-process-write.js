'use strict'

const { once } = require('node:events')
const { closed, transfer } = require('../child/measure.js')
const { tool } = require('../child/tools.js')

const block = Buffer.alloc(65536, 'x')

module.exports = {
  title: 'Streaming into a child',
  about: '`child.stdin.write()` of 64 KB, waiting for drain when it says so, to a child that drops it all.',
  behind: 'Bun.spawn writes without a stream of Node, see «Streaming»',
  metrics: {
    throughput: { label: 'throughput', unit: 'GB/s', better: 'more' },
    cpu: { label: 'CPU per GB', unit: 'ms', better: 'less' }
  },
  cases: [{ name: '512MB', label: '512 MB', params: { bytes: 512e6 } }],
  floor: ({ bytes }) => ['stream-in', bytes],

  async run(module, { bytes }) {
    const { spawn } = require(module)
    const { throughput, cpu } = await transfer(bytes, async () => {
      const child = spawn(...tool('sink'), { stdio: ['pipe', 'ignore', 'ignore'] })
      const end = closed(child)
      for (let left = bytes; left > 0; left -= block.length) {
        if (!child.stdin.write(block)) await once(child.stdin, 'drain')
      }
      child.stdin.end()
      await end
    })
    return { throughput, cpu }
  },

  native: {
    async bun({ bytes }) {
      const [file, args] = tool('sink')
      const { throughput, cpu } = await transfer(bytes, async () => {
        const child = Bun.spawn([file, ...args], { stdio: ['pipe', 'ignore', 'ignore'] })
        for (let left = bytes; left > 0; left -= block.length) {
          child.stdin.write(block)
          await child.stdin.flush()
        }
        await child.stdin.end()
        await child.exited
      })
      return { throughput, cpu }
    },
    async deno({ bytes }) {
      const [file, args] = tool('sink')
      const { throughput, cpu } = await transfer(bytes, async () => {
        const child = new Deno.Command(file, { args, stdin: 'piped', stdout: 'null', stderr: 'null' }).spawn()
        const writer = child.stdin.getWriter()
        for (let left = bytes; left > 0; left -= block.length) await writer.write(block)
        await writer.close()
        await child.status
      })
      return { throughput, cpu }
    }
  }
}
