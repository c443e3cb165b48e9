'use strict'

const { now } = require('../child/measure.js')

module.exports = {
  title: 'require()',
  about:
    'The first `require()` of the module in a fresh process. The built-in is part of the executable, where much of it is ' +
    'already loaded when a script starts.',
  behind: '30 files, see «require()»',
  metrics: { time: { label: 'time', unit: 'ms', better: 'less' } },
  cases: [{ name: 'first', label: 'first time', params: {} }],

  async run(module) {
    const before = now()
    require(module)
    return { time: now() - before }
  }
}
