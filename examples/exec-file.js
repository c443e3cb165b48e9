'use strict'
// A program without a shell: arguments need no quoting. Promises come from util.promisify, as with Node's own module.
const { promisify } = require('node:util')
const { execFile } = require('rs-child-process')

async function main() {
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', '`2 * 21 = ${2 * 21}`'])
  console.log(stdout.trimEnd())
}

main()
