'use strict'

/**
 * Defines an ordinary (writable, configurable) property. The descriptor has no prototype: with `get` or `enumerable`
 * put on Object.prototype, Object.defineProperty() would find them there.
 *
 * @param {object} target
 * @param {PropertyKey} key
 * @param {unknown} value
 * @param {boolean} [enumerable] false by default
 */
function define(target, key, value, enumerable = false) {
  Object.defineProperty(
    target,
    key,
    /** @type {PropertyDescriptor} */ ({ __proto__: null, value, writable: true, enumerable, configurable: true })
  )
}

module.exports = { define }
