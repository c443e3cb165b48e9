import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endLeftovers } from './leftovers.mjs'
import { readHeader, saysSkipped } from './test-file.mjs'

const tailLength = 4000
let serial = 0

/**
 * @typedef {object} Attempt
 * @property {'pass' | 'fail' | 'skip'} status
 * @property {number} ms wall clock
 * @property {string} [why] of a failure: the exit code, the signal, or the timeout
 * @property {string} [tail] of a failure: the end of stderr, else of stdout
 * @property {number} [leaked] processes that it left behind
 */

/**
 * Runs one test file once, in a session and a directory of its own.
 *
 * @param {object} test
 * @param {string} test.name relative to the test folder
 * @param {string} test.testRoot
 * @param {string} test.node
 * @param {number} test.slot which of the tests that run at once this is
 * @param {string} test.work where the slot keeps its files
 * @param {boolean} test.parallel
 * @param {string} test.nodeOptions
 * @param {number} test.timeoutMs
 * @returns {Promise<Attempt & { stderr: string }>}
 */
export async function attempt(test) {
  const directory = join(test.work, 'dir')
  mkdirSync(directory, { recursive: true })
  const output = { stdout: join(test.work, 'stdout'), stderr: join(test.work, 'stderr') }
  const header = readHeader(join(test.testRoot, test.name))
  const env = {
    ...cleanEnvironment(),
    ...header.env,
    NODE_TEST_DIR: directory,
    TEST_THREAD_ID: String(test.slot),
    TEST_SERIAL_ID: String(serial++),
    TEST_PARALLEL: test.parallel ? '1' : '0',
    ...(test.nodeOptions && { NODE_OPTIONS: test.nodeOptions })
  }
  const started = performance.now()
  const end = await run(test, [...header.flags, join(test.testRoot, test.name)], env, output)
  const ms = Math.round(performance.now() - started)
  const leaked = end.pid === undefined ? 0 : await endLeftovers(end.pid, directory)
  for (const name of readdirSync(directory))
    rmSync(join(directory, name), { recursive: true, force: true, maxRetries: 3 })

  const [stdout, stderr] = [readFileSync(output.stdout, 'utf8'), readFileSync(output.stderr, 'utf8')]
  const status = end.why ? 'fail' : saysSkipped(stdout) ? 'skip' : 'pass'
  return {
    status,
    ms,
    ...(end.why && { why: end.why, tail: (stderr.trim() || stdout.trim()).slice(-tailLength) }),
    ...(leaked && !end.timedOut && { leaked }),
    stderr
  }
}

/** Files instead of pipes: a test must see the same as under Node's own runner, and never wait for a reader. */
function run(test, args, env, output) {
  const stdout = openSync(output.stdout, 'w')
  const stderr = openSync(output.stderr, 'w')
  const child = spawn(test.node, args, {
    cwd: dirname(test.testRoot),
    env,
    detached: true,
    stdio: ['ignore', stdout, stderr]
  })
  closeSync(stdout)
  closeSync(stderr)
  return new Promise(resolve => {
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      endGroup(child.pid)
    }, test.timeoutMs)
    const settle = why => {
      clearTimeout(timer)
      resolve({ pid: child.pid, timedOut, why: timedOut ? `no end after ${test.timeoutMs / 1000} s` : why })
    }
    child.once('error', error => settle(error.message))
    child.once('exit', (code, signal) => settle(signal ?? (code ? `exit code ${code}` : undefined)))
  })
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it has just ended
  }
}

/** What npm, a shell or a CI service has set for the Node that runs this must not reach the tests. */
function cleanEnvironment() {
  const foreign = /^(?:NODE_|npm_|NPM_|TEST_|RS_CHILD_PROCESS_|(?:NO|FORCE)_COLOR$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}
