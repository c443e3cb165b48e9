import fs from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * The fenced code blocks of a document.
 * @param {string} file relative to the root of the repository
 * @returns {{ language: string, code: string, line: number }[]}
 */
export function codeBlocks(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ 1: language, 2: code, index }) => {
    return { language, code, line: text.slice(0, index).split('\n').length }
  })
}

/**
 * Runs Node in the root of the repository, where `require('rs-child-process')` finds the package itself.
 * @param {string[]} args
 * @returns {string} its stdout; throws if it does not exit with 0
 */
export function runNode(args) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000
  })
  if (status !== 0) throw new Error(`node ${args.join(' ')}: ${signal ?? status}\n${stdout}${stderr}`)
  return stdout
}
