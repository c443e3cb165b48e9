import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const install = fileURLToPath(new URL('preload/install.cjs', import.meta.url))

/**
 * The preload of one slot, and what it saw.
 *
 * @param {{ package: string, testRoot: string, deep: boolean, nodeOptions: string }} options
 * @param {string} work folder of the slot
 */
export function createPreload(options, work) {
  const report = join(work, 'report')
  const file = join(work, 'preload.cjs')
  const config = {
    directory: options.package,
    main: createRequire(import.meta.url).resolve(options.package),
    report,
    deep: options.deep,
    nodeOptions: options.nodeOptions
  }
  writeFileSync(file, `require(${JSON.stringify(install)})(${JSON.stringify(config)})\n`)
  return {
    nodeOptions: [options.nodeOptions, `--require=${file}`].filter(Boolean).join(' '),
    clear: () => rmSync(report, { force: true }),
    /** @param {string} stderr of the test, where the preload writes when it may not write files */
    read: stderr => summarise(parse(report, stderr), options)
  }
}

function parse(report, stderr) {
  const lines = [...stderr.matchAll(/^\[node-suite\] (\{.*\})$/gm)].map(match => match[1])
  try {
    lines.push(...readFileSync(report, 'utf8').split('\n').filter(Boolean))
  } catch {
    // nothing was noted
  }
  return lines.flatMap(line => {
    try {
      return [JSON.parse(line)]
    } catch {
      return [] // cut short, by a process that was killed or a limit on files
    }
  })
}

/**
 * @returns {{ used: boolean, delegations: string[] }} `used`: the test itself or one of its children asked for
 *   child_process, and not merely test/common/, which asks in nearly every test
 */
function summarise(lines, options) {
  const common = join(options.testRoot, 'common') + sep
  const path = from => (from.startsWith('file:') ? fileURLToPath(from) : from)
  return {
    used: lines.some(({ kind, from }) => kind === 'used' && !path(from).startsWith(common)),
    delegations: [
      ...new Set(
        lines
          .filter(({ kind }) => kind === 'delegated')
          .map(({ how, from }) => `${how} in ${relative(options.package, path(from))}`)
      )
    ]
  }
}
