'use strict'

const { resolve } = require('node:path')

/**
 * Makes Node processes that are started with this environment register as well. Safe to call again: a process
 * registers once however often it is told to.
 *
 * @param {NodeJS.ProcessEnv} env The environment to change; usually `process.env`.
 */
function inherit(env) {
  const preload = `--require=${quote(resolve(__dirname, '../../register.js'))}`
  const present = env.NODE_OPTIONS ?? ''
  if (!present.includes(preload)) env.NODE_OPTIONS = present ? `${present} ${preload}` : preload
  // Their own children as well.
  env.RS_CHILD_PROCESS_REGISTER = 'deep'
}

/**
 * As Node's parser of NODE_OPTIONS reads it: blanks separate except inside double quotes, where a backslash escapes.
 * @param {string} path
 */
function quote(path) {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path
}

exports.inherit = inherit
