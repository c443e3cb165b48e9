import { once } from 'node:events'
import { createRequire } from 'node:module'
import { spawn } from 'child_process'

await once(spawn('echo', ['x']), 'close')
await once(createRequire(import.meta.url)('child_process').spawn('true'), 'close')
console.log(globalThis.spans().join())
