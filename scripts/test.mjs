// `npm test`: everything that has to hold, in the order in which failures are cheapest to find. A failed check does not
// keep the others from running. `npm test -- NAME…` runs only the checks whose name begins with one of the names.
import { Complaint } from './lib/complaint.mjs'
import { checkCargo, rustVersion } from './lib/requirements.mjs'
import { output, run } from './lib/run.mjs'
import { withSetup } from './setup.mjs'

/** The newest clippy whose lints the code is known to pass. A newer one may warn of what nobody has seen yet. */
const newestClippy = 95

const npx = (...args) => run('npx', ['--no-install', ...args])
const cargo = (...args) => run('cargo', args)
const has = (...args) => output('cargo', [...args, '--version']) !== undefined

function clippy() {
  const strict = Number(rustVersion()?.split('.')[1]) <= newestClippy ? ['--', '-D', 'warnings'] : []
  return cargo('clippy', '--quiet', '--all-targets', ...strict)
}

/** @param {NodeJS.ProcessEnv} env added to this process's */
function testRust(env) {
  return run('cargo', has('nextest') ? ['nextest', 'run'] : ['test', '--lib', '--tests'], { env })
}

/** @type {Record<string, () => boolean | string>} true: passed; false: failed; a string: why it could not be run */
const checks = {
  'format of JS': () => npx('prettier', '--check', '--log-level=warn', '.'),
  'format of Rust': () => (has('fmt') ? cargo('fmt', '--check') : 'rustup component add rustfmt'),
  'lint of JS': () => npx('oxlint', '--deny-warnings'),
  'lint of Rust': () => (has('clippy') ? clippy() : 'rustup component add clippy'),
  types: () => npx('tsc'),
  'tests of Rust': () => testRust({}),
  // What older kernels and sandboxes lack, forced: src/sys/linux/capabilities.rs.
  'tests of Rust, on the fallbacks': () => testRust({ RS_CHILD_PROCESS_FALLBACK: 'fork,waiter,proc-fd' }),
  'doctests of Rust': () => cargo('test', '--quiet', '--doc'),
  'tests of JS': () => run(process.execPath, ['scripts/test-js.mjs'])
}

/** @param {string[]} wanted beginnings of names; none means all */
function runChecks(wanted) {
  const names = Object.keys(checks).filter(name => wanted.length === 0 || wanted.some(text => name.startsWith(text)))
  if (names.length === 0) throw new Complaint(`no such check; there are: ${Object.keys(checks).join(', ')}`)
  const report = []
  let failed = 0
  let skipped = 0
  for (const name of names) {
    console.log(`\n▶ ${name}`)
    const start = performance.now()
    const result = checks[name]()
    if (result === false) failed += 1
    if (typeof result === 'string') skipped += 1
    const mark = result === true ? '✔' : result === false ? '✖' : `- skipped (${result}):`
    report.push(`${mark} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  }
  console.log(`\n${report.join('\n')}`)
  const passed = names.length - failed - skipped
  console.log(`checks: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  if (failed > 0) process.exitCode = 1
}

await withSetup(() => {
  checkCargo()
  runChecks(process.argv.slice(2))
})
