'use strict'

const { transfer } = require('../child/measure.js')
const { toolCommand } = require('../child/tools.js')

module.exports = {
  title: 'exec() gathering text',
  about: '`exec()` of a command that prints lines of 80 characters; the result is one string.',
  behind:
    'half of the 5 ms is a shell that starts a program, see «A small execFile()»; the rest is the program and page faults',
  metrics: {
    throughput: { label: 'throughput', unit: 'GB/s', better: 'more' },
    loop: { label: 'loop busy', unit: 'share', better: 'less' }
  },
  cases: [
    { name: '1MB', label: '1 MB', params: { bytes: 1e6, times: 40 } },
    { name: '64MB', label: '64 MB', params: { bytes: 64e6, times: 3 } }
  ],

  async run(module, { bytes, times }) {
    const { exec } = require(module)
    const one = () =>
      new Promise((resolve, reject) =>
        exec(toolCommand('emit', bytes), { maxBuffer: bytes * 2 }, (error, stdout) => {
          if (error) reject(error)
          else if (stdout.length < bytes) reject(new Error(`${stdout.length} characters of ${bytes} came`))
          else resolve()
        })
      )
    await one()
    const { throughput, loop } = await transfer(bytes * times, async () => {
      for (let i = 0; i < times; i++) await one()
    })
    return { throughput, loop }
  }
}
