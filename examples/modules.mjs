// From an ES module, by name or all at once.
import childProcess, { spawn } from 'rs-child-process'

console.log(spawn === childProcess.spawn)
spawn('echo', ['hello from a module'], { stdio: 'inherit' })
