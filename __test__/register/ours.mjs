// Preloaded beside rs-child-process/register: on exit, says who made the children of the application.

import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { ChildProcess } from 'rs-child-process'

const made = { here: 0, elsewhere: 0 }
subscribe('child_process', ({ process: child }) => {
  if (child instanceof ChildProcess) made.here++
  else made.elsewhere++
})
process.on('exit', () => writeSync(2, `children: ${JSON.stringify(made)}\n`))
