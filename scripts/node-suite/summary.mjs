/** @typedef {import('./schedule.mjs').Result} Result */

/**
 * @param {Result[]} results
 * @param {Record<string, import('./lists.mjs').Verdict>} verdicts
 */
export function summarise(results, verdicts) {
  const lost = results.filter(({ stock, package: ours }) => stock.status === 'pass' && ours.status !== 'pass')
  return {
    stock: count(results, result => result.stock),
    package: count(results, result => result.package),
    /** Stock passes them and the package does not, for no listed reason. */
    regressions: lost.filter(({ test }) => !verdicts[test]).map(({ test }) => test),
    explained: lost.filter(({ test }) => verdicts[test]).map(({ test }) => test),
    delegated: results.filter(result => result.package.delegations.length).map(({ test }) => test),
    used: results.filter(result => result.package.used).length
  }
}

function count(results, side) {
  const total = status => results.filter(result => side(result).status === status).length
  return { passed: total('pass'), failed: total('fail'), skipped: total('skip') }
}

/**
 * What to print about a test as soon as it is done; nothing where both did the same.
 *
 * @param {Result} result
 * @param {Record<string, import('./lists.mjs').Verdict>} verdicts
 * @returns {string[]} lines
 */
export function describeResult({ test, stock, package: ours }, verdicts) {
  const lines = []
  if (ours.delegations.length) lines.push(`DELEGATES  ${test}: ${ours.delegations.join(', ')}`)
  if (ours.status === stock.status) return lines
  const why = ours.why ?? ours.status
  if (ours.status === 'pass') lines.push(`better     ${test} (stock: ${stock.why ?? stock.status})`)
  else if (verdicts[test]) lines.push(`explained  ${test} (${why}): ${verdicts[test].reason}`)
  else lines.push(`FAILS      ${test} (${why})`)
  return lines
}

/**
 * @param {ReturnType<typeof summarise>} summary
 * @param {{ version: string, excluded: string[], absent: string[], flaky: string[], seconds: number }} run
 */
export function formatSummary(summary, run) {
  const row = (name, { passed, failed, skipped }) =>
    name.padEnd(14) + [passed, failed, skipped].map(number => String(number).padStart(9)).join('')
  const lines = [
    '',
    `Node ${run.version}`.padEnd(14) + ['passed', 'failed', 'skipped'].map(word => word.padStart(9)).join(''),
    row('stock', summary.stock),
    row('this package', summary.package),
    '',
    `${summary.used} tests asked for child_process themselves; ${run.excluded.length} were left out with a reason ` +
      `(lists/verdicts.json), ${run.absent.length} are not in this suite; ${run.seconds} s`
  ]
  if (run.flaky.length) lines.push(`passed at the second try: ${run.flaky.join(' ')}`)
  if (summary.explained.length) lines.push(`fail for a listed reason: ${summary.explained.join(' ')}`)
  lines.push(
    summary.regressions.length
      ? `${summary.regressions.length} tests that stock passes fail:\n  ${summary.regressions.join('\n  ')}`
      : 'every test that stock passes passes'
  )
  if (summary.delegated.length) {
    const some = summary.delegated.slice(0, 5).join(' ')
    lines.push(`the package used the built-in module in ${summary.delegated.length} tests, such as ${some}`)
  }
  return lines.join('\n')
}
