// Shapes that pass between the files of lib/. Not part of the package's types (index.d.ts).

import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'

/** What goes from spawn() to ChildProcess.prototype.spawn(): the caller's options, checked and completed. */
export interface SpawnRequest {
  [option: string]: any
  file: string
  args: unknown[]
  envPairs: any
  stdio: StdioEntry[] | unknown
}

export interface StdioEntry {
  type: 'ignore' | 'pipe' | 'overlapped' | 'fifo' | 'inherit' | 'fd' | 'wrap'
  /** Seen from the child. */
  readable?: boolean
  writable?: boolean
  ipc?: true
  fd?: number
  wrapType?: string
  /** A handle of Node whose descriptor the child gets, and the stream it belongs to. */
  handle?: any
  _stdio?: any
  /** What spawnSync() writes to stdin. */
  input?: Uint8Array
  /** The parent's end, once the child has been started. */
  socket?: Socket
}

export interface StdioPlan {
  stdio: StdioEntry[]
  ipc: boolean
  ipcFd: number | undefined
}

/** What Process.spawn() and spawnSync() of the core take; binding.d.ts describes it. */
export type StartArguments = [
  file: string,
  args: string,
  cwd: string | null,
  env: string,
  stdio: Int32Array,
  flags: number,
  attributes: string | null
]

/** The core's spawnSync(). */
export type SpawnSync = (
  ...args: [...StartArguments, input: Uint8Array | null, timeout: number, maxBuffer: number, killSignal: number]
) => {
  pid: number
  status?: number
  signal?: string
  error: number
  failedStep?: string
  output?: (Buffer | null | undefined)[]
}

export interface SpawnSyncResult {
  error?: ErrnoError
  status: number | null
  signal: string | null
  output: (Buffer | string | null)[] | null
  pid: number
  stdout: any
  stderr: any
}

/** The native class Process, and what stands for it where the addon must not be loaded. */
export interface ProcessHandle {
  spawn(...args: StartArguments): number
  kill(signal: number): number
  close(callback?: () => void): void
  ref(): void
  unref(): void
  hasRef(): boolean
  readonly failedStep: string | null
  onexit?: (exitCode: number, signalCode: string) => void
  pid?: number
}

/** The native class PipeEnd; binding.d.ts describes it. */
export interface NativePipeEnd {
  gather(maxBuffer: number, utf8: boolean): number
  take(): { fd: number; bytes?: Buffer | null; lastChunk: number }
  close(): Buffer | null | undefined
  run(inside: () => void): void
  onend?: (stopped: boolean, bytes: Buffer | null, lastChunk: number, error: number) => void
}

export interface ChildProcess extends EventEmitter {
  [symbol: symbol]: any
  _closesNeeded: number
  _closesGot: number
  connected: boolean
  signalCode: string | null
  exitCode: number | null
  killed: boolean
  spawnfile: string | null
  _handle: ProcessHandle | null
  spawnargs: unknown[]
  pid: number | undefined
  stdin: Socket | null
  stdout: Socket | null
  stderr: Socket | null
  stdio: (Socket | null)[]
  spawn(options: any): number
  kill(signal?: unknown): boolean
  ref(): void
  unref(): void
}

export interface ChildProcessConstructor {
  new (): ChildProcess
  prototype: ChildProcess
}

export interface ErrnoError extends Error {
  errno: number
  code: string
  syscall: string
  path?: string
  spawnargs?: unknown[]
  /** Where a start failed; not enumerable. */
  step?: string
}
