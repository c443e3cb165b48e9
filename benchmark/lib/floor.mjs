import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = fileURLToPath(new URL('../floor/', import.meta.url))

/**
 * Compiles the C program that is the floor, and the plain reader and writer of many workloads.
 * @returns {{ path?: string, note?: string, remove: () => void }} no path where there is no C compiler
 */
export const compileFloor = () => {
  const directory = mkdtempSync(join(tmpdir(), 'rs-child-process-bench-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  const path = join(directory, 'floor')
  const files = readdirSync(sources).filter(name => name.endsWith('.c'))
  try {
    execFileSync('cc', ['-O2', '-o', path, ...files.map(name => join(sources, name))], { stdio: 'pipe' })
    return { path, remove }
  } catch (error) {
    remove()
    const reason = error.code === 'ENOENT' ? 'there is no cc' : String(error.stderr ?? error.message).split('\n')[0]
    return { note: `The C program is left out: ${reason}. Plain readers and writers run in Node instead.`, remove }
  }
}
