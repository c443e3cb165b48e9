'use strict'
// One child's output is another one's input.
const { spawn } = require('rs-child-process')

const list = spawn('ls', ['/usr/bin'])
const count = spawn('wc', ['-l'])

list.stdout.pipe(count.stdin)
count.stdout.on('data', data => console.log(`programs in /usr/bin: ${data.toString().trim()}`))
