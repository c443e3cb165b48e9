'use strict'

const { blocked, closed } = require('../child/measure.js')

const fds = count => ({ name: `${count}`, label: `${count} pipe${count > 1 ? 's' : ''}`, params: { count } })

module.exports = {
  title: 'Time spawn() blocks, against the number of pipes',
  about: "`spawn('/bin/true')` with that many `'pipe'` entries in stdio.",
  metrics: { blocked: { label: 'blocked', unit: 'ms', better: 'less' } },
  rounds: 3,
  cases: [fds(1), fds(3), fds(8), fds(16), fds(32), fds(64)],

  async run(module, { count }) {
    const { spawn } = require(module)
    const stdio = Array(count).fill('pipe')
    return { blocked: await blocked(() => spawn('/bin/true', [], { stdio }), closed, { budget: 300, most: 100 }) }
  }
}
