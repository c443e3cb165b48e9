'use strict'
// What can go wrong arrives with the names and codes of Node's own module.
const { exec, spawn } = require('rs-child-process')

spawn('no-such-program').on('error', error => console.log(`${error.code}: ${error.message}`))

exec('sleep 60', { timeout: 100 }, error => {
  console.log(`timeout: killed is ${error.killed}, signal is ${error.signal}`)
})

const abort = new AbortController()
spawn('sleep', ['60'], { signal: abort.signal }).on('error', error => console.log(`${error.name}: ${error.message}`))
abort.abort()
