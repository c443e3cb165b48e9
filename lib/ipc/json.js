'use strict'

/** @typedef {import('./types').Codec} Codec */

/** What the core puts between the lines of a batch (src/ipc/json.rs). */
const JOINT = ',\n'

/**
 * `serialization: 'json'`: a line of JSON each.
 * @type {Codec}
 */
const json = {
  write(outbox, message, fd, callback, report) {
    // toJSON() may give undefined, for which Node sends a line that the receiver cannot parse.
    const text = JSON.stringify(message) ?? 'undefined'
    return outbox.writeLine(text, fd, callback, report)
  },

  read(data, count, sound, errors) {
    if (count > 1 && sound) {
      try {
        const messages = JSON.parse(data)
        if (messages.length === count) return messages
      } catch {
        // Some line is malformed: let each speak for itself.
      }
    }
    const messages = []
    for (const line of linesOf(data, count)) {
      try {
        if (typeof line !== 'string') throw new RangeError('Invalid string length')
        messages.push(JSON.parse(line))
      } catch (error) {
        errors.push(error)
      }
    }
    return messages
  },

  readOne(line) {
    return JSON.parse(line)
  }
}

/**
 * @param {string | (string | null)[] | undefined} data
 * @param {number} count
 * @returns {(string | null | undefined)[]} no string for lines that are longer than a string can be
 */
function linesOf(data, count) {
  if (typeof data !== 'string') return data ?? [data]
  return count > 1 ? data.slice(1, -1).split(JOINT) : [data]
}

module.exports = { json }
