'use strict'

const { perSecond, exited } = require('../child/measure.js')

const options = (envc, argc) => ({
  name: `env-${envc}-args-${argc}`,
  label: `${envc} variables, ${argc} arguments`,
  params: { envc, argc, count: 400 }
})

module.exports = {
  title: 'Children a second, against the size of the options',
  about: "`spawn('true')` without stdio, env and arguments of that size, until 'exit'; looked up in PATH.",
  behind: 'within the spread of the child itself',
  metrics: { rate: { label: 'children', unit: '/s', better: 'more' } },
  rounds: 3,
  cases: [options(0, 0), options(256, 8), options(1024, 64)],

  async run(module, { envc, argc, count }) {
    const { spawn } = require(module)
    const env = { PATH: process.env.PATH }
    for (let i = 0; i < envc; i++) env[`BENCH_VARIABLE_${i}`] = `value ${i}`
    const args = Array.from({ length: argc }, (_, index) => `argument ${index}`)
    return { rate: await perSecond(() => exited(spawn('true', args, { env, stdio: 'ignore' })), count, 1) }
  }
}
