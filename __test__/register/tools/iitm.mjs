import { once } from 'node:events'
import { spawn } from 'node:child_process'
import childProcess from 'child_process'

await once(spawn('echo', ['x']), 'close')
await once(childProcess.spawn('echo', ['x']), 'close')
console.log(globalThis.seen.join())
