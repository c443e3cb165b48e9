'use strict'

const { transfer } = require('../child/measure.js')
const { tool } = require('../child/tools.js')

const big = (name, label, bytes, extra = {}) => ({ name, label, params: { bytes }, memory: bytes * 3.5, ...extra })

module.exports = {
  title: 'execFile() gathering into a Buffer',
  about:
    "`execFile()` with `encoding: 'buffer'`. «loop busy» is performance.eventLoopUtilization() of the call; «peak» is how " +
    'far resident memory rose, as a multiple of the result.',
  metrics: {
    throughput: { label: 'throughput', unit: 'GB/s', better: 'more' },
    time: { label: 'time', unit: 'ms', better: 'less' },
    loop: { label: 'loop busy', unit: 'share', better: 'less' },
    peak: { label: 'peak', unit: 'x', better: 'less' }
  },
  rounds: 3,
  cases: [big('64MB', '64 MB', 64e6, { quick: 0.9 }), big('256MB', '256 MB', 256e6), big('1GB', '1 GB', 1e9)],
  floor: ({ bytes }) => ['capture', bytes],

  async run(module, { bytes }) {
    const { execFile } = require(module)
    const options = { encoding: 'buffer', maxBuffer: bytes * 2 }
    const { throughput, time, loop, peak } = await transfer(bytes, () => {
      const { promise, resolve, reject } = withResolvers()
      execFile(...tool('emit', bytes), options, (error, stdout) => {
        if (error) reject(error)
        else if (stdout.length < bytes) reject(new Error(`${stdout.length} bytes of ${bytes} came`))
        else resolve()
      })
      return promise
    })
    return { throughput, time, loop, peak }
  },

  native: {
    async bun({ bytes }) {
      const [file, args] = tool('emit', bytes)
      const { throughput, time, peak } = await transfer(bytes, async () => {
        const child = Bun.spawn([file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
        await Promise.all([child.exited, child.stdout.bytes(), child.stderr.bytes()])
      })
      return { throughput, time, peak }
    },
    async deno({ bytes }) {
      const [file, args] = tool('emit', bytes)
      const { throughput, time, peak } = await transfer(bytes, () =>
        new Deno.Command(file, { args, stdin: 'null', stdout: 'piped', stderr: 'piped' }).output()
      )
      return { throughput, time, peak }
    }
  }
}

// Promise.withResolvers() came with Node 22.
function withResolvers() {
  let resolve, reject
  const promise = new Promise((...both) => ([resolve, reject] = both))
  return { promise, resolve, reject }
}
