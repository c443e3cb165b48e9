// The part of watch.cjs that runs in the loader thread of Node 20.

import { appendFileSync } from 'node:fs'

let config
// What is resolved is loaded next.
let isDue = false

/** @param {{ roots: string[], report: string }} data URLs of the package, and the file of the report */
export function initialize(data) {
  config = data
}

export async function resolve(specifier, context, nextResolve) {
  if (specifier !== 'child_process' && specifier !== 'node:child_process') return nextResolve(specifier, context)
  const from = context.parentURL ?? ''
  const delegated = config.roots.some(root => from.startsWith(root) && !from.startsWith(`${root}node_modules/`))
  isDue = delegated
  note({ kind: delegated ? 'delegated' : 'used', how: `import ${specifier}`, from })
  return delegated
    ? { url: 'node:child_process', format: 'builtin', shortCircuit: true }
    : nextResolve(specifier, context)
}

export async function load(url, context, nextLoad) {
  if (url !== 'node:child_process' || !isDue) return nextLoad(url, context)
  isDue = false
  return { format: 'builtin', source: undefined, shortCircuit: true }
}

function note(line) {
  try {
    appendFileSync(config.report, JSON.stringify(line) + '\n')
  } catch {
    // Out of descriptors, or not allowed: the CommonJS side of the package is watched as well.
  }
}
