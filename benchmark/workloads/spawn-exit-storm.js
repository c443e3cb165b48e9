'use strict'

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { cpu, now, turn } = require('../child/measure.js')

module.exports = {
  title: '1,000 children that exit at once',
  about:
    'Children that all read from one fifo, whose writing end is then closed: the time until all have emitted ' +
    "'close', the longest time between two turns of the event loop meanwhile, and the parent's CPU.",
  behind: 'two thirds are the ends of a thousand `net.Socket`s, which are Node code, see «Exits»',
  metrics: {
    time: { label: 'all closed', unit: 'ms', better: 'less' },
    gap: { label: 'worst gap', unit: 'ms', better: 'less' },
    cpu: { label: 'CPU', unit: 'ms', better: 'less' }
  },
  rounds: 3,
  cases: [{ name: '1000', label: '1,000 children', params: { count: 1000 }, memory: 2e9 }],

  async run(module, { count }) {
    const { spawn } = require(module)
    const directory = fs.mkdtempSync(join(tmpdir(), 'bench-storm-'))
    const fifo = join(directory, 'fifo')
    execFileSync('mkfifo', [fifo])
    const writer = fs.openSync(fifo, 'r+')
    const reader = fs.openSync(fifo, 'r')
    const open = new Set()
    for (let i = 0; i < count; i++) {
      const child = spawn('/bin/cat', [], { stdio: [reader, 'pipe', 'ignore'] })
      open.add(child)
      child.on('close', () => open.delete(child))
      if (i % 20 === 0) await turn()
    }
    await new Promise(resolve => setTimeout(resolve, 300))

    const before = now()
    const cpuBefore = cpu()
    let last = before
    let gap = 0
    fs.closeSync(writer)
    while (open.size > 0) {
      await turn()
      const time = now()
      gap = Math.max(gap, time - last)
      last = time
    }
    fs.closeSync(reader)
    fs.rmSync(directory, { recursive: true })
    return { time: last - before, gap, cpu: cpu() - cpuBefore }
  }
}
