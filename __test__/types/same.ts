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
same<Same<typeof ours.spawn, typeof node.spawn>>()
same<Same<typeof ours.exec, typeof node.exec>>()
same<Same<typeof ours.execFile, typeof node.execFile>>()
same<Same<typeof ours.fork, typeof node.fork>>()
same<Same<typeof ours.spawnSync, typeof node.spawnSync>>()
same<Same<typeof ours.execSync, typeof node.execSync>>()
same<Same<typeof ours.execFileSync, typeof node.execFileSync>>()
same<Same<typeof ours.ChildProcess, typeof node.ChildProcess>>()
same<Same<ChildProcess, node.ChildProcess>>()
same<Same<ExecException, node.ExecException>>()
same<Same<ForkOptions, node.ForkOptions>>()
same<Same<SpawnOptions, node.SpawnOptions>>()
same<Same<SpawnSyncReturns<string>, node.SpawnSyncReturns<string>>>()

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

export const inPlace: boolean = register({ deep: true })

// @ts-expect-error the compiler does look: a file name is required
ours.spawn()
// @ts-expect-error and this is no option of stdio
ours.spawn('cat', { stdio: 'pipes' })
