'use strict'
// `npm run demo`: the examples, each in a Node of its own that is started by rs-child-process.
const path = require('node:path')
const { spawnSync } = require('rs-child-process')

const examples = {
  'lines.js': 'spawn: a real command, line by line',
  'shell.js': 'exec: a shell pipeline',
  'exec-file.js': 'execFile: a program without a shell',
  'pipe.js': 'one child piped into another',
  'failures.js': 'a missing program, a timeout, an abort',
  'fork.js': 'fork: messages to and from another Node',
  'blocked.js': 'how long spawn() blocks, here and in the Node that runs this'
}

for (const [file, title] of Object.entries(examples)) {
  console.log(`\n▶ ${title} (examples/${file})`)
  const { status } = spawnSync(process.execPath, [path.join(__dirname, file)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
