/**
 * The types of `node:child_process`, taken from the `@types/node` that your project has installed: code that is typed
 * for the one is typed for the other, whatever the version, and the options and events are Node's own.
 */
import type * as node from 'node:child_process'

export type * from 'node:child_process'

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
 *   `stdio` (default 'pipe'), `detached` (a session of its own; default false), `uid`, `gid`, `shell` (default false),
 *   `serialization` ('json' or 'advanced'), `signal` (an AbortSignal), `timeout` (milliseconds; default none),
 *   `killSignal` (default 'SIGTERM'), `windowsHide`, `windowsVerbatimArguments`
 * @returns the child. EACCES, EAGAIN, EMFILE, ENFILE and ENOENT are reported by its `error` event.
 * @throws {TypeError | RangeError} on wrong arguments, with Node's codes and messages
 * @throws {Error} on any other failure to start, with `errno`, `code` and `syscall`
 */
export const spawn: typeof node.spawn

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
export const exec: typeof node.exec

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
export const execFile: typeof node.execFile

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
export const fork: typeof node.fork

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
export const spawnSync: typeof node.spawnSync

/**
 * Runs a command line in a shell and waits for its end, blocking this thread.
 *
 * @param command the command line
 * @param options those of `spawnSync()`; stderr is passed on to the parent's unless `stdio` is given
 * @returns its stdout
 * @throws {Error} if it exits with anything but 0, is killed, or can't be started; the error has all that
 *   `spawnSync()` returns
 */
export const execSync: typeof node.execSync

/**
 * Runs a program and waits for its end, blocking this thread.
 *
 * @param file the program, looked up in PATH
 * @param args its arguments
 * @param options those of `spawnSync()`; stderr is passed on to the parent's unless `stdio` is given
 * @returns its stdout
 * @throws {Error} as `execSync()`
 */
export const execFileSync: typeof node.execFileSync
