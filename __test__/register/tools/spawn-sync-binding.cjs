// What process-on-spawn (nyc) and spawn-wrap do to see children that are started synchronously, or by the native class.
const childProcess = require('child_process')

const binding = process.binding('spawn_sync')
const { spawn } = binding
const seen = []
binding.spawn = options => {
  seen.push(options.file)
  options.envPairs.push('ADDED=by the wrapper')
  return spawn(options)
}
const script = 'echo "$ADDED"; exit 3'
const { stdout, status } = childProcess.spawnSync('sh', ['-c', script])
const { Process } = process.binding('process_wrap')
const { spawn: start } = Process.prototype
// Its arguments are not the same in every Node.
Process.prototype.spawn = function (...args) {
  seen.push('async')
  return Reflect.apply(start, this, args)
}
const child = childProcess.spawn('sh', ['-c', script])
child.on('exit', code => {
  console.log(
    seen.join(),
    String(stdout).trim(),
    status,
    code,
    child._handle === null,
    child instanceof childProcess.ChildProcess
  )
})
