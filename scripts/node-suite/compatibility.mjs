// `node scripts/node-suite/compatibility.mjs RESULT.json…` writes docs/compatibility.md from runs with --json.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { familiesOf, familyOf } from './families.mjs'
import { readVerdicts } from './lists.mjs'

const target = new URL('../../docs/compatibility.md', import.meta.url)
const titles = { core: 'Tests about child_process', users: 'Tests that use child_process on the way' }

/** @typedef {any} Run what --json of run.mjs has written */

const runs = process.argv.slice(2).map(file => JSON.parse(readFileSync(file, 'utf8')))
if (runs.length === 0) {
  console.error('usage: node scripts/node-suite/compatibility.mjs RESULT.json…')
  process.exit(2)
}
runs.sort((a, b) => Number(a.deep) - Number(b.deep) || major(a) - major(b))
mkdirSync(new URL('.', target), { recursive: true })
writeFileSync(
  target,
  [head(), ...Object.keys(titles).flatMap(section), unlisted(), leftOut(), differences()].join('\n\n') + '\n'
)

function head() {
  const platforms = [...new Set(runs.map(run => `${run.platform}${run.root ? ', as root' : ''}`))].join('; ')
  return `# Compatibility

<!-- Written by scripts/node-suite/compatibility.mjs from runs of npm run test:node-suite. The differences are in
scripts/node-suite/differences.md. -->

Node's own tests, run once with stock Node and once with \`child_process\` replaced by this package, on one machine
(${platforms}). The tests are those of ${suites()}. Each figure is **tests passed here / tests passed by stock Node**. A test that the package passes by
falling back on the built-in module would fail the run; in these runs it never did: ${delegations()}.`
}

/** Which tests each Node was tried with. */
function suites() {
  const pairs = new Set(runs.map(({ version, suite }) => `Node ${suite ?? '(unknown)'} for ${version}`))
  return [...pairs].join(', ')
}

function delegations() {
  const count = runs.reduce((sum, run) => sum + run.summary.delegated.length, 0)
  return `${count} fallbacks in ${runs.reduce((sum, run) => sum + run.results.length, 0)} tests run`
}

/** @param {'core' | 'users'} list */
function section(list) {
  const columns = runs.filter(run => run.lists.length === 1 && run.lists[0] === list)
  if (columns.length === 0) return []
  const ofFamily = (run, family) => share(run.results.filter(({ test }) => familyOf(list, test) === family))
  const rows = familiesOf(list).map(family => [family].concat(columns.map(run => ofFamily(run, family))))
  rows.push(['**all**', ...columns.map(run => `**${share(run.results)}**`)])
  const names = columns.map(run => `${run.version}${run.deep ? ', deep' : ''}`)
  const [{ root }] = columns
  return [
    `## ${titles[list]}`,
    table(['', ...names], rows),
    `"deep": the Node processes that a test starts have the package as well.${
      columns.some(run => run.nodeOptions) ? ` ${withOptions(columns)}` : ''
    }${root && list === 'core' ? ' Node skips a few checks when it runs as root.' : ''}`
  ]
}

function withOptions(columns) {
  return columns
    .filter(run => run.nodeOptions && !run.deep)
    .map(run => `${run.version} was run with \`NODE_OPTIONS=${run.nodeOptions}\`, stock Node too.`)
    .join(' ')
}

/** @param {{ stock: any, package: any }[]} results */
function share(results) {
  const due = results.filter(({ stock }) => stock.status === 'pass')
  if (due.length === 0) return '–'
  return `${due.filter(({ package: ours }) => ours.status === 'pass').length} / ${due.length}`
}

/** Failures without a listed reason: there should be none. */
function unlisted() {
  const lines = runs.flatMap(run =>
    run.summary.regressions.map(test => `- ${run.version}${run.deep ? ', deep' : ''}: \`${test}\``)
  )
  const title = '## Failures without a known reason'
  return lines.length ? `${title}\n\n${lines.join('\n')}` : `${title}\n\nNone.`
}

function leftOut() {
  const verdicts = Object.assign({}, ...runs.map(run => readVerdicts(run.version)))
  const of = kind => groupByReason(Object.entries(verdicts).filter(([, verdict]) => verdict.kind === kind))
  const differing = of('difference')
  return [
    `## Tests that are left out, and why

These say nothing about a package: they test Node's internals, or run where no addon can be loaded.

${of('internals')}

These fail with any preload in the children of a test, one that does nothing included, and are left out of "deep":

${of('preload')}`,
    ...(differing ? [`These fail because of a difference that is wanted:\n\n${differing}`] : [])
  ].join('\n\n')
}

function groupByReason(entries) {
  const reasons = [...new Set(entries.map(([, { reason }]) => reason))]
  return reasons
    .map(reason => {
      const names = entries.filter(([, verdict]) => verdict.reason === reason).map(([name]) => `  \`${name}\``)
      return `- ${reason}\n${names.join('\n')}`
    })
    .join('\n')
}

function differences() {
  return readFileSync(new URL('differences.md', import.meta.url), 'utf8').trim()
}

/** As prettier formats it, so that the file does not change under it. */
function table(header, rows) {
  const widths = header.map((_, i) => Math.max(3, ...[header, ...rows].map(row => row[i].length)))
  const line = row => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`
  return [line(header), `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')
}

function major({ version }) {
  return Number(version.slice(1).split('.')[0])
}
