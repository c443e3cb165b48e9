'use strict'

/**
 * Whether options count that Node does not have and that others use. execa and zx hand their own `input` and `encoding` on to
 * spawn(), where Node ignores them, so on the plain functions such names count with `extended: true` only.
 *
 * @param {Record<string, any>} options
 */
function isExtended(options) {
  return options.extended === true
}

module.exports = { isExtended }
