'use strict'

const { now } = require('../child/measure.js')

module.exports = {
  title: 'require()',
  about:
    'The first `require()` of the module in a fresh process. The built-in is part of the executable, where much of it is ' +
    'already loaded when a script starts.',
  behind: 'the addon, and one file more than Node has in its snapshot; see «require()»',
  // What users install: lib/ in one file.
  published: true,
  metrics: { time: { label: 'time', unit: 'ms', better: 'less' } },
  cases: [{ name: 'first', label: 'first time', params: {} }],

  async run(module) {
    const before = now()
    require(module)
    return { time: now() - before }
  }
}
