import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const help = `usage: npm run test:node-suite -- --suite DIR [options] [test …]

Runs Node's own tests twice: with stock Node, and with child_process replaced by this package.

  --suite DIR         a checkout of Node, or of its test/ folder             (required)
  --node BINARY       the Node to test with                                  [the one that runs this]
  --list NAME         core or users; may be given several times              [core]
  --deep              replace child_process in the children of the tests as well
  --filter REGEX      only the tests whose name matches
  --node-options S    NODE_OPTIONS of every test, both times
  --stock FILE        take the verdicts of stock Node from an earlier --json FILE
  --json FILE         write a record of every test
  --package DIR       the package to put in the place of child_process       [this one]
  --timeout SECONDS   for one test                                           [30]
  --retries N         after a failure                                        [1]
  -j, --jobs N        tests at once                                          [2]
`

const projectRoot = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')

/**
 * @param {string[]} argv
 * @returns what to run and how; throws an Error with a message for the user
 */
export function parseOptions(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      suite: { type: 'string' },
      node: { type: 'string', default: process.execPath },
      list: { type: 'string', multiple: true },
      deep: { type: 'boolean', default: false },
      filter: { type: 'string' },
      'node-options': { type: 'string', default: '' },
      stock: { type: 'string' },
      json: { type: 'string' },
      package: { type: 'string', default: projectRoot },
      timeout: { type: 'string', default: '30' },
      retries: { type: 'string', default: '1' },
      jobs: { type: 'string', short: 'j', default: '2' },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) return { help: true }
  if (process.platform === 'win32') throw new Error('not for Windows: it relies on process groups')
  if (!values.suite) throw new Error('--suite DIR is missing (try --help)')
  return {
    help: false,
    testRoot: findTests(values.suite),
    node: realpathSync(values.node),
    lists: values.list ?? (positionals.length ? [] : ['core']),
    names: positionals,
    deep: values.deep,
    filter: values.filter === undefined ? undefined : new RegExp(values.filter),
    nodeOptions: values['node-options'],
    stockFile: values.stock,
    jsonFile: values.json,
    package: realpathSync(values.package),
    timeoutMs: positive('timeout', values.timeout) * 1000,
    retries: Number(values.retries),
    jobs: positive('jobs', values.jobs)
  }
}

function findTests(directory) {
  for (const candidate of [directory, join(directory, 'test')]) {
    if (existsSync(join(candidate, 'common', 'index.js'))) return realpathSync(candidate)
  }
  throw new Error(`no test/common/index.js in ${directory}`)
}

function positive(name, text) {
  const number = Number(text)
  if (!(number > 0)) throw new Error(`--${name} must be a positive number, not ${text}`)
  return number
}
