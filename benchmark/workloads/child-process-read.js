'use strict'

const { closed, transfer } = require('../child/measure.js')
const { tool } = require('../child/tools.js')

module.exports = {
  title: 'Streaming out of a child',
  about:
    "`child.stdout.on('data')` until 'close', 64 KB writes at the other end. CPU is the parent's, all its threads.",
  behind: 'Bun.spawn reads without a stream of Node, see «Streaming»',
  metrics: {
    throughput: { label: 'throughput', unit: 'GB/s', better: 'more' },
    cpu: { label: 'CPU per GB', unit: 'ms', better: 'less' }
  },
  cases: [{ name: '1GB', label: '1 GB', params: { bytes: 1e9 } }],
  floor: ({ bytes }) => ['stream-out', bytes],

  async run(module, { bytes }) {
    const { spawn } = require(module)
    let received = 0
    const figures = await transfer(bytes, async () => {
      const child = spawn(...tool('emit', bytes), { stdio: ['ignore', 'pipe', 'ignore'] })
      child.stdout.on('data', chunk => (received += chunk.length))
      await closed(child)
    })
    if (received < bytes) throw new Error(`${received} bytes of ${bytes} came`)
    return { throughput: figures.throughput, cpu: figures.cpu }
  },

  native: {
    async bun({ bytes }) {
      const [file, args] = tool('emit', bytes)
      const figures = await transfer(bytes, async () => {
        const child = Bun.spawn([file, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
        const reader = child.stdout.getReader()
        while (!(await reader.read()).done);
        await child.exited
      })
      return { throughput: figures.throughput, cpu: figures.cpu }
    },
    async deno({ bytes }) {
      const [file, args] = tool('emit', bytes)
      const figures = await transfer(bytes, async () => {
        const child = new Deno.Command(file, { args, stdin: 'null', stdout: 'piped', stderr: 'null' }).spawn()
        const reader = child.stdout.getReader()
        while (!(await reader.read()).done);
        await child.status
      })
      return { throughput: figures.throughput, cpu: figures.cpu }
    }
  }
}
