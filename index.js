'use strict'

// One line per export: Node finds the names for `import { spawn }` by reading this file, not by running it.
// The order is that of node:child_process.

const { ChildProcess } = require('./lib/child-process')
const { exec, execFile } = require('./lib/exec')
const { fork } = require('./lib/fork')
const { _forkChild } = require('./lib/ipc/child-side')
const { spawn } = require('./lib/spawn')

exports._forkChild = _forkChild
exports.ChildProcess = ChildProcess
exports.exec = exec
exports.execFile = execFile
exports.fork = fork
exports.spawn = spawn
