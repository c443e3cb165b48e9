'use strict'

const { closed, hold, now, turn } = require('../child/measure.js')

const CHILDREN = 50

/** The longest time between two turns of the event loop while children start, one to a turn. */
const worstGap = async start => {
  const children = []
  let running = true
  let worst = 0
  const heartbeat = async () => {
    let last = now()
    while (running) {
      await turn()
      const time = now()
      worst = Math.max(worst, time - last)
      last = time
    }
  }
  await start()
  const beating = heartbeat()
  for (let i = 0; i < CHILDREN; i++) {
    await turn()
    children.push(start())
  }
  await Promise.all(children)
  running = false
  await beating
  return worst
}

module.exports = {
  title: 'Worst event-loop gap while 50 children start, 1 GB held',
  about: `${CHILDREN} children, one started in each turn of the loop; the longest time between two turns until all have closed.`,
  metrics: { gap: { label: 'worst gap', unit: 'ms', better: 'less' } },
  cases: [{ name: '1GB', label: '1 GB', params: { heap: 1e9 }, memory: 1.3e9 }],

  async run(module, { heap }) {
    const { spawn } = require(module)
    hold(heap)
    return { gap: await worstGap(() => closed(spawn('/bin/true', [], { stdio: 'pipe' }))) }
  },

  native: {
    async bun({ heap }) {
      hold(heap)
      return { gap: await worstGap(() => Bun.spawn(['/bin/true'], { stdio: ['pipe', 'pipe', 'pipe'] }).exited) }
    },
    async deno({ heap }) {
      hold(heap)
      const command = new Deno.Command('/bin/true', { stdin: 'null', stdout: 'piped', stderr: 'piped' })
      return { gap: await worstGap(() => command.output()) }
    }
  }
}
