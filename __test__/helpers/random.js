'use strict'

/**
 * A generator of numbers below `n` (mulberry32): a failure can be repeated with its seed.
 * @param {number} seed
 */
function random(seed) {
  let state = seed
  /** @param {number} n */
  return n => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
}

module.exports = { random }
