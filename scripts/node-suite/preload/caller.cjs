'use strict'

const { fileURLToPath } = require('node:url')

/**
 * @param {unknown} location a path or a file: URL
 * @returns {string} a path; '' for what is neither
 */
function toPath(location) {
  if (typeof location !== 'string') return ''
  if (!location.startsWith('file:')) return location
  try {
    return fileURLToPath(location)
  } catch {
    return ''
  }
}

/**
 * The file of the nearest caller that is neither part of Node nor of this preload.
 * @returns {string} a path; '' if there is none
 */
function nearestCaller() {
  for (const site of callSites()) {
    const file = site.getFileName()
    if (file && !file.startsWith('node:') && !file.startsWith(__dirname)) return toPath(file)
  }
  return ''
}

/** @returns {NodeJS.CallSite[]} */
function callSites() {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 100
    Error.prepareStackTrace = (_, sites) => sites
    const holder = {}
    Error.captureStackTrace(holder, callSites)
    return Array.isArray(holder.stack) ? holder.stack : []
  } catch {
    return []
  } finally {
    try {
      Error.prepareStackTrace = prepareStackTrace
      Error.stackTraceLimit = stackTraceLimit
    } catch {
      // frozen, under --frozen-intrinsics
    }
  }
}

exports.nearestCaller = nearestCaller
exports.toPath = toPath
