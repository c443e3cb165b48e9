'use strict'

const { execFile } = require('node:child_process')
const { join } = require('node:path')

const root = join(__dirname, '../..')
const registerFile = join(root, 'register.js')

/**
 * Runs Node without anything of this process's own NODE_OPTIONS.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 * @param {string} [cwd]
 * @returns {Promise<{ code: number | string, stdout: string, stderr: string }>}
 */
function runNode(args, env = {}, cwd = root) {
  const { NODE_OPTIONS, RS_CHILD_PROCESS_REGISTER, ...rest } = process.env
  const options = { env: { ...rest, ...env }, cwd, timeout: 60_000 }
  return new Promise(resolve => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal ?? -1) : 0, stdout, stderr })
    })
  })
}

exports.registerFile = registerFile
exports.root = root
exports.runNode = runNode
