'use strict'

const { promisify } = require('node:util')
const { namesFunctions } = require('../node-version')

/**
 * Gives exec() or execFile() its promise form under util.promisify(): resolved with `{ stdout, stderr }`, rejected
 * with the error of the callback plus both outputs. The promise has the child as `child`.
 *
 * @param {(...args: any[]) => any} original
 */
function definePromisified(original) {
  /** @param {any[]} args */
  const call = args => {
    const { promise, settle } = createPending()
    // Outside of the promise's executor: wrong arguments are thrown, not turned into a rejection.
    return Object.assign(promise, { child: original(...args, settle) })
  }
  // Node 20 has an arrow function here, which has no `prototype`.
  const promisified = namesFunctions
    ? /** @param {any[]} args */ function (...args) {
        return call(args)
      }
    : /** @param {any[]} args */ (...args) => call(args)
  defineValue(promisified, 'name', namesFunctions ? original.name : '')
  defineValue(original, promisify.custom, promisified)
}

/**
 * Leaves the property's attributes as they are; a new property has none.
 *
 * @param {Function} target
 * @param {PropertyKey} key
 * @param {unknown} value
 */
function defineValue(target, key, value) {
  Object.defineProperty(target, key, /** @type {PropertyDescriptor} */ ({ __proto__: null, value }))
}

/**
 * A promise and the callback that settles it.
 */
function createPending() {
  /** @type {(error: any, stdout: unknown, stderr: unknown) => void} */
  let settle = () => {}
  const promise = new Promise((resolve, reject) => {
    settle = (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr })
      else reject(Object.assign(error, { stdout, stderr }))
    }
  })
  return { promise, settle }
}

module.exports = { definePromisified }
