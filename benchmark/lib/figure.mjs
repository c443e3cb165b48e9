import { spawn } from 'node:child_process'
import { figureScript } from './contenders.mjs'

const TIME_LIMIT = 180_000
const OUTPUT_KEPT = 8192

/**
 * The same small environment for every figure, whatever the user's shell exports: its size is a cost of spawn().
 * @param {number | undefined} count how many variables the process shall have
 */
const environment = (count, extra) => {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', ...extra }
  for (let i = Object.keys(env).length; i < count; i++) env[`BENCH_INHERITED_${i}`] = `value ${i}`
  return env
}

const commandOf = (contender, workload, params) => {
  if (contender.runtime !== 'c') {
    return [...contender.command, figureScript, workload.path, JSON.stringify(params), contender.style]
  }
  return [...contender.command, ...workload.floor(params, process.execPath).map(String)]
}

/** Whether the contender can be measured with this case at all. */
export const applies = (contender, workload, benchCase) => {
  if (benchCase.without?.includes(contender.runtime)) return false
  if (contender.runtime === 'c') return workload.floor?.(benchCase.params, process.execPath) !== undefined
  return contender.style === 'child_process' || workload.native?.[contender.runtime] !== undefined
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let current

/** Ends the figure that is being measured, with its children: it has a group of its own, which no Ctrl-C reaches. */
const endCurrent = () => {
  try {
    if (current?.pid) process.kill(-current.pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
process.on('exit', endCurrent)

/**
 * Measures one figure in a process of its own.
 * @returns {Promise<Record<string, number>>} the workload's metrics
 */
export const measureFigure = (contender, workload, benchCase, params, floor) =>
  new Promise((resolve, reject) => {
    const [file, ...args] = commandOf(contender, workload, params)
    const env = environment(benchCase.environment, {
      BENCH_MODULE: (workload.published && contender.published) || contender.module,
      BENCH_NODE: process.execPath,
      ...(floor ? { BENCH_FLOOR: floor } : {})
    })
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    current = child
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', text => (output[name] = (output[name] + text).slice(-OUTPUT_KEPT)))
    }
    let late = false
    const timer = setTimeout(() => {
      late = true
      endCurrent()
    }, TIME_LIMIT)
    child.on('error', reject)
    child.on('exit', endCurrent)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const last = output.stdout.trimEnd().split('\n').at(-1)
      if (late) return reject(new Error(`no figure after ${TIME_LIMIT / 1000} s`))
      if (code !== 0) {
        const line = /^.*Error.*$/m.exec(output.stderr)?.[0] ?? output.stderr.trim().split('\n')[0]
        return reject(new Error(`ended with ${signal ?? code}: ${line}`))
      }
      try {
        resolve(JSON.parse(last))
      } catch {
        reject(new Error(`its output is not a figure: ${last}`))
      }
    })
  })
