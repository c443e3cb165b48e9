'use strict'

const { blocked, closed, hold } = require('../child/measure.js')

const GB = 1e9

const heapCase = (name, label, heap, extra = {}) => ({ name, label, params: { heap }, memory: heap * 1.3, ...extra })

module.exports = {
  title: 'Time spawn() blocks, against heap',
  about:
    "`spawn('/bin/true')` with three pipes, one child at a time; the time until the call returns. The heap is Buffers " +
    'that have been written to. The C program holds the same memory, and its figure is the posix_spawn call alone, ' +
    'without making the pipes.',
  behind: 'Bun.spawn makes no net.Socket and no ChildProcess, which are 100 µs in Node 20, see «One spawn()»',
  metrics: { blocked: { label: 'blocked', unit: 'ms', better: 'less' } },
  cases: [
    heapCase('0', 'small process', 0, { quick: 1 }),
    heapCase('256MB', '256 MB', 0.256 * GB, { quick: 3 }),
    heapCase('1GB', '1 GB', GB),
    heapCase('4GB', '4 GB', 4 * GB)
  ],
  floor: ({ heap }) => ['blocked', 150, heap],

  async run(module, { heap }) {
    const { spawn } = require(module)
    hold(heap)
    return { blocked: await blocked(() => spawn('/bin/true', [], { stdio: 'pipe' }), closed) }
  },

  native: {
    async bun({ heap }) {
      hold(heap)
      const start = () => Bun.spawn(['/bin/true'], { stdio: ['pipe', 'pipe', 'pipe'] })
      return { blocked: await blocked(start, child => child.exited) }
    },
    async deno({ heap }) {
      hold(heap)
      const command = new Deno.Command('/bin/true', { stdin: 'piped', stdout: 'piped', stderr: 'piped' })
      const finish = async child => {
        await Promise.all([child.stdin.close(), child.stdout.cancel(), child.stderr.cancel()])
        await child.status
      }
      return { blocked: await blocked(() => command.spawn(), finish) }
    }
  }
}
