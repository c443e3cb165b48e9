'use strict'

const fs = require('node:fs')

// Kept before a test can replace it.
const { appendFileSync } = fs
const printRaw = process._rawDebug
const limit = 3

/**
 * @param {string} file
 * @returns {(kind: string, how: string, from: string) => void} notes one thing; the same thing only a few times
 */
function openReport(file) {
  const seen = new Map()
  /** @type {string[]} */
  let pending = []

  function flush() {
    if (!pending.length) return
    appendFileSync(file, pending.join(''))
    pending = []
  }

  return (kind, how, from) => {
    const key = `${kind} ${how} ${from}`
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    if (times > limit) return
    pending.push(JSON.stringify({ kind, how, from }) + '\n')
    try {
      flush()
    } catch (error) {
      // The test has used up the descriptors: there will be some at its end.
      if (error.code === 'EMFILE' || error.code === 'ENFILE') {
        if (pending.length === 1) process.once('exit', flush)
        return
      }
      // No right to write, under the permission model: what matters goes to stderr, where the runner looks too.
      if (kind !== 'used') for (const line of pending) printRaw(`[node-suite] ${line.trimEnd()}`)
      pending = []
    }
  }
}

exports.openReport = openReport
