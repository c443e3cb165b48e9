import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './contenders.mjs'
import { amount, percent, ratio } from './format.mjs'
import { plots } from './plots.mjs'
import { metricsOf, summarise } from './report.mjs'
import { behind, judgeAll } from './targets.mjs'

const row = cells => `| ${cells.join(' | ')} |`

/** Figures are aligned to the right; the columns from `text` on are words again. */
const table = (head, rows, text = head.length) => {
  const align = head.map((_, index) => (index === 0 || index >= text ? '---' : '---:'))
  return [row(head), row(align), ...rows.map(row)]
}

const cell = (result, id, metric, { unit, better }) => {
  if (result.failures[id]) return 'failed'
  const summary = summarise(result, id, metric, better)
  if (!summary) return ''
  const against = summary.ratio === undefined ? '' : ` **${ratio(summary.ratio)}**`
  return `${amount(summary.median, unit)}${against} <sub>${percent(summary.spread)}</sub>`
}

/** One table per metric: a row per case, a column per contender that has figures. */
const workloadSection = (workload, run) => {
  const results = run.results.filter(result => result.workload === workload.name)
  if (results.length === 0) return []
  const lines = [`### ${workload.title}`, '', `\`${workload.name}\`: ${workload.about}`, '']
  const plot = plots.find(candidate => candidate.workload === workload.name)
  if (plot) lines.push(`![${workload.title}](img/${plot.file})`, '')
  for (const [metric, description] of metricsOf(workload)) {
    const present = run.contenders.filter(({ id }) => results.some(({ figures }) => figures[id]?.[metric]?.length > 0))
    if (present.length === 0) continue
    const rows = results.map(result => {
      const { label } = workload.cases.find(({ name }) => name === result.case)
      if (result.skipped) return [label, result.skipped, ...present.slice(1).map(() => '')]
      return [label, ...present.map(({ id }) => cell(result, id, metric, description))]
    })
    lines.push(...table([description.label, ...present.map(({ label }) => label)], rows), '')
  }
  const failed = results.flatMap(({ failures }) => Object.entries(failures))
  for (const [id, reason] of new Map(failed)) {
    lines.push(`${run.contenders.find(contender => contender.id === id).label} failed: ${reason}`, '')
  }
  return lines
}

const circumstances = ({ date, commit, load }) =>
  `${date}${commit ? `, commit ${commit}` : ''}, load average ${load} before the run`

/** Figures may come from several runs: an optimisation need not have everything measured again. */
const runLines = ({ machine, results }) => {
  const runOf = result => circumstances(result.machine ?? machine)
  const runs = [...new Set(results.map(runOf))]
  if (runs.length < 2) return [`${circumstances(machine)}.`]
  const workloadsOf = run => new Set(results.filter(result => runOf(result) === run).map(({ workload }) => workload))
  return runs.map(run => `- ${run}: ${[...workloadsOf(run)].join(', ')}`)
}

const machineSection = run => [
  '## Machine and versions',
  '',
  `${run.machine.cpu}, ${run.machine.cores} cores, ${run.machine.memory} memory; ${run.machine.system}.`,
  '',
  ...runLines(run),
  '',
  ...run.contenders.map(({ label, version }) => `- ${label}: ${version}`),
  ''
]

const targetSection = (run, workloads, targets) => {
  const judged = judgeAll(targets, run.results, workloads)
  const rows = judged.map(({ text, verdict, shown, why }) => [
    text,
    shown || '–',
    verdict === 'not met' && why ? `not met: ${why}` : verdict
  ])
  const cases = behind(run.results, workloads, run.contenders)
  const titles = [...new Set(cases.map(({ title }) => title))]
  const lines = titles.flatMap(title => {
    const own = cases.filter(other => other.title === title)
    const reason = own[0].why ? `. Why: ${own[0].why}.` : ''
    return [`- ${title}${reason}`].concat(own.map(({ line }) => `  - ${line}`))
  })
  return [
    '## Targets',
    '',
    ...table(['target', 'figure', 'verdict'], rows, 2),
    '',
    lines.length === 0
      ? 'In no workload is another runtime ahead.'
      : ['Another runtime is ahead in:', '', ...lines].join('\n'),
    ''
  ]
}

const method = readFileSync(new URL('../method.md', import.meta.url), 'utf8').trimEnd()
const findingsFile = new URL('../findings.md', import.meta.url)

/** Writes docs/benchmarks.md and the plots, and returns the names of the files. */
export const writeDocuments = (run, workloads, targets) => {
  const images = join(root, 'docs', 'img')
  mkdirSync(images, { recursive: true })
  const files = []
  for (const { file, draw } of plots) {
    const svg = draw(run, workloads)
    if (!svg) continue
    writeFileSync(join(images, file), svg)
    files.push(`docs/img/${file}`)
  }
  const findings = existsSync(findingsFile) ? [readFileSync(findingsFile, 'utf8').trimEnd(), ''] : []
  const lines = [
    '<!-- Written by `npm run bench -- --write-docs`; the prose is in benchmark/method.md and benchmark/findings.md. -->',
    '',
    method,
    '',
    ...machineSection(run),
    ...targetSection(run, workloads, targets),
    ...findings,
    '## Figures',
    '',
    ...workloads.flatMap(workload => workloadSection(workload, run))
  ]
  writeFileSync(join(root, 'docs', 'benchmarks.md'), `${lines.join('\n').trimEnd()}\n`)
  return ['docs/benchmarks.md', ...files]
}
