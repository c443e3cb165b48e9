'use strict'

const { blocked, closed } = require('../child/measure.js')

const given = count => ({ name: `given-${count}`, label: `env of ${count.toLocaleString('en')}`, params: { count } })
const inherited = (count, extra = {}) => ({
  name: `inherit-${count}`,
  label: `inherit ${count.toLocaleString('en')}`,
  params: { count: 0 },
  environment: count,
  ...extra
})

module.exports = {
  title: 'Time spawn() blocks, against the environment',
  about:
    "`spawn('/bin/true')` with three pipes. «inherit»: no `env` option, and that many variables in the process; «env of»: " +
    'an `env` object of that many variables.',
  behind: 'the sockets and JS of Node 20 (100 µs), see «One spawn()»; in Node 26 they take half of that',
  metrics: { blocked: { label: 'blocked', unit: 'ms', better: 'less' } },
  rounds: 3,
  cases: [
    inherited(10),
    inherited(200, { quick: 1 }),
    inherited(1000),
    given(1),
    given(10),
    given(100),
    given(1000),
    given(10000)
  ],

  async run(module, { count }) {
    const { spawn } = require(module)
    const options = { stdio: 'pipe' }
    if (count > 0) {
      const names = Array.from({ length: count }, (_, index) => [`BENCH_VARIABLE_${index}`, `value ${index}`])
      options.env = Object.fromEntries(names)
    }
    return { blocked: await blocked(() => spawn('/bin/true', [], options), closed, { budget: 300 }) }
  }
}
