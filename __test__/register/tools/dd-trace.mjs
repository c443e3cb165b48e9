import { once } from 'node:events'
import { execFileSync, spawn } from 'node:child_process'

execFileSync('echo', ['x'])
await once(spawn('echo', ['y']), 'close')
console.log(globalThis.spans.join(' '))
process.exit()
