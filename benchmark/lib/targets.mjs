import { amount, ratio } from './format.mjs'
import { advantage, median } from './statistics.mjs'

/** Of several contenders the one that did best, e.g. Bun's two APIs. */
const bestOf = (result, ids, metric, better) => {
  const present = ids.filter(id => result.figures[id]?.[metric])
  const sign = better === 'more' ? -1 : 1
  return present.toSorted((a, b) => sign * (median(result.figures[a][metric]) - median(result.figures[b][metric])))[0]
}

const baseIds = { bun: ['bun', 'bun-native'], deno: ['deno', 'deno-native'] }

const judgeOne = (target, results, workloads) => {
  const [name, caseName] = target.case.split(' ')
  const workload = workloads.find(candidate => candidate.name === name)
  const result = results.find(candidate => candidate.workload === name && candidate.case === caseName)
  const metric = target.metric ?? Object.keys(workload.metrics)[0]
  const ours = result?.figures.ours?.[metric]
  if (!ours) return { ...target, verdict: 'not measured', shown: result?.skipped ?? result?.failures.ours ?? '' }
  const { better, unit } = workload.metrics[metric]
  if (target.than === undefined) {
    const value = median(ours)
    const met = better === 'more' ? value >= target.atLeast : value <= target.atMost
    return { ...target, verdict: met ? 'met' : 'not met', shown: amount(value, unit) }
  }
  const base = bestOf(result, baseIds[target.than] ?? [target.than], target.thanMetric ?? metric, better)
  if (!base) return { ...target, verdict: 'not measured', shown: `no figure of ${target.than}` }
  const against = advantage(ours, result.figures[base][target.thanMetric ?? metric], better)
  return { ...target, verdict: against >= target.atLeast ? 'met' : 'not met', shown: ratio(against) }
}

/** A target of several parts is met when one part is (`either`). */
export const judge = (target, results, workloads) => {
  if (!target.either) return judgeOne(target, results, workloads)
  const parts = target.either.map(part => judgeOne({ ...target, ...part }, results, workloads))
  const verdict = ['met', 'not met'].find(wanted => parts.some(part => part.verdict === wanted)) ?? 'not measured'
  return {
    ...target,
    verdict,
    shown: parts
      .map(part => part.shown)
      .filter(Boolean)
      .join(' or ')
  }
}

export const judgeAll = (targets, results, workloads) => targets.map(target => judge(target, results, workloads))

/** The targets of this run; those that need a workload which was not run are only counted. */
export const targetLines = judged => {
  const measured = judged.filter(({ verdict }) => verdict !== 'not measured')
  const lines = measured.map(({ verdict, text, shown }) => `  ${verdict.toUpperCase().padEnd(8)} ${text} (${shown})`)
  const left = judged.length - measured.length
  return left > 0 ? [...lines, `  ${left} not measured in this run`] : lines
}

/**
 * What fails the quick mode: ratios to the running Node below a margin that noise does not reach.
 * @returns {{ workload: string, case: string, line: string }[]}
 */
export const quickFailures = (results, workloads) => {
  const failures = []
  for (const result of results.filter(({ skipped }) => !skipped)) {
    const workload = workloads.find(({ name }) => name === result.workload)
    const { quick, label } = workload.cases.find(({ name }) => name === result.case)
    const [metric, { better }] = Object.entries(workload.metrics)[0]
    const fail = reason => {
      const line = `${workload.title} · ${label}: ${reason}`
      failures.push({ workload: result.workload, case: result.case, line })
    }
    if (!result.figures.ours || !result.figures.node) {
      fail(result.failures.ours ?? result.failures.node)
      continue
    }
    const against = advantage(result.figures.ours[metric], result.figures.node[metric], better)
    if (!(against >= quick)) fail(`${ratio(against)} of Node, at least ${quick}x is required`)
  }
  return failures
}

/**
 * Cases in which another runtime (C is the floor, not a rival) has the better median of the first metric.
 * @returns {{ title: string, why?: string, line: string }[]}
 */
export const behind = (results, workloads, contenders) => {
  const lines = []
  for (const result of results) {
    const workload = workloads.find(({ name }) => name === result.workload)
    const [metric, { better, unit }] = Object.entries(workload.metrics)[0]
    const ours = result.figures.ours?.[metric]
    if (!ours) continue
    const rivals = contenders.filter(({ id }) => id !== 'ours' && id !== 'c').map(({ id }) => id)
    const best = bestOf(result, rivals, metric, better)
    if (!best) continue
    const theirs = median(result.figures[best][metric])
    const own = median(ours)
    if (better === 'more' ? own >= theirs : own <= theirs) continue
    const { label } = contenders.find(({ id }) => id === best)
    const benchCase = workload.cases.find(({ name }) => name === result.case)
    const line = `${benchCase.label}: ${amount(own, unit)}, ${label} ${amount(theirs, unit)}`
    lines.push({ title: workload.title, why: workload.behind, line })
  }
  return lines
}
