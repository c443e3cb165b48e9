import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { readVerdicts, selectTests, suiteVersion } from './lists.mjs'
import { help, parseOptions } from './options.mjs'
import { runAll } from './schedule.mjs'
import { describeResult, formatSummary, summarise } from './summary.mjs'

const failed = 1
const misused = 2

/** @param {string[]} argv @returns {Promise<number>} exit code */
async function main(argv) {
  const options = parseOptions(argv)
  if (options.help) {
    console.log(help)
    return 0
  }
  const version = execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim()
  const verdicts = readVerdicts(version)
  const selection = selectTests(options, verdicts)
  if (!selection.tests.length) throw new Error('no such test in this suite')
  const earlier = options.stockFile ? JSON.parse(readFileSync(options.stockFile, 'utf8')) : undefined
  if (earlier && earlier.version !== version) throw new Error(`${options.stockFile} is of Node ${earlier.version}`)
  const knownStock = name => earlier?.results.find(({ test }) => test === name)?.stock

  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort())
  const started = performance.now()
  const results = []
  await runAll(selection.tests, options, knownStock, controller.signal, (result, done) => {
    results.push(result)
    for (const line of describeResult(result, verdicts)) console.log(line)
    if (process.stderr.isTTY) process.stderr.write(`${done} of ${selection.tests.length}\r`)
  })
  results.sort((a, b) => (a.test < b.test ? -1 : 1))

  const summary = summarise(results, verdicts)
  const run = {
    version,
    suite: suiteVersion(options.testRoot),
    lists: options.lists,
    deep: options.deep,
    nodeOptions: options.nodeOptions,
    platform: `${process.platform}-${process.arch}`,
    root: process.getuid() === 0,
    seconds: Math.round((performance.now() - started) / 1000),
    excluded: selection.excluded,
    absent: selection.absent,
    flaky: results.filter(({ package: ours }) => ours.status !== 'fail' && ours.tries > 1).map(({ test }) => test)
  }
  console.log(formatSummary(summary, run))
  if (options.jsonFile && !controller.signal.aborted)
    writeFileSync(options.jsonFile, JSON.stringify({ ...run, summary, results }, null, 1) + '\n')
  if (controller.signal.aborted) console.log('interrupted: the figures are of what was run')
  return summary.regressions.length || summary.delegated.length || controller.signal.aborted ? failed : 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`node-suite: ${error.message}`)
  process.exitCode = misused
}
