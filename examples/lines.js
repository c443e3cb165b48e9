'use strict'
// The output of a real command, line by line as it comes.
const { createInterface } = require('node:readline')
const { spawn } = require('rs-child-process')

const child = spawn('ls', ['-l', '/usr/bin'])

let lines = 0
createInterface(child.stdout).on('line', line => {
  lines += 1
  if (lines <= 4) console.log(line)
})
child.on('close', code => console.log(`… ${lines} lines, exit code ${code}`))
