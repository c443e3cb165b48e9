// Runs in the loader thread of Nodes without Module.registerHooks().

/** @type {string} */
let url

/** @param {{ url: string }} data The file that `child_process` stands for, as a URL. */
export function initialize(data) {
  url = data.url
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  if (specifier !== 'child_process' && specifier !== 'node:child_process') return nextResolve(specifier, context)
  return { url, format: 'commonjs', shortCircuit: true }
}
