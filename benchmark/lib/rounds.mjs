import { readFileSync } from 'node:fs'
import { freemem } from 'node:os'
import { applies, measureFigure } from './figure.mjs'

/** What can be had without swapping; freemem() does not count what the page cache would give back. */
const availableMemory = () => {
  try {
    return Number(/MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))[1]) * 1024
  } catch {
    return freemem()
  }
}

/** Turns a list round by one place a round, so that nobody always runs after the same neighbour. */
const rotate = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)]

/**
 * One case under all contenders in interleaved rounds.
 * @param {(line: string) => void} progress
 */
const runCase = async (workload, benchCase, contenders, { rounds, floor, progress }) => {
  const result = { workload: workload.name, case: benchCase.name, figures: {}, failures: {} }
  const memory = benchCase.memory ?? 0
  if (memory > availableMemory()) {
    const free = (availableMemory() / 1e9).toFixed(1)
    result.skipped = `needs ${(memory / 1e9).toFixed(1)} GB of free memory, there is ${free} GB`
    return result
  }
  const able = contenders.filter(contender => applies(contender, workload, benchCase))
  for (let round = 0; round < rounds; round++) {
    for (const contender of rotate(able, round)) {
      if (result.failures[contender.id]) continue
      progress(`${workload.name} ${benchCase.name} · round ${round + 1} of ${rounds} · ${contender.label}`)
      try {
        const figures = await measureFigure(contender, workload, benchCase, benchCase.params, floor)
        const kept = (result.figures[contender.id] ??= {})
        for (const [metric, value] of Object.entries(figures)) (kept[metric] ??= []).push(value)
      } catch (error) {
        result.failures[contender.id] = error.message
        delete result.figures[contender.id]
      }
    }
  }
  return result
}

/** @returns {Promise<object[]>} one result per case */
export const runAll = async (workloads, contenders, { rounds, floor, progress, report }) => {
  const results = []
  const total = workloads.reduce((sum, workload) => sum + workload.cases.length, 0)
  for (const workload of workloads) {
    for (const benchCase of workload.cases) {
      const position = `[${results.length + 1}/${total}]`
      const own = rounds ?? workload.rounds ?? 5
      const options = { rounds: own, floor, progress: line => progress(`${position} ${line}`) }
      const result = await runCase(workload, benchCase, contenders, options)
      results.push(result)
      report(workload, benchCase, result)
    }
  }
  return results
}
