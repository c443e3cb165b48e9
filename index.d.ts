/**
 * The types of `node:child_process`, taken from the `@types/node` that your project has installed: code that is typed
 * for the one is typed for the other, whatever the version, and the options and events are Node's own.
 */
import type * as node from 'node:child_process'

export type * from 'node:child_process'

/**
 * Options that Node does not have. Every function takes them. What the system refuses fails the start, and the error's
 * `step` has the option's name.
 */
export interface ChildOptions {
  /** The permissions that files made by the child do not get, such as `0o077`. Default: the parent's. */
  umask?: number | null | undefined
  /** The scheduling priority, from -20 (first, which takes a right) to 19 (last). Default: the parent's. */
  niceness?: number | null | undefined
  /**
   * The supplementary groups, exactly these. Default: the parent's, or none if `uid` or `gid` is given. To set them takes a
   * right.
   */
  groups?: readonly number[] | null | undefined
  /**
   * The process group: 0 for a new one, whose id is the child's pid, or an existing one of this session. Not together with
   * `detached`. Default: the parent's.
   */
  processGroup?: number | null | undefined
  /** What the child may use. Default: as the parent. */
  limits?: ResourceLimits | null | undefined
}

/**
 * Limits of a child (`setrlimit(2)`), which it cannot raise again. `Infinity` is no limit.
 */
export interface ResourceLimits {
  /** Seconds of processor time. At the limit the child is sent SIGXCPU, a second later SIGKILL. */
  cpuSeconds?: number | null | undefined
  /** Bytes of address space. */
  addressSpace?: number | null | undefined
  /** Bytes of heap and other private memory. */
  dataSize?: number | null | undefined
  /** Descriptors: the highest number is one below. */
  openFiles?: number | null | undefined
  /** Processes and threads of the child's user, on the whole system. */
  processes?: number | null | undefined
  /** Bytes of a file that the child writes. Beyond it is sent SIGXFSZ. */
  fileSize?: number | null | undefined
  /** Bytes of a core file. */
  core?: number | null | undefined
}

/**
 * An error of a failed start, as the `error` event, a callback or `spawnSync().error` has it. A listener may say that it takes
 * this: `child.on('error', (error: SpawnError) => error.step)`.
 */
export interface SpawnError extends Error {
  /** The system's error number, negative. */
  errno?: number | undefined
  /** Its name, such as 'ENOENT'. */
  code?: string | undefined
  /** 'spawn', with the program's name. */
  syscall?: string | undefined
  /** The program. */
  path?: string | undefined
  /** Its arguments. */
  spawnargs?: string[] | undefined
  /** Where the start failed, which Node does not tell. Not enumerable. */
  step?: SpawnStep | undefined
}

/**
 * What can fail between the call and the program's first instruction.
 */
export type SpawnStep =
  | 'clone'
  | 'setsid'
  | 'processGroup'
  | 'stdio'
  | 'cwd'
  | 'limits'
  | 'niceness'
  | 'groups'
  | 'gid'
  | 'uid'
  | 'exec'
  | 'interpreter'

/** A function of Node's that takes `ChildOptions` as well, by each of its overloads. */
type WithChildOptions<F> = F &
  Added<F> &
  (F extends { __promisify__: infer P } ? { __promisify__: P & Added<P> } : unknown)

// The compiler has no way to go through overloads but to ask for that many at once. spawn() has the most.
type Added<F> = F extends {
  (...args: infer A0): infer R0
  (...args: infer A1): infer R1
  (...args: infer A2): infer R2
  (...args: infer A3): infer R3
  (...args: infer A4): infer R4
  (...args: infer A5): infer R5
  (...args: infer A6): infer R6
  (...args: infer A7): infer R7
  (...args: infer A8): infer R8
  (...args: infer A9): infer R9
  (...args: infer A10): infer R10
  (...args: infer A11): infer R11
  (...args: infer A12): infer R12
  (...args: infer A13): infer R13
  (...args: infer A14): infer R14
  (...args: infer A15): infer R15
  (...args: infer A16): infer R16
  (...args: infer A17): infer R17
  (...args: infer A18): infer R18
  (...args: infer A19): infer R19
}
  ? Overload<A0, R0> &
      Overload<A1, R1> &
      Overload<A2, R2> &
      Overload<A3, R3> &
      Overload<A4, R4> &
      Overload<A5, R5> &
      Overload<A6, R6> &
      Overload<A7, R7> &
      Overload<A8, R8> &
      Overload<A9, R9> &
      Overload<A10, R10> &
      Overload<A11, R11> &
      Overload<A12, R12> &
      Overload<A13, R13> &
      Overload<A14, R14> &
      Overload<A15, R15> &
      Overload<A16, R16> &
      Overload<A17, R17> &
      Overload<A18, R18> &
      Overload<A19, R19>
  : unknown

// Where there are fewer overloads the first ones are found to take anything. It is a method because the compiler compares
// those by parameters in either direction: Node's functions may stand for these, although they do not know 'fifo'.
type Overload<A, R> = A extends unknown[]
  ? unknown[] extends A
    ? unknown
    : { call(...args: { [K in keyof A]: 'cwd' extends keyof NonNullable<A[K]> ? WithOurs<A[K]> : A[K] }): R }['call']
  : unknown

/** Options of Node's, with those that it does not have. */
type WithOurs<O> = O extends object ? { [K in keyof O]: K extends 'stdio' ? WithFifo<O[K]> : O[K] } & ChildOptions : O

