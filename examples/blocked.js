'use strict'
// How long spawn() keeps the event loop from running, with 1 GB of Buffers in the process.
const os = require('node:os')
const node = require('node:child_process')
const ours = require('rs-child-process')

const chunk = 64 * 1024 * 1024
const chunks = os.freemem() > 2 ** 31 ? 16 : 4
const rounds = 15

/** @returns the milliseconds that the call takes, once its child has ended */
async function measure({ spawn }) {
  const start = performance.now()
  const child = spawn('true')
  const blocked = performance.now() - start
  await new Promise(resolve => child.on('close', resolve))
  return blocked
}

const median = numbers => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
const progress = text => process.stdout.write(process.stdout.isTTY ? `\r  ${text}` : '.')

async function main() {
  const held = []
  while (held.length < chunks) progress(`holding ${held.push(Buffer.alloc(chunk, 1)) * 64} MB of Buffers`)
  const times = { node: [], ours: [] }
  for (let round = 1; round <= rounds; round++) {
    times.node.push(await measure(node))
    times.ours.push(await measure(ours))
    progress(`holding ${held.length * 64} MB of Buffers, round ${round} of ${rounds}`)
  }
  const [there, here] = [median(times.node), median(times.ours)]
  console.log(`\n  spawn() of node:child_process blocks ${there.toFixed(2)} ms (Node ${process.version})`)
  console.log(
    `  spawn() of rs-child-process   blocks ${here.toFixed(2)} ms, 1/${(there / here).toFixed(0)} of the time`
  )
}

main()
