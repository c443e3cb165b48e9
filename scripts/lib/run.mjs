import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Complaint } from './complaint.mjs'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs a command in the root of the repository, its output shown as it comes.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] `env` is added to this process's
 * @returns {boolean} whether it exited with 0
 */
export function run(command, args, { cwd = root, env } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32'
  })
  if (error) console.error(`${command}: ${error.message}`)
  return status === 0
}

/**
 * As `run()`, for commands that the rest depends on.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function mustRun(command, args, options) {
  if (!run(command, args, options)) throw new Complaint(`\`${[command, ...args].join(' ')}\` failed, see above`)
}

/**
 * What a command prints, or undefined if it cannot be run or fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] `env` is added to this process's
 */
export function output(command, args, { cwd = root, env } = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024
  })
  return status === 0 ? stdout.trim() : undefined
}
