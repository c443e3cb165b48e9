const { once } = require('node:events')
const { spawn } = require('child_process')

async function main() {
  await once(spawn('echo', ['x']), 'close')
  await once(require('node:child_process').spawn('echo', ['x']), 'close')
  console.log(globalThis.seen.join())
}

main()
