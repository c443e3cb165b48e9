'use strict'

const { promisify } = require('node:util')
const { namesFunctions } = require('../node-version')
const { define } = require('../properties')

/**
 * Gives exec() or execFile() its promise form under util.promisify(): resolved with `{ stdout, stderr }`, rejected
 * with the error of the callback plus both outputs. The promise has the child as `child`.
 *
 * @param {(...args: any[]) => any} original
 */
function definePromisified(original) {
  /** @param {any[]} args */
  const promisified = (...args) => {
    const { promise, settle } = createPending()
    // Outside of the promise's executor: wrong arguments are thrown, not turned into a rejection.
    return Object.assign(promise, { child: original(...args, settle) })
  }
  define(promisified, 'name', namesFunctions ? original.name : '')
  Object.defineProperty(
    original,
    promisify.custom,
    /** @type {PropertyDescriptor} */ ({ __proto__: null, value: promisified })
  )
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
