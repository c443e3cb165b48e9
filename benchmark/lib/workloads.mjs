import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const directory = fileURLToPath(new URL('../workloads/', import.meta.url))

// The order of the report: what the package is for comes first.
const order = [
  'spawn-blocked-heap',
  'spawn-blocked-env',
  'spawn-stdio-fds',
  'spawn-loop-gap',
  'spawn-echo',
  'child-process-params',
  'child-process-spawn-options',
  'child-process-spawn-path',
  'child-process-exec-maxbuffer',
  'child-process-exec-stdout',
  'spawn-sync-large',
  'child-process-read',
  'child-process-write',
  'child-process-ipc-roundtrip',
  'child-process-write-ipc',
  'child-process-read-ipc',
  'child-process-ipc-large',
  'spawn-live',
  'spawn-live-cost',
  'spawn-exit-storm',
  'require'
]

const place = name => (order.includes(name) ? order.indexOf(name) : order.length)

/** Every file of workloads/, with its name and path. */
export const loadWorkloads = () =>
  readdirSync(directory)
    .filter(file => file.endsWith('.js'))
    .map(file => Object.assign(require(directory + file), { name: file.slice(0, -3), path: directory + file }))
    .toSorted((a, b) => place(a.name) - place(b.name))

/** Only the cases of the quick mode, and of those the metric that decides. */
export const quickOnly = workloads =>
  workloads
    .map(workload => ({ ...workload, cases: workload.cases.filter(benchCase => benchCase.quick !== undefined) }))
    .filter(workload => workload.cases.length > 0)

/** A name matches as a whole or in part. */
export const named = (workloads, names) =>
  names.length === 0 ? workloads : workloads.filter(({ name }) => names.some(wanted => name.includes(wanted)))
