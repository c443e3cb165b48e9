'use strict'

if (process.env.RS_CHILD_PROCESS === 'off') {
  // The user has switched this package off by name. It is the only place that loads Node's own module.
  // In two steps: Node would follow `module.exports = require(…)` for names whenever this file is imported.
  const nodes = require('node:child_process')
  module.exports = nodes
} else {
  const { ChildProcess } = require('./lib/child-process')
  const { exec, execFile } = require('./lib/exec')
  const { fork } = require('./lib/fork')
  const { _forkChild } = require('./lib/ipc/child-side')
  const { spawn } = require('./lib/spawn')
  const { execFileSync, execSync, spawnSync } = require('./lib/sync')

  // One line per export: Node finds the names for `import { spawn }` by reading this file, not by running it.
  // The order is that of node:child_process.
  exports._forkChild = _forkChild
  exports.ChildProcess = ChildProcess
  exports.exec = exec
  exports.execFile = execFile
  exports.execFileSync = execFileSync
  exports.execSync = execSync
  exports.fork = fork
  exports.spawn = spawn
  exports.spawnSync = spawnSync
}
