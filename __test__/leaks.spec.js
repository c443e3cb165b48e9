'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { readFileSync, readdirSync } = require('node:fs')
const { describe, it } = require('node:test')
const { promisify } = require('node:util')
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')
const { Worker } = require('node:worker_threads')
const { ours } = require('./helpers/parity')
const { closed } = require('./helpers/record')

const count = folder => readdirSync(`/proc/self/${folder}`).length

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

function memory() {
  collect()
  return process.memoryUsage()
}

/** Children of this process that have ended but were not reaped. */
function zombies() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean)
  return children.filter(pid => {
    try {
      return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    } catch {
      return false
    }
  }).length
}

const state = () => ({ descriptors: count('fd'), threads: count('task'), zombies: zombies() })

/**
 * Asserts that no count is higher than it was. What is ending needs a moment: a thread that has been joined is still
 * listed for a while, here and in what was counted before.
 * @param {ReturnType<typeof state>} before
 */
async function nothingMore(before) {
  const more = () => Object.entries(state()).filter(([name, number]) => number > before[name])
  const deadline = Date.now() + 20_000
  while (more().length > 0 && Date.now() < deadline) await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(more(), [], `before: ${JSON.stringify(before)}`)
}

/** @param {number} total @param {number} atOnce */
async function spawnMany(total, atOnce) {
  let left = total
  const worker = async () => {
    while (left-- > 0) {
      const [code] = await closed(ours.spawn('/bin/true'))
      assert.equal(code, 0)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

describe('many children', { timeout: 300_000 }, () => {
  it('leave no descriptor, no thread, no zombie and no memory behind', async () => {
    // The heap takes its lasting size in the first few thousand.
    await spawnMany(3000, 8)
    const [before, used] = [state(), memory()]
    await spawnMany(5000, 8)
    await nothingMore(before)
    const perChild = name => (memory()[name] - used[name]) / 5000
    // A handle or a socket that stays is some hundreds of bytes of heap.
    assert.ok(perChild('heapUsed') < 100, `${perChild('heapUsed')} bytes of heap per child`)
    // The allocator takes memory in steps of some 10 MB, with Node's own children too; a buffer that stays is more.
    assert.ok(perChild('rss') < 6000, `${perChild('rss')} bytes in all per child`)
  })

  it('of many Workers, some of which are terminated in the middle, neither', async () => {
    const script = `
      const { spawn } = require(${JSON.stringify(require.resolve('..'))})
      const { parentPort } = require('node:worker_threads')
      const children = Array.from({ length: 4 }, () => spawn('cat'))
      children[0].on('spawn', () => parentPort.postMessage(children.map(child => child.pid)))
      parentPort.on('message', () => {
        for (const child of children) child.stdin.end()
        parentPort.close()
      })`
    const round = async terminate => {
      const worker = new Worker(script, { eval: true })
      const exited = new Promise(resolve => worker.on('exit', resolve))
      const pids = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject))
      assert.equal(pids.length, 4)
      if (terminate) await worker.terminate()
      else worker.postMessage('end')
      await exited
    }
    await Promise.all([round(true), round(false)])
    // The runtime's thread, with its descriptors, comes with the first orphan, if there was one; and with much output.
    await promisify(ours.execFile)('head', ['-c', '1000000', '/dev/zero'], { encoding: 'buffer' })
    await settled()
    const before = state()
    for (let i = 0; i < 5; i++) await Promise.all([round(true), round(false), round(true)])
    await settled()
    await nothingMore(before)
  })

  it('of Workers that are terminated while spawn() runs, neither', async () => {
    // With so long a search for the program that it is then that the Worker ends.
    const script = `
      const { spawn } = require(${JSON.stringify(require.resolve('..'))})
      const { parentPort } = require('node:worker_threads')
      parentPort.postMessage('now')
      spawn('cat', { env: { PATH: '/nowhere:'.repeat(9000) + '/bin' } })`
    const round = async () => {
      const worker = new Worker(script, { eval: true })
      await once(worker, 'message')
      await worker.terminate()
    }
    await round()
    await settled()
    const before = state()
    for (let i = 0; i < 10; i++) await round()
    await settled()
    await nothingMore(before)
  })
})

/** Orphans of a terminated Worker read the end of their stdin, and are reaped in the background. */
async function settled() {
  const hasChildren = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8') !== '' || zombies() > 0
  while (hasChildren()) await new Promise(resolve => setImmediate(resolve))
}
