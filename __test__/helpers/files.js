'use strict'

const { mkdtempSync, mkdirSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { after } = require('node:test')

/**
 * A folder that is there until the end of the test file, with one thing for each way in which a start can fail.
 */
function awkwardFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'rs-child-process-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = (name, content, mode) => {
    writeFileSync(join(folder, name), content, { mode })
    return join(folder, name)
  }
  mkdirSync(join(folder, 'private'), { mode: 0o700 })
  return {
    folder,
    private: join(folder, 'private'),
    notExecutable: file('not-executable', '#!/bin/sh\n', 0o644),
    withoutShebang: file('without-shebang', 'echo "ran $0 with $1"\n', 0o755),
    badInterpreter: file('bad-interpreter', '#!/nonexistent/interpreter\n', 0o755),
    script: file('script', '#!/bin/sh\necho "ran $1"\n', 0o755),
    empty: file('empty', '', 0o755),
    notABinary: file('not-a-binary', '\x7fELF nonsense', 0o755)
  }
}

module.exports = { awkwardFiles }
