import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
export const root = fileURLToPath(new URL('../..', import.meta.url))
export const figureScript = fileURLToPath(new URL('../child/figure.js', import.meta.url))

/**
 * @typedef {object} Contender
 * @property {string} id short and stable: the key in results and in targets.js
 * @property {string} label
 * @property {string} version
 * @property {'node'|'bun'|'deno'|'c'} runtime
 * @property {'child_process'|'native'} style whether node:child_process or the runtime's own API is measured
 * @property {string[]} command what runs figure.js
 * @property {string} module what the workload requires
 * @property {string} [published] the same as npm would install it, for workloads to which that matters
 */

// A release build is well below a megabyte, a debug build far above: the commonest way to measure nonsense.
const DEBUG_BUILD_SIZE = 4e6

const debugBuild = directory =>
  readdirSync(directory)
    .filter(name => name.endsWith('.node') && statSync(join(directory, name)).size > DEBUG_BUILD_SIZE)
    .map(name => `${name} looks like a debug build: npm run build`)

/** The package, or why it is missing. */
const packageContender = directory => {
  const { version } = require(join(directory, 'package.json'))
  const probe = `require(${JSON.stringify(directory)}).spawn ?? process.exit(1)`
  try {
    execFileSync(process.execPath, ['-e', probe], { stdio: 'pipe' })
  } catch (error) {
    const reason = /^\w*Error: .*/m.exec(String(error.stderr))?.[0] ?? 'it does not load'
    return { missing: `rs-child-process is left out: ${reason}` }
  }
  const label = 'rs-child-process'
  return {
    id: 'ours',
    label,
    version,
    runtime: 'node',
    style: 'child_process',
    command: [process.execPath],
    module: directory
  }
}

const versionsOf = (path, args) =>
  JSON.parse(execFileSync(path, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))

const nodeContender = (path, id) => {
  const versions = versionsOf(path, ['-p', 'JSON.stringify(process.versions)'])
  const version = `${versions.node}, libuv ${versions.uv}`
  const label = `Node ${versions.node}`
  const module = 'node:child_process'
  return {
    id: id ?? `node-${versions.node}`,
    label,
    version,
    runtime: 'node',
    style: 'child_process',
    command: [path],
    module
  }
}

const bunContenders = path => {
  const { bun } = versionsOf(path, ['-p', 'JSON.stringify(process.versions)'])
  const both = { version: bun, runtime: 'bun', command: [path], module: 'node:child_process' }
  return [
    { ...both, id: 'bun', label: 'Bun, node:child_process', style: 'child_process' },
    { ...both, id: 'bun-native', label: 'Bun.spawn', style: 'native' }
  ]
}

const denoContenders = path => {
  const { deno } = versionsOf(path, ['eval', 'console.log(JSON.stringify(Deno.version))'])
  const command = [path, 'run', '-A', '--no-lock', '--node-modules-dir=none', '--quiet']
  const both = { version: deno, runtime: 'deno', command, module: 'node:child_process' }
  return [
    { ...both, id: 'deno', label: 'Deno, node:child_process', style: 'child_process' },
    { ...both, id: 'deno-native', label: 'Deno.Command', style: 'native' }
  ]
}

/** Runtimes that npm can install for a benchmark: their packages carry the executable. */
const fromPackage = (name, file) => {
  try {
    const path = join(require.resolve(`${name}/package.json`), '..', file)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/**
 * @param {{ package?: string, node: string[], bun?: string, deno?: string, floor?: string }} given paths from the command line
 * @returns {{ contenders: Contender[], notes: string[] }}
 */
export const findContenders = given => {
  const notes = []
  const contenders = [nodeContender(process.execPath, 'node')]
  const directory = resolve(given.package ?? root)
  const ours = packageContender(directory)
  notes.push(...debugBuild(directory))
  if (ours.missing) notes.push(ours.missing)
  else contenders.push(ours)

  const nodes = [...given.node, ...(process.env.NODE_BENCH ?? '').split(delimiter).filter(Boolean)]
  const bun = given.bun ?? fromPackage('@oven/bun-linux-x64', 'bin/bun')
  const deno = given.deno ?? fromPackage('@deno/linux-x64-glibc', 'deno')
  const wanted = [
    ...nodes.map(path => [path, () => [nodeContender(path)]]),
    [bun, () => bunContenders(bun), 'Bun is left out: give --bun PATH or npm install --no-save @oven/bun-linux-x64'],
    [
      deno,
      () => denoContenders(deno),
      'Deno is left out: give --deno PATH or npm install --no-save @deno/linux-x64-glibc'
    ]
  ]
  for (const [path, make, absent] of wanted) {
    try {
      if (path) contenders.push(...make())
      else notes.push(absent)
    } catch (error) {
      notes.push(`${path} is left out: ${error.message.split('\n')[0]}`)
    }
  }
  if (given.floor) {
    const label = 'C, posix_spawn'
    contenders.push({
      id: 'c',
      label,
      version: 'cc -O2',
      runtime: 'c',
      style: 'native',
      command: [given.floor],
      module: ''
    })
  }
  return { contenders, notes }
}
