import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attempt } from './attempt.mjs'
import { createPreload } from './record.mjs'
import { isSerial } from './test-file.mjs'

/**
 * @typedef {import('./attempt.mjs').Attempt & { tries: number }} Verdict of the last attempt
 * @typedef {object} Result
 * @property {string} test
 * @property {Verdict} stock
 * @property {Verdict & { used: boolean, delegations: string[] }} package
 */

/**
 * Runs every test with stock Node and with the package, one right after the other, so that both meet the same machine.
 *
 * @param {string[]} tests
 * @param {object} options as parseOptions() returns them
 * @param {(test: string) => Verdict | undefined} knownStock verdict of stock Node from an earlier run, if there is one
 * @param {AbortSignal} signal stops before the next test
 * @param {(result: Result, done: number) => void} onResult
 */
export async function runAll(tests, options, knownStock, signal, onResult) {
  const work = mkdtempSync(join(realpathSync(tmpdir()), 'node-suite-'))
  let done = 0
  const drain = async (queue, slots, parallel) => {
    const iterator = queue.values() // shared: each slot takes the next one
    const one = async slot => {
      const slotWork = join(work, String(slot))
      mkdirSync(slotWork, { recursive: true })
      const preload = createPreload(options, slotWork)
      for (const name of iterator) {
        if (signal.aborted) return
        const test = { ...options, name, slot, work: slotWork, parallel }
        const stock = knownStock(name) ?? (await runStock(test, options))
        const result = { test: name, stock, package: await runPackage(test, options, preload) }
        if (!signal.aborted) onResult(result, ++done)
      }
    }
    await Promise.all(Array.from({ length: slots }, (_, slot) => one(slot)))
  }
  try {
    await drain(
      tests.filter(name => !isSerial(name)),
      options.jobs,
      true
    )
    await drain(tests.filter(isSerial), 1, false)
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function runStock(test, options) {
  const { stderr, ...verdict } = await retried(options.retries, () => attempt(test))
  return verdict
}

async function runPackage(test, options, preload) {
  preload.clear() // and not between attempts: what the first one delegated counts too
  const { stderr, ...verdict } = await retried(options.retries, () =>
    attempt({ ...test, nodeOptions: preload.nodeOptions })
  )
  return { ...verdict, ...preload.read(stderr) }
}

/** Some tests depend on the load of the machine, with stock Node as well. */
async function retried(retries, run) {
  for (let tries = 1; ; tries++) {
    const result = await run()
    if (result.status !== 'fail' || tries > retries) return { ...result, tries }
  }
}
