// Runs in the loader thread of Nodes without Module.registerHooks().

/** @type {string} */
let source

/** @param {{ source: string }} data The text of the module that an importer of `child_process` gets. */
export function initialize(data) {
  source = data.source
}

/**
 * Only the text is replaced, and the URL stays Node's: hooks of tracing tools look for it.
 * @type {import('node:module').LoadHook}
 */
export async function load(url, context, nextLoad) {
  if (url !== 'node:child_process') return nextLoad(url, context)
  return { format: 'module', source, shortCircuit: true }
}
