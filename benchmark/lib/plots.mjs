import { median } from './statistics.mjs'
import { bars, lines } from './svg.mjs'

// One colour for each family, readable on white and on black.
const colours = {
  node: '#3f9142',
  ours: '#e4572e',
  bun: '#b07aa1',
  'bun-native': '#b07aa1',
  deno: '#4e79a7',
  'deno-native': '#4e79a7',
  c: '#8c8c8c'
}

const names = {
  ours: 'rs-child-process',
  'bun-native': 'Bun.spawn',
  bun: 'Bun',
  deno: 'Deno',
  'deno-native': 'Deno.Command',
  c: 'C'
}

const series = (run, workload, metric, ids, cases) =>
  ids.flatMap(id => {
    const values = cases.map(benchCase => {
      const result = run.results.find(one => one.workload === workload.name && one.case === benchCase.name)
      const figures = result?.figures[id]?.[metric]
      return figures?.length ? median(figures) : undefined
    })
    if (values.every(value => value === undefined)) return []
    const label = names[id] ?? run.contenders.find(contender => contender.id === id)?.label ?? id
    return [{ label, colour: colours[id], values, strong: id === 'ours' }]
  })

const plot = ({ file, workload: name, metric, ids, cases, kind, ...rest }) => ({
  file,
  workload: name,
  draw: (run, workloads) => {
    const workload = workloads.find(one => one.name === name)
    const shown = cases ? workload.cases.filter(one => cases.includes(one.name)) : workload.cases
    const chosen = metric ?? Object.keys(workload.metrics)[0]
    const drawn = series(run, workload, chosen, ids, shown)
    if (drawn.length === 0) return undefined
    const { unit } = workload.metrics[chosen]
    return kind({ ...rest, unit, labels: shown.map(({ label }) => label), series: drawn })
  }
})

const everybody = ['node', 'deno', 'bun', 'ours', 'c']
const native = ['node', 'deno-native', 'bun-native', 'ours', 'c']

/** The pictures of docs/benchmarks.md; the first is also the README's. */
export const plots = [
  plot({
    file: 'blocked-heap.svg',
    workload: 'spawn-blocked-heap',
    ids: everybody,
    kind: lines,
    title: 'How long spawn() blocks the event loop',
    subtitle: 'by memory held as Buffers; logarithmic, lower is better'
  }),
  plot({
    file: 'children-rate.svg',
    workload: 'spawn-echo',
    ids: everybody,
    kind: bars,
    title: "Children a second, from spawn() to 'close'",
    subtitle: '/bin/true with three pipes; higher is better'
  }),
  plot({
    file: 'exec-maxbuffer.svg',
    workload: 'child-process-exec-maxbuffer',
    ids: native,
    kind: bars,
    title: 'execFile() gathering output',
    subtitle: 'into one Buffer; higher is better'
  }),
  plot({
    file: 'ipc-send.svg',
    workload: 'child-process-write-ipc',
    ids: everybody,
    cases: ['json-plain', 'advanced-plain', 'json-stock'],
    kind: bars,
    title: 'IPC messages sent a second',
    subtitle: '130 bytes each; higher is better'
  }),
  plot({
    file: 'live-children.svg',
    workload: 'spawn-live',
    metric: 'exit',
    ids: everybody,
    kind: lines,
    title: "From spawn() to 'exit', against live children",
    subtitle: 'logarithmic, lower is better'
  })
]
