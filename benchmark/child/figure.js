'use strict'

// The process in which one figure is measured: `RUNTIME figure.js WORKLOAD PARAMS STYLE`. The very same file runs for
// Node, for this package, and in Bun and Deno: only BENCH_MODULE differs. Nothing is loaded before the workload needs
// it, so that require() can be a workload too.
const [workload, params, style] = process.argv.slice(2)
const { run, native } = require(workload)

const main = async () => {
  const parsed = JSON.parse(params)
  const figures =
    style === 'native'
      ? await native[process.versions.bun ? 'bun' : 'deno'](parsed)
      : await run(process.env.BENCH_MODULE, parsed)
  process.stdout.write('\n' + JSON.stringify(figures) + '\n', () => process.exit(0))
}

main().catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`, () => process.exit(1))
})
