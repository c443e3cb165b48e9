'use strict'

const { closed, hold, now, turn } = require('../child/measure.js')

const CHILDREN = 50

/** The longest time between two turns of the event loop while children start, one to a turn. */
const worstGap = async start => {
  await start()
  const state = { open: 0, worst: 0, last: now() }
  for (let started = 0; started < CHILDREN || state.open > 0; started++) {
    await turn()
    const time = now()
    state.worst = Math.max(state.worst, time - state.last)
    state.last = time
    if (started < CHILDREN) {
      state.open++
      start().then(() => state.open--)
    }
  }
  return state.worst
}

module.exports = {
  title: 'Worst event-loop gap while 50 children start, 1 GB held',
  about: `${CHILDREN} children, one started in each turn of the loop; the longest time between two turns until all have closed.`,
  behind: 'the streams again, and what Node does at the end of each: Bun.spawn has neither',
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
