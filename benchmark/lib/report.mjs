import { amount, percent, ratio } from './format.mjs'
import { advantage, median, spread } from './statistics.mjs'

export const metricsOf = workload => Object.entries(workload.metrics)

/** Median, spread and ratio to the running Node, of one contender, case and metric. */
export const summarise = (result, id, metric, better) => {
  const values = result.figures[id]?.[metric]?.filter(value => typeof value === 'number')
  if (!values?.length) return undefined
  const base = result.figures.node?.[metric]
  return {
    median: median(values),
    spread: spread(values),
    rounds: values.length,
    ratio: base && id !== 'node' ? advantage(values, base, better) : undefined
  }
}

/** The lines of one case, as the terminal shows them. */
export const caseLines = (workload, benchCase, result, contenders) => {
  const lines = [`${workload.title} · ${benchCase.label}`]
  if (result.skipped) return [...lines, `  skipped: ${result.skipped}`]
  for (const { id, label } of contenders) {
    if (result.failures[id]) {
      lines.push(`  ${label.padEnd(26)} failed: ${result.failures[id]}`)
      continue
    }
    const cells = metricsOf(workload).map(([metric, { label: name, unit, better }]) => {
      const summary = summarise(result, id, metric, better)
      if (!summary) return ''
      const against = summary.ratio === undefined ? '' : ` ${ratio(summary.ratio)}`
      const give = summary.rounds > 1 ? ` ${percent(summary.spread)}` : ''
      return `${name} ${amount(summary.median, unit)}${give}${against}`
    })
    if (cells.some(Boolean)) lines.push(`  ${label.padEnd(26)} ${cells.filter(Boolean).join('   ')}`)
  }
  return lines
}

/** Progress on one line that is overwritten, or, away from a terminal, not at all but for the results. */
export const terminal = (stream = process.stderr) => ({
  progress: line => {
    if (stream.isTTY) stream.write(`\r\x1b[K${line.slice(0, (stream.columns ?? 120) - 1)}`)
  },
  clear: () => {
    if (stream.isTTY) stream.write('\r\x1b[K')
  }
})
