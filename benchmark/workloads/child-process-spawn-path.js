'use strict'

const { perSecond, exited } = require('../child/measure.js')

const path = entries => ({ name: `${entries}`, label: `${entries} entries before it`, params: { entries, count: 400 } })

module.exports = {
  title: 'Children a second, against the length of PATH',
  about: "`spawn('true')` without stdio, found in the last entry of PATH; the others do not exist.",
  behind: 'within the spread of the child itself',
  metrics: { rate: { label: 'children', unit: '/s', better: 'more' } },
  rounds: 3,
  cases: [path(0), path(8), path(32)],

  async run(module, { entries, count }) {
    const { spawn } = require(module)
    const missing = Array.from({ length: entries }, (_, index) => `/nonexistent/${process.pid}/${index}`)
    const env = { PATH: [...missing, '/bin'].join(':') }
    return { rate: await perSecond(() => exited(spawn('true', [], { env, stdio: 'ignore' })), count, 1) }
  }
}
