'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const { describe, it } = require('node:test')
const { node, ours } = require('../helpers/parity')
const { record } = require('../helpers/record')

describe('the option shell', { timeout: 120_000 }, () => {
  for (const [name, args] of Object.entries({
    'true is /bin/sh': ['echo $0', [], { shell: true }],
    'a path is used as it is': ['echo $0', [], { shell: '/bin/sh' }],
    'a name is looked up': ['echo $0', [], { shell: 'sh' }],
    'arguments are joined, unescaped': ['echo a', ['b', '"c  d"', '$((1 + 1))', null, '; exit 3'], { shell: true }],
    'argv0 is the name of the shell': ['echo $0', [], { shell: true, argv0: 'named' }],
    'false is none': ['echo', ['$0'], { shell: false }],
    'an empty string is none': ['echo', ['$0'], { shell: '' }],
    'a command that is not there': ['nonexistent-command', [], { shell: true }]
  })) {
    it(name, async () => {
      assert.deepEqual(await record(ours.spawn(...args)), await record(node.spawn(...args)))
    })
  }

  it('warns once per process of arguments, where Node does', () => {
    const warnings = specifier => {
      const script = `
        const { spawn, execFile } = require(${JSON.stringify(specifier)})
        process.on('warning', ({ name, code, message }) => console.log(JSON.stringify({ name, code, message })))
        spawn('true', { shell: true })
        spawn('true', ['a'], { shell: true })
        spawn('true', ['a'], { shell: true })
        execFile('true', ['a'], { shell: true })`
      return String(execFileSync(process.execPath, ['--no-warnings', '-e', script]))
    }
    const shown = warnings(require.resolve('../..'))
    assert.equal(shown, warnings('node:child_process'))
    assert.equal(shown.includes('DEP0190'), Number(process.versions.node.split('.')[0]) >= 24)
  })
})
