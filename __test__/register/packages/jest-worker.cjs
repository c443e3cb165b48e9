'use strict'

const assert = require('node:assert')
const { join } = require('node:path')
const { Worker } = require('jest-worker')

async function main() {
  const options = { exposedMethods: ['add', 'pid', 'fail', 'upper'], numWorkers: 3, enableWorkerThreads: false }
  const farm = new Worker(join(__dirname, '../fixtures/farm.cjs'), options)

  const sums = await Promise.all(Array.from({ length: 200 }, (_, i) => farm.add(i, 1)))
  assert.deepStrictEqual(
    sums,
    Array.from(sums.keys(), i => i + 1)
  )

  const pids = new Set(await Promise.all(Array.from({ length: 30 }, () => farm.pid())))
  assert.ok(pids.size > 1 && !pids.has(process.pid), 'the work was done in several processes')

  await assert.rejects(farm.fail(), { name: 'RangeError', message: 'out of work' })
  const text = 'wörds '.repeat(200_000)
  assert.strictEqual(await farm.upper(text), text.toUpperCase())

  const { forceExited } = await farm.end()
  assert.strictEqual(forceExited, false)
  console.log('done')
}

main()
