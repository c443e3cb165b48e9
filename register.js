'use strict'

/**
 * `node --require rs-child-process/register app.js` (or `--import`, or either in NODE_OPTIONS): from here on the whole
 * process, its dependencies and its Workers get this package when they ask for `child_process`.
 *
 * Child processes that are Node get it as well when RS_CHILD_PROCESS_REGISTER is `deep`, or after
 * `require('rs-child-process/register').register({ deep: true })`.
 */

const { register } = require('./lib/register/register.js')

register({ deep: process.env.RS_CHILD_PROCESS_REGISTER === 'deep' })

exports.register = register
