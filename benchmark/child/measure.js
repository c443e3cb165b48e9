'use strict'

const MB = 1e6

/** Milliseconds; hrtime is the one clock that is fine-grained in Node, Bun and Deno alike. */
const now = () => {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

/** @param {number[]} values */
const median = values => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Memory of the process that fork() would have to map again: touched, off the JS heap, as Buffers are. */
const held = []
const hold = bytes => {
  for (let left = bytes; left > 0; left -= 64 * MB) held.push(Buffer.alloc(Math.min(left, 64 * MB), 1))
}

/** Resolves at 'close'; a child that did not start rejects. */
const closed = child =>
  new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })

const exited = child =>
  new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', resolve)
  })

const turn = () => new Promise(resolve => setImmediate(resolve))

/**
 * Median time that `start` takes before it returns, in ms. `finish` waits for the child outside of the measured time.
 * Stops at `most` samples or when they took `budget` ms together, but not before `least`.
 */
const blocked = async (start, finish, { budget = 500, most = 150, least = 7, warmup = 5 } = {}) => {
  const times = []
  let spent = 0
  for (let i = 0; i < warmup; i++) await finish(start())
  while (times.length < most && (spent < budget || times.length < least)) {
    const before = now()
    const child = start()
    const time = now() - before
    times.push(time)
    spent += time
    await finish(child)
    await turn()
  }
  return median(times)
}

/** Runs `one` `count` times, `width` at once, and returns how many a second. */
const perSecond = async (one, count, width, warmup = 20) => {
  for (let i = 0; i < warmup; i++) await one()
  let left = count
  const lane = async () => {
    while (left-- > 0) await one()
  }
  const before = now()
  await Promise.all(Array.from({ length: width }, lane))
  return (count / (now() - before)) * 1e3
}

/** CPU time of this process so far, all threads, in ms. */
const cpu = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e3
}

/** Figures of moving `bytes` while `work` runs: GB/s, CPU ms per GB, share of the time that the loop was busy. */
const transfer = async (bytes, work) => {
  const { performance } = require('node:perf_hooks')
  // Bun and Deno have the function, but it always says 0.
  const measured = process.versions.bun === undefined && process.versions.deno === undefined
  const loopBefore = measured ? performance.eventLoopUtilization() : undefined
  const cpuBefore = cpu()
  const residentBefore = process.memoryUsage.rss()
  const before = now()
  await work()
  const time = now() - before
  const used = cpu() - cpuBefore
  const peak = process.resourceUsage().maxRSS * 1024
  return {
    throughput: bytes / time / 1e6,
    time,
    cpu: used / (bytes / 1e9),
    loop: loopBefore ? performance.eventLoopUtilization(loopBefore).utilization : undefined,
    peak: Math.max(0, peak - residentBefore) / bytes
  }
}

module.exports = { now, median, hold, closed, exited, turn, blocked, perSecond, cpu, transfer, MB }