/**
 * `'fifo'` wherever `'pipe'` may stand in `stdio`: a real pipe, so that the child can open `/dev/stdin`, `/dev/stdout` and
 * `/dev/stderr`. For the first three descriptors only.
 */
type WithFifo<S> = S extends readonly unknown[]
  ? { [I in keyof S]: 'pipe' extends S[I] ? S[I] | 'fifo' : S[I] }
  : S | ('pipe' extends S ? 'fifo' : never)

/**
 * A process that has been, or is to be, started: what `spawn()`, `exec()`, `execFile()` and `fork()` return.
 *
 * Events, in this order: `spawn` or `error`; then, of a child that was started, `exit (code, signal)`; last
 * `close (code, signal)`, when its output has ended as well. Output that was there when the child ended is delivered
 * before `exit`. `error` also tells, at any time, of an aborted `signal` and of a signal that could not be sent. `kill()`
 * can never reach another process that got the same pid.
 */
export const ChildProcess: typeof node.ChildProcess
export type ChildProcess = node.ChildProcess

/**
 * Starts a program. The call does not stall the event loop, however large the heap is.
 *
 * @param command the program, looked up in the PATH of the child's environment; with `shell`, a command line
 * @param args its arguments, without the name
 * @param options as for `node:child_process`:
 *   `cwd` (string or file: URL; default the parent's), `env` (default `process.env`), `argv0`,
 *   `stdio` (default 'pipe'; 'fifo' is a real pipe), `detached` (a session of its own; default false), `uid`, `gid`,
 *   `shell` (default false), `serialization` ('json' or 'advanced'), `signal` (an AbortSignal), `timeout` (milliseconds;
 *   default none), `killSignal` (default 'SIGTERM'), `windowsHide`, `windowsVerbatimArguments`
 * @returns the child. EACCES, EAGAIN, EMFILE, ENFILE and ENOENT are reported by its `error` event.
 * @throws {TypeError | RangeError} on wrong arguments, with Node's codes and messages
 * @throws {Error} on any other failure to start, with `errno`, `code` and `syscall`
 */
export const spawn: WithChildOptions<typeof node.spawn>

/**
 * Runs a command line in a shell and gathers its output. Never pass it text from outside: use `execFile()`.
 *
 * @param command the command line
 * @param options `cwd`, `env`, `encoding` (default 'utf8'; 'buffer' for Buffers), `shell` (default '/bin/sh'),
 *   `signal`, `timeout` (milliseconds; default 0, none), `maxBuffer` (bytes of either output; default 1 MiB),
 *   `killSignal` (default 'SIGTERM'), `uid`, `gid`, `windowsHide`
 * @param callback called once, at the end, with `(error, stdout, stderr)`. `error` is null if the command exited with
 *   0; else it has `code`, `signal`, `killed` and `cmd`.
 * @returns the child. `util.promisify(exec)` gives a promise of `{ stdout, stderr }` that has it as `child`.
 * @throws {TypeError | RangeError} on wrong arguments, with Node's codes and messages
 */
export const exec: WithChildOptions<typeof node.exec>

/**
 * Runs a program, without a shell unless asked for, and gathers its output.
 *
 * @param file the program, looked up in PATH
 * @param args its arguments
 * @param options those of `exec()`; `shell` is false by default
 * @param callback as for `exec()`
 * @returns the child. `util.promisify(execFile)` gives a promise of `{ stdout, stderr }` that has it as `child`.
 * @throws {TypeError | RangeError} on wrong arguments, with Node's codes and messages
 */
export const execFile: WithChildOptions<typeof node.execFile>

/**
 * Starts a Node module in a process of its own, connected by a channel: `child.send()` and `message` here,
 * `process.send()` and `message` there.
 *
 * @param modulePath path or file: URL of the module
 * @param args its arguments
 * @param options those of `spawn()` except `shell`, and `execPath` (default `process.execPath`), `execArgv` (default
 *   `process.execArgv`), `silent` (pipe the child's output instead of sharing it; default false)
 * @returns the child
 * @throws {TypeError | RangeError | Error} on wrong arguments, with Node's codes and messages
 */
export const fork: WithChildOptions<typeof node.fork>

/**
 * Runs a program and waits for its end, blocking this thread.
 *
 * @param command the program, looked up in PATH
 * @param args its arguments
 * @param options those of `spawn()`, and `input` (written to its stdin), `encoding` (default 'buffer'), `maxBuffer`
 *   (bytes; default 1 MiB)
 * @returns `pid`, `output`, `stdout`, `stderr`, `status`, `signal`, and `error` if it could not be started or had to
 *   be killed
 * @throws {TypeError | RangeError} on wrong arguments, with Node's codes and messages
 */
export const spawnSync: WithChildOptions<typeof node.spawnSync>

/**
 * Runs a command line in a shell and waits for its end, blocking this thread.
 *
 * @param command the command line
 * @param options those of `spawnSync()`; stderr is passed on to the parent's unless `stdio` is given
 * @returns its stdout
 * @throws {Error} if it exits with anything but 0, is killed, or can't be started; the error has all that
 *   `spawnSync()` returns
 */
export const execSync: WithChildOptions<typeof node.execSync>

/**
 * Runs a program and waits for its end, blocking this thread.
 *
 * @param file the program, looked up in PATH
 * @param args its arguments
 * @param options those of `spawnSync()`; stderr is passed on to the parent's unless `stdio` is given
 * @returns its stdout
 * @throws {Error} as `execSync()`
 */
export const execFileSync: WithChildOptions<typeof node.execFileSync>
