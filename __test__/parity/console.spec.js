'use strict'

const assert = require('node:assert')
const { once } = require('node:events')
const { test } = require('node:test')
const { inspect } = require('node:util')
const builtin = require('node:child_process')
const ours = require('rs-child-process')

/** As console.log() prints it, with the numbers that differ from run to run taken out. */
function printed(child) {
  return (
    inspect(child, { depth: 2 })
      .replace(/(\bpid: )\d+/g, '$1PID')
      .replace(/(async_id_symbol\)?\]?: )\d+/g, '$1ID')
      .replace(/(\bfd: )\d+/g, '$1FD')
      // Node shows its own Pipe there; ours is hidden.
      .replace(/,\n  \[?Symbol\(kChannelHandle\)\]?: (?:null|Pipe \{[^]*?\n  \})(?=\n)/, '')
  )
}

/** The listeners that exec() itself adds have names of their own, and with them the lines break elsewhere. */
function withoutNames(text) {
  return text.replace(/\[Function(?:: \w+| \(anonymous\))?\]/g, '[Function]').replace(/\s+/g, ' ')
}

const starts = {
  'of exec': cp => cp.execFile('cat'),
  'with pipes': cp => cp.spawn('cat'),
  'without stdio': cp => cp.spawn('sleep', ['60'], { stdio: 'ignore' }),
  'with a channel': cp => cp.spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
}

for (const [name, start] of Object.entries(starts)) {
  for (const state of ['live', 'finished']) {
    test(`console.log of a ${state} child ${name}`, async () => {
      const [expected, actual] = await Promise.all(
        [builtin, ours].map(async cp => {
          const child = start(cp)
          const closed = once(child, 'close')
          const show = name === 'of exec' ? () => withoutNames(printed(child)) : () => printed(child)
          const text = show()
          child.kill('SIGKILL')
          await closed
          return (state === 'live' ? text : show()).split('\n')
        })
      )
      assert.deepStrictEqual(actual, expected)
    })
  }
}
