'use strict'

const assert = require('node:assert')
const { spawn } = require('child_process')
const { once } = require('node:events')
const { createInterface } = require('node:readline')
const kill = require('tree-kill')

async function main() {
  // A shell with two generations below it; each says its pid.
  const script = "echo $$; sh -c 'echo $$; sleep 60 & echo $!; wait' & wait"
  const root = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pids = []
  for await (const line of createInterface({ input: root.stdout })) {
    pids.push(Number(line))
    if (pids.length === 3) break
  }
  assert.strictEqual(pids[0], root.pid)

  const closed = once(root, 'close')
  await new Promise((resolve, reject) => {
    kill(root.pid, 'SIGKILL', error => (error ? reject(error) : resolve()))
  })
  await closed
  for (const pid of pids) await goneOrDead(pid)
  console.log('done')
}

/** Whoever adopts an orphan reaps it in his own time, so a zombie counts as ended. */
async function goneOrDead(pid) {
  const { readFileSync } = require('node:fs')
  const deadline = performance.now() + 20_000
  for (;;) {
    try {
      if (/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) return
    } catch {
      return
    }
    assert.ok(performance.now() < deadline, `${pid} is still there`)
    await new Promise(setImmediate)
  }
}

main()
