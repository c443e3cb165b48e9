'use strict'
// A shell pipeline, its output gathered.
const { exec } = require('rs-child-process')

exec('ls /usr/bin | cut -c1 | sort | uniq -c | sort -rn | head -3', (error, stdout) => {
  if (error) throw error
  console.log(stdout.trimEnd())
})
