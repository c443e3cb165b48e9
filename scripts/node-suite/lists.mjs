import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const directory = new URL('lists/', import.meta.url)

/**
 * @typedef {object} Verdict Why a test cannot pass with any package, whatever it does.
 * @property {'internals' | 'preload' | 'difference'} kind `internals`: says nothing about a package, never run;
 *   `preload`: fails with any preload in its children, so not run with --deep; `difference`: run, and may fail.
 * @property {string} reason
 * @property {string} [nodes] the major versions that it holds for, separated by blanks; without it, all
 */

/**
 * @param {string} version as in `v20.20.2`; only the verdicts that hold for it are given
 * @returns {Record<string, Verdict>} by name of test
 */
export function readVerdicts(version) {
  const all = Object.entries(JSON.parse(readFileSync(new URL('verdicts.json', directory), 'utf8')))
  const [major] = version.slice(1).split('.')
  return Object.fromEntries(all.filter(([, { nodes }]) => nodes === undefined || nodes.split(' ').includes(major)))
}

/** @param {string} name `core` or `users` */
export function readList(name) {
  const file = new URL(`${name}.txt`, directory)
  if (!existsSync(file)) throw new Error(`there is no list ${name}; there are core and users`)
  return readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.replace(/#.*/, '').trim())
    .filter(Boolean)
}

/**
 * What is to be run: the tests of the lists that this checkout has, and those named one by one.
 *
 * @param {ReturnType<typeof import('./options.mjs').parseOptions>} options
 * @param {Record<string, Verdict>} verdicts
 */
export function selectTests(options, verdicts) {
  const named = options.names.map(name => relative(options.testRoot, resolve(options.testRoot, name)))
  const listed = options.lists.flatMap(readList)
  const wanted = [...new Set([...named, ...listed])].filter(name => !options.filter || options.filter.test(name))
  const present = wanted.filter(name => existsSync(join(options.testRoot, name)))
  const excluded = present.filter(name => !named.includes(name) && isExcluded(verdicts[name], options.deep))
  return {
    tests: present.filter(name => !excluded.includes(name)),
    excluded,
    absent: wanted.filter(name => !present.includes(name))
  }
}

/** @param {Verdict | undefined} verdict @param {boolean} deep */
const isExcluded = (verdict, deep) => verdict?.kind === 'internals' || (deep && verdict?.kind === 'preload')

/**
 * The version of Node that the tests are of, where the checkout tells: Node's own does, and Deno's copy of the tests.
 * @param {string} testRoot
 */
export function suiteVersion(testRoot) {
  const read = name => {
    const file = join(testRoot, '..', name)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }
  const header = read('src/node_version.h')
  const [major, minor, patch] = ['MAJOR', 'MINOR', 'PATCH'].map(
    part => header.match(new RegExp(`#define NODE_${part}_VERSION (\\d+)`))?.[1]
  )
  return major ? `${major}.${minor}.${patch}` : read('node_version.ts').match(/version = "([\d.]+)"/)?.[1]
}
