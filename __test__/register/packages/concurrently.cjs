'use strict'

const assert = require('node:assert')
const { Writable } = require('node:stream')
const concurrently = require('concurrently')

function run(commands, options) {
  let output = ''
  const outputStream = new Writable({
    write(chunk, _, done) {
      output += chunk
      done()
    }
  })
  const { result } = concurrently(commands, { outputStream, ...options })
  return result.then(
    events => ({ events, output: () => output }),
    events => ({ events, output: () => output, failed: true })
  )
}

async function main() {
  const both = await run([
    { command: 'echo from a', name: 'a' },
    { command: 'echo "$GREETING"', name: 'b', env: { GREETING: 'from b' } }
  ])
  assert.strictEqual(both.failed, undefined)
  assert.match(both.output(), /^\[a\] from a$/m)
  assert.match(both.output(), /^\[b\] from b$/m)

  const one = await run(['sleep 60', 'exit 7'], { killOthersOn: ['failure'] })
  assert.strictEqual(one.failed, true)
  // The shell is killed after its child, and may have reported that one's end by then.
  const ends = one.events.map(({ exitCode }) => exitCode)
  assert.ok(ends.includes(7) && (ends.includes('SIGTERM') || ends.includes(143)), String(ends))

  const limited = await run(
    Array.from({ length: 6 }, (_, i) => `echo task ${i}`),
    { maxProcesses: 2 }
  )
  assert.strictEqual(limited.events.filter(({ exitCode }) => exitCode === 0).length, 6)
  console.log('done')
}

main()
