'use strict'

const { blocked, closed } = require('../child/measure.js')

const fds = count => ({ name: `${count}`, label: `${count} pipe${count > 1 ? 's' : ''}`, params: { count } })

module.exports = {
  title: 'Time spawn() blocks, against the number of pipes',
  about:
    "`spawn('/bin/true')` with that many `'pipe'` entries in stdio. «All looked at»: the streams are read from the " +
    'child before the time is taken: a runtime might make them only then.',
  behind: '`net.Socket` takes 20 µs for each pipe in Node 20, and 8 in Node 26',
  metrics: { blocked: { label: 'blocked', unit: 'ms', better: 'less' } },
  rounds: 3,
  cases: [
    fds(1),
    fds(3),
    { name: '3-used', label: '3 pipes, all looked at', params: { count: 3, looked: true } },
    fds(8),
    fds(16),
    fds(32),
    fds(64)
  ],

  async run(module, { count, looked }) {
    const { spawn } = require(module)
    const stdio = Array(count).fill('pipe')
    const start = () => {
      const child = spawn('/bin/true', [], { stdio })
      if (looked) void [child.stdio, child.stdin, child.stdout, child.stderr]
      return child
    }
    return { blocked: await blocked(start, closed, { budget: 300, most: 100 }) }
  }
}
