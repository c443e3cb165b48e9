'use strict'

const { closed, cpu, turn } = require('../child/measure.js')

module.exports = {
  title: 'Memory and CPU of 200 live children',
  about:
    "Children of three pipes that wait: how much the parent's resident memory grew and how much CPU it used, for each of " +
    'them, from spawn() until all have started and, for «whole life», until all have closed.',
  behind: 'a pidfd for each child, see «Exits»',
  metrics: {
    memory: { label: 'memory', unit: 'KB', better: 'less' },
    cpu: { label: 'CPU to start', unit: 'ms', better: 'less' },
    life: { label: 'CPU, whole life', unit: 'ms', better: 'less' }
  },
  cases: [{ name: '200', label: '200 children', params: { count: 200 } }],

  async run(module, { count }) {
    const { spawn } = require(module)
    const start = () => spawn('/bin/cat', [], { stdio: 'pipe' })
    const one = start()
    one.stdin.end()
    await closed(one)

    const memoryBefore = process.memoryUsage.rss()
    const cpuBefore = cpu()
    const children = []
    for (let i = 0; i < count; i++) {
      children.push(start())
      await turn()
    }
    const cpuStarted = cpu()
    await new Promise(resolve => setTimeout(resolve, 100))
    const memory = process.memoryUsage.rss() - memoryBefore
    const ends = Promise.all(children.map(closed))
    for (const child of children) child.stdin.end()
    await ends
    return {
      memory: memory / 1024 / count,
      cpu: (cpuStarted - cpuBefore) / count,
      life: (cpu() - cpuBefore) / count
    }
  }
}
