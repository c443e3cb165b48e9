'use strict'

const { warnsAboutShellArguments } = require('../node-version')

let warned = false

/**
 * File, arguments and quoting mode that make a shell run the command line.
 *
 * @param {string | true} shell path of the shell, or true for the platform's own
 * @param {string} file
 * @param {unknown[]} args joined with the file by spaces, unescaped, as Node does
 * @returns {{ file: string, args: string[], verbatim: boolean }} `verbatim`: Windows must not quote the arguments
 */
function shellCommand(shell, file, args) {
  if (args.length > 0) warnAboutArguments()
  const command = args.length > 0 ? `${file} ${args.join(' ')}` : file
  const program = shell === true ? defaultShell() : shell

  if (process.platform === 'win32' && /^(?:.*\\)?cmd(?:\.exe)?$/i.test(program)) {
    return { file: program, args: ['/d', '/s', '/c', `"${command}"`], verbatim: true }
  }
  return { file: program, args: ['-c', command], verbatim: false }
}

function defaultShell() {
  if (process.platform === 'win32') return process.env.comspec || 'cmd.exe'
  return process.platform === 'android' ? '/system/bin/sh' : '/bin/sh'
}

/** DEP0190, once per process, whichever function is called. */
function warnAboutArguments() {
  if (warned || !warnsAboutShellArguments) return
  warned = true
  process.emitWarning(
    'Passing args to a child process with shell option true can lead to security ' +
      'vulnerabilities, as the arguments are not escaped, only concatenated.',
    'DeprecationWarning',
    'DEP0190'
  )
}

module.exports = { shellCommand }
