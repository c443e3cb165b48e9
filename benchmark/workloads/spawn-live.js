'use strict'

const { cpu, exited, median, now, turn } = require('../child/measure.js')

const SAMPLES = 30
const live = count => ({
  name: `${count}`,
  label: `${count.toLocaleString('en')} alive`,
  params: { count },
  memory: count * 1e6
})

module.exports = {
  title: 'Cost against the number of live children',
  about:
    `That many children sleep while ${SAMPLES} more come and go. «spawn» is how long spawn() blocks, «exit» the time from ` +
    "spawn() of /bin/true to 'exit', «kill» that of the kill() call, «killed» from kill() to 'exit'; «storm» is the CPU " +
    'per child when all are killed at once.',
  behind: 'a pidfd for each child, see «Exits»',
  metrics: {
    spawn: { label: 'spawn', unit: 'ms', better: 'less' },
    exit: { label: 'exit', unit: 'ms', better: 'less' },
    kill: { label: 'kill', unit: 'ms', better: 'less' },
    killed: { label: 'killed', unit: 'ms', better: 'less' },
    storm: { label: 'storm', unit: 'ms', better: 'less' }
  },
  rounds: 3,
  cases: [live(10), live(100), live(1000), live(5000)],

  async run(module, { count }) {
    const { spawn } = require(module)
    const options = { stdio: 'ignore' }
    const sleeper = () => spawn('/bin/sleep', ['1000'], options)
    const sleepers = []
    for (let i = 0; i < count; i++) {
      sleepers.push(sleeper())
      if (i % 50 === 0) await turn()
    }
    const times = { spawn: [], exit: [], kill: [], killed: [] }
    for (let i = 0; i < SAMPLES; i++) {
      const before = now()
      const child = spawn('/bin/true', [], options)
      times.spawn.push(now() - before)
      await exited(child)
      times.exit.push(now() - before)
    }
    for (let i = 0; i < SAMPLES; i++) {
      const child = sleeper()
      const gone = exited(child)
      await turn()
      const before = now()
      child.kill('SIGKILL')
      times.kill.push(now() - before)
      await gone
      times.killed.push(now() - before)
    }
    const cpuBefore = cpu()
    const gone = Promise.all(sleepers.map(exited))
    for (const child of sleepers) child.kill('SIGKILL')
    await gone
    const medians = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
    return { ...medians, storm: (cpu() - cpuBefore) / count }
  }
}
