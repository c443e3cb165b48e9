import fs from 'node:fs'
import path from 'node:path'

/**
 * The test files below a folder: `node --test` takes patterns only since Node 21, and given a folder it would also run
 * the fixtures.
 * @param {string} folder
 * @returns {string[]}
 */
export function testFiles(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : testFiles(file)
      return /\.(spec|test)\.m?js$/.test(entry.name) ? [file] : []
    })
    .toSorted()
}
