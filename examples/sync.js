'use strict'
// Waiting for the end, where blocking does no harm.
const { execFileSync, spawnSync } = require('rs-child-process')

console.log(execFileSync('uname', ['-sm'], { encoding: 'utf8' }).trimEnd())

const { status, stdout } = spawnSync('sort', { input: 'pear\napple\n', encoding: 'utf8' })
console.log(status, stdout.split('\n'))
