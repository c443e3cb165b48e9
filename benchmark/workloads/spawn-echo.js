'use strict'

const { closed, perSecond } = require('../child/measure.js')

const width = (at, extra = {}) => ({
  name: `${at}`,
  label: `${at} at a time`,
  params: { width: at, count: 600 },
  ...extra
})

module.exports = {
  title: "Children a second, from spawn() to 'close'",
  about: "`spawn('/bin/true')` with three pipes, a new one as soon as one has closed.",
  behind: 'the streams and the events of a `ChildProcess`, which Bun.spawn and Deno.Command do not have',
  metrics: { rate: { label: 'children', unit: '/s', better: 'more' } },
  cases: [width(1, { quick: 0.8 }), width(16, { quick: 0.8 }), width(64)],
  floor: ({ width, count }) => ['rate', count, width],

  async run(module, { width, count }) {
    const { spawn } = require(module)
    return { rate: await perSecond(() => closed(spawn('/bin/true', [], { stdio: 'pipe' })), count, width) }
  },

  native: {
    async bun({ width, count }) {
      const one = async () => {
        const child = Bun.spawn(['/bin/true'], { stdio: ['pipe', 'pipe', 'pipe'] })
        await Promise.all([child.exited, child.stdout.text(), child.stderr.text()])
      }
      return { rate: await perSecond(one, count, width) }
    },
    async deno({ width, count }) {
      const command = new Deno.Command('/bin/true', { stdin: 'null', stdout: 'piped', stderr: 'piped' })
      return { rate: await perSecond(() => command.output(), count, width) }
    }
  }
}
