// Compiled against several versions of @types/node: the module must be assignable in both directions.

import nodeDefault, * as node from 'node:child_process'
import oursDefault, * as ours from 'rs-child-process'
import type { ChildProcess, ExecException, ForkOptions, SpawnOptions, SpawnSyncReturns } from 'rs-child-process'
import { register } from 'rs-child-process/register'
import { promisify } from 'node:util'

export const there: typeof node = ours
export const back: typeof ours = node
export const defaultThere: typeof nodeDefault = oursDefault
export const defaultBack: typeof oursDefault = nodeDefault

/** Exactly the same type, and not only an assignable one: `any` is not. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <_ extends true>() => {}

same<Same<keyof typeof ours, keyof typeof node>>()
same<Same<typeof ours.ChildProcess, typeof node.ChildProcess>>()
same<Same<ChildProcess, node.ChildProcess>>()
same<Same<ExecException, node.ExecException>>()
same<Same<ForkOptions, node.ForkOptions>>()
same<Same<SpawnOptions, node.SpawnOptions>>()
same<Same<SpawnSyncReturns<string>, node.SpawnSyncReturns<string>>>()

// What Node does not have is taken by each overload, which gives what it gave.
same<Same<ReturnType<typeof spawned>, ReturnType<typeof spawnedByNode>>>()
const spawned = () => ours.spawn('cat', ['x'], { stdio: ['pipe', 'pipe', 'ignore'], umask: 0o22, limits: { core: 0 } })
const spawnedByNode = () => node.spawn('cat', ['x'], { stdio: ['pipe', 'pipe', 'ignore'] })
export const streams: ours.ChildProcessWithoutNullStreams = ours.spawn('cat', { niceness: 1, groups: [1] })
export const sync: string = ours.spawnSync('cat', { encoding: 'utf8', processGroup: 0 }).stdout
export const forked: ChildProcess = ours.fork('x.js', { umask: 0, silent: true })
export const own: ours.ChildOptions = { umask: null, limits: { cpuSeconds: Infinity } }
ours.exec('cat', { encoding: 'buffer', umask: 0 }, (_, stdout) => stdout.readUInt8(0))
promisify(ours.execFile)('cat', [], { niceness: 1, encoding: 'utf8' }).then(({ stdout }) => stdout.trim())
const real: ours.ChildProcess['stdin'] = ours.spawn('cat', { stdio: 'fifo' }).stdin
ours.spawn('cat', ['x'], { stdio: ['fifo', 'pipe', 'inherit'] }).stdin.end(real)
ours.spawnSync('cat', { stdio: ['fifo', 1, 'fifo'], encoding: 'utf8' }).stdout.trim()
ours.execFileSync('cat', { stdio: 'fifo', encoding: 'utf8' }).trim()
ours.fork('x.js', { stdio: ['fifo', 'inherit', 'inherit', 'ipc'] })
// @ts-expect-error Node has no such word
node.spawn('cat', { stdio: 'fifo' })
// @ts-expect-error there is no such option
ours.spawn('cat', { umaks: 1 })
// @ts-expect-error and no such limit
ours.spawn('cat', { limits: { nofile: 1 } })

// As programs use it.
class Derived extends ours.ChildProcess {}
export const derived: ChildProcess = new Derived()
export const piped: number | undefined = ours.spawn('cat').stdin.writableLength
export const text: string = ours.execFileSync('cat', { encoding: 'utf8' })
ours.exec('cat', { encoding: 'buffer' }, (error, stdout) => {
  error?.code
  stdout.readUInt8(0)
})
promisify(ours.execFile)('cat', []).then(({ stdout }) => stdout.trim())

ours.spawn('cat').on('error', (error: ours.SpawnError) => {
  const step: ours.SpawnStep | undefined = error.step
  // @ts-expect-error there is no such step
  if (step === 'fork') console.log(error.code?.length, error.errno?.toFixed())
})

export const inPlace: boolean = register({ deep: true })

// @ts-expect-error the compiler does look: a file name is required
ours.spawn()
// @ts-expect-error and this is no option of stdio
ours.spawn('cat', { stdio: 'pipes' })
