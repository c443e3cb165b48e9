// npm run bench: this package, the Node that runs it, and whoever else is found, measured side by side.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { findContenders } from './lib/contenders.mjs'
import { stageWithAddon } from './lib/published.mjs'
import { writeDocuments } from './lib/document.mjs'
import { compileFloor } from './lib/floor.mjs'
import { describeMachine } from './lib/machine.mjs'
import { caseLines, terminal } from './lib/report.mjs'
import { runAll } from './lib/rounds.mjs'
import { behind, judgeAll, quickFailures, targetLines } from './lib/targets.mjs'
import { loadWorkloads, named, quickOnly } from './lib/workloads.mjs'

const targets = createRequire(import.meta.url)('./targets.js')

const usage = `npm run bench -- [options]

  --quick             a minute: this package against the running Node; exit code 1 on a regression
  --only NAME         only workloads whose name contains NAME; repeatable
  --rounds N          rounds instead of each workload's own number
  --contenders IDS    only these, separated by commas: node, ours, bun, bun-native, deno, deno-native, c, node-VERSION
  --package DIR       the package in DIR, instead of this one: an older build, say
  --node PATH         a further Node; repeatable, or NODE_BENCH=PATH:PATH
  --bun PATH          Bun, if not installed as @oven/bun-linux-x64
  --deno PATH         Deno, if not installed as @deno/linux-x64-glibc
  --json FILE         write the figures of all rounds to FILE
  --from FILE         measure nothing, take the figures from FILE; repeatable, later files win
  --write-docs        write docs/benchmarks.md and docs/img/*.svg
  --list              name the workloads and their cases
`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    contenders: { type: 'string' },
    package: { type: 'string' },
    node: { type: 'string', multiple: true, default: [] },
    bun: { type: 'string' },
    deno: { type: 'string' },
    json: { type: 'string' },
    from: { type: 'string', multiple: true, default: [] },
    'write-docs': { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false }
  }
})

const say = line => process.stdout.write(`${line}\n`)

/** After each case, so that a long run that is broken off is not lost. */
const save = run => {
  if (options.json) writeFileSync(options.json, JSON.stringify(run, null, 1))
}

/** Of several results of one case the last. */
const newest = results => [...new Map(results.map(result => [`${result.workload} ${result.case}`, result])).values()]

const only = (workloads, picked) =>
  workloads
    .map(workload => ({
      ...workload,
      cases: workload.cases.filter(({ name }) =>
        picked.some(result => result.workload === workload.name && result.case === name)
      )
    }))
    .filter(({ cases }) => cases.length > 0)

/** Measures; `again` picks from the results what is to be measured once more, and the second time counts. */
const measure = async (workloads, again) => {
  const floor = compileFloor()
  process.on('exit', floor.remove)
  const { progress, clear } = terminal()
  const found = findContenders({ ...options, floor: floor.path })
  const ids = options.quick ? ['node', 'ours'] : options.contenders?.split(',')
  const contenders = found.contenders.filter(({ id }) => !ids || ids.includes(id))
  for (const note of [floor.note, ...(options.quick ? [] : found.notes)].filter(Boolean)) say(note)
  const ours = contenders.find(({ id }) => id === 'ours')
  if (ours && workloads.some(({ published }) => published)) ours.published = await stageWithAddon(ours.module)
  if (contenders.length === 0) throw new Error('none of the contenders asked for was found')
  if (options.quick && contenders.length < 2) throw new Error(found.notes[0])
  say(contenders.map(({ label, version }) => `${label} (${version})`).join(' · '))
  const machine = describeMachine()
  if (machine.load > machine.cores / 2) {
    say(
      `The machine is busy (load ${machine.load} on ${machine.cores} cores): trust no figure, and ratios only roughly.`
    )
  }
  const run = {
    machine,
    contenders: contenders.map(({ id, label, version }) => ({ id, label, version })),
    results: []
  }
  const settings = {
    rounds: options.rounds ? Number(options.rounds) : options.quick ? 3 : undefined,
    floor: floor.path,
    progress,
    report: (workload, benchCase, result) => {
      clear()
      run.results = newest([...run.results, result])
      save(run)
      say(`\n${caseLines(workload, benchCase, result, contenders).join('\n')}`)
    }
  }
  await runAll(workloads, contenders, settings)
  const doubtful = again?.(run.results) ?? []
  if (doubtful.length > 0) {
    say('\nOnce more, what was below its margin:')
    await runAll(only(workloads, doubtful), contenders, settings)
  }
  return run
}

const rank = ({ id }) => ['node', 'ours', id].indexOf(id)

const merge = files => {
  const runs = files.map(file => JSON.parse(readFileSync(file, 'utf8')))
  const contenders = new Map(runs.flatMap(run => run.contenders).map(contender => [contender.id, contender]))
  return {
    machine: runs.at(-1).machine,
    // The order of the columns: Node, this package, the others as they came.
    contenders: [...contenders.values()].toSorted((a, b) => rank(a) - rank(b)),
    results: newest(runs.flatMap(({ machine, results }) => results.map(result => ({ ...result, machine }))))
  }
}

const main = async () => {
  if (options.help) return say(usage)
  const all = loadWorkloads()
  const workloads = named(options.quick ? quickOnly(all) : all, options.only)
  if (options.list) {
    for (const { name, title, cases } of workloads) say(`${name}: ${title} [${cases.map(one => one.name).join(', ')}]`)
    return
  }
  const started = Date.now()
  const again = results => (options.quick ? quickFailures(results, workloads) : [])
  const run = options.from.length > 0 ? merge(options.from) : await measure(workloads, again)
  save(run)
  if (options['write-docs']) for (const file of writeDocuments(run, all, targets)) say(`wrote ${file}`)

  if (options.quick) {
    const failures = quickFailures(run.results, workloads)
    const lines = failures.map(({ line }) => `\n  ${line}`)
    say(failures.length === 0 ? '\nNo regression against Node.' : `\nRegressions:${lines.join('')}`)
    process.exitCode = failures.length === 0 ? 0 : 1
  } else if (run.contenders.some(({ id }) => id === 'ours')) {
    say(`\nTargets\n${targetLines(judgeAll(targets, run.results, all)).join('\n')}`)
    const lines = behind(run.results, all, run.contenders).map(({ title, line }) => `${title} · ${line}`)
    say(
      `\n${lines.length === 0 ? 'Ahead of every other runtime in every workload.' : `Behind in\n  ${lines.join('\n  ')}`}`
    )
  }
  say(`\n${Math.round((Date.now() - started) / 1000)} s`)
}

// `| head` has seen enough.
process.stdout.on('error', () => process.exit(1))
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15]
]) {
  process.on(signal, () => process.exit(128 + number))
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
