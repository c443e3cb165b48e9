import { readFileSync } from 'node:fs'

/**
 * What the comments at the head of a test ask its runner for.
 * @param {string} file
 * @returns {{ flags: string[], env: Record<string, string> }}
 */
export function readHeader(file) {
  const source = readFileSync(file, 'utf8')
  const words = pattern => source.match(pattern)?.[1].trim().split(/\s+/).filter(Boolean) ?? []
  const pairs = words(/\/\/ +Env:(.*)/).filter(word => word.includes('='))
  return {
    flags: words(/\/\/ +Flags:(.*)/),
    env: Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
  }
}

/**
 * Node's test/common prints a TAP plan without tests when it skips; a file for node:test counts as skipped when each
 * of its tests was.
 * @param {string} stdout
 */
export function saysSkipped(stdout) {
  if (/^1\.\.0 # skip/im.test(stdout)) return true
  const total = name => Number(stdout.match(new RegExp(`^(?:#|ℹ) ${name} (\\d+) *$`, 'm'))?.[1] ?? 0)
  return total('tests') > 0 && total('tests') === total('skipped')
}

/** As Node's own runner does: these folders one test at a time, since their tests share ports, files or the machine. */
export const isSerial = name => /^(?:sequential|pummel)\//.test(name)
