'use strict'
// A child that opens its streams by name needs real pipes: a socket cannot be opened again.
const { spawnSync } = require('rs-child-process')

const script = 'cat /dev/stdin; echo out > /dev/stdout; echo x > /dev/stderr'

for (const stdio of ['pipe', 'fifo']) {
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { stdio, input: 'in\n', encoding: 'utf8' })
  console.log(`${stdio}:`, { stdout, stderr })
}
