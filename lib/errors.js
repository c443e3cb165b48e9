'use strict'

const { constants } = require('node:os')
const { format, getSystemErrorName } = require('node:util')
const { invalidArgType, invalidArgValue, missingArg, outOfRange } = require('./error-messages')
const { explainsDeniedAccess } = require('./node-version')
const { define } = require('./properties')

/** @typedef {import('./types').ErrnoError} ErrnoError */

/**
 * A class that looks like the one Node keeps to itself: `code` is an own, enumerable property; `constructor` is the
 * built-in base, so that `error.constructor === TypeError` holds; the code shows in toString() and in the stack's
 * first line, and nowhere in `name` or `message`.
 *
 * @param {ErrorConstructor} Base
 * @param {string} code
 * @param {string | ((...args: any[]) => string)} message A template for util.format(), or what builds it from the
 *   constructor's arguments. As in Node, `message` is the first own property with a template and `code` otherwise.
 * @returns {new (...args: any[]) => Error & { code: string }}
 */
function nodeError(Base, code, message) {
  class NodeError extends Base {
    /** @param {any[]} args */
    constructor(...args) {
      super(...(typeof message === 'string' ? [format(message, ...args)] : []))
      define(this, 'code', code, true)
      if (typeof message === 'function') define(this, 'message', message(...args))
      // V8 formats the stack at its first reading, from the name the error has at that moment.
      define(this, 'name', `${Base.name} [${code}]`)
      void this.stack
      Reflect.deleteProperty(this, 'name')
    }

    toString() {
      return `${this.name} [${code}]: ${this.message}`
    }
  }
  define(NodeError.prototype, 'constructor', Base)
  return /** @type {any} */ (NodeError)
}

const codes = {
  ERR_CHILD_CLOSED_BEFORE_REPLY: nodeError(
    Error,
    'ERR_CHILD_CLOSED_BEFORE_REPLY',
    'Child closed before reply received'
  ),
  ERR_CHILD_PROCESS_IPC_REQUIRED: nodeError(
    Error,
    'ERR_CHILD_PROCESS_IPC_REQUIRED',
    "Forked processes must have an IPC channel, missing value 'ipc' in %s"
  ),
  ERR_CHILD_PROCESS_STDIO_MAXBUFFER: nodeError(
    RangeError,
    'ERR_CHILD_PROCESS_STDIO_MAXBUFFER',
    '%s maxBuffer length exceeded'
  ),
  ERR_INCOMPATIBLE_OPTION_PAIR: nodeError(
    TypeError,
    'ERR_INCOMPATIBLE_OPTION_PAIR',
    'Option "%s" cannot be used in combination with option "%s"'
  ),
  ERR_INVALID_ARG_TYPE: nodeError(TypeError, 'ERR_INVALID_ARG_TYPE', invalidArgType),
  ERR_INVALID_ARG_VALUE: nodeError(TypeError, 'ERR_INVALID_ARG_VALUE', invalidArgValue),
  ERR_INVALID_HANDLE_TYPE: nodeError(TypeError, 'ERR_INVALID_HANDLE_TYPE', 'This handle type cannot be sent'),
  ERR_INVALID_SYNC_FORK_INPUT: nodeError(
    TypeError,
    'ERR_INVALID_SYNC_FORK_INPUT',
    'Asynchronous forks do not support Buffer, TypedArray, DataView or string input: %s'
  ),
  ERR_IPC_CHANNEL_CLOSED: nodeError(Error, 'ERR_IPC_CHANNEL_CLOSED', 'Channel closed'),
  ERR_IPC_DISCONNECTED: nodeError(Error, 'ERR_IPC_DISCONNECTED', 'IPC channel is already disconnected'),
  ERR_IPC_ONE_PIPE: nodeError(Error, 'ERR_IPC_ONE_PIPE', 'Child process can have only one IPC pipe'),
  ERR_IPC_SYNC_FORK: nodeError(Error, 'ERR_IPC_SYNC_FORK', 'IPC cannot be used with synchronous forks'),
  ERR_MISSING_ARGS: nodeError(TypeError, 'ERR_MISSING_ARGS', missingArg),
  ERR_OUT_OF_RANGE: nodeError(RangeError, 'ERR_OUT_OF_RANGE', outOfRange),
  ERR_UNKNOWN_SIGNAL: nodeError(TypeError, 'ERR_UNKNOWN_SIGNAL', 'Unknown signal: %s')
}

/** What child and callback get when an AbortSignal ended the child: not the DOMException, but Node's own look-alike. */
class AbortError extends Error {
  /** @param {ErrorOptions} [options] `cause` is the signal's reason */
  constructor(options) {
    super('The operation was aborted', options)
    this.code = 'ABORT_ERR'
    this.name = 'AbortError'
  }
}

class ErrnoException extends Error {
  /**
   * @param {number} errno negative, as libuv has it
   * @param {string} syscall
   */
  constructor(errno, syscall) {
    const code = getSystemErrorName(errno)
    super(`${syscall} ${code}`)
    this.errno = errno
    this.code = code
    this.syscall = syscall
  }
}
define(ErrnoException.prototype, 'constructor', Error)

/**
 * The error of a failed system call: `errno`, `code`, `syscall`, message `spawn ENOENT`.
 *
 * @param {number} errno negative
 * @param {string} syscall
 * @param {string | null} [step] where a start failed ('cwd', 'exec', 'interpreter', ...): kept as the hidden property
 *   `step`, because Node's error does not tell a missing directory from a missing program.
 * @returns {ErrnoError}
 */
function errnoException(errno, syscall, step) {
  const error = new ErrnoException(errno, syscall)
  if (step) define(error, 'step', step)
  return error
}

/**
 * An Error of no special class with the given own properties, as exec() reports a command that failed.
 * @param {string} message
 * @param {object} properties
 */
function genericError(message, properties) {
  return Object.assign(new Error(message), properties)
}

/**
 * What every function throws under the permission model without --allow-child-process.
 * @param {string} file the program that was to be run
 */
function accessDenied(file) {
  const hint = explainsDeniedAccess ? '. Use --allow-child-process to manage permissions.' : ''
  return genericError(`Access to this API has been restricted${hint}`, {
    code: 'ERR_ACCESS_DENIED',
    permission: 'ChildProcess',
    resource: explainsDeniedAccess ? file : ''
  })
}

/**
 * libuv's name for -errno on this platform.
 * @param {keyof typeof constants.errno} name
 */
const negative = name => -constants.errno[name]

/** Negative error numbers that lib/ has to tell apart. */
const errnos = {
  EACCES: negative('EACCES'),
  EAGAIN: negative('EAGAIN'),
  EBADF: negative('EBADF'),
  ECONNRESET: negative('ECONNRESET'),
  EINVAL: negative('EINVAL'),
  EMFILE: negative('EMFILE'),
  ENFILE: negative('ENFILE'),
  ENOBUFS: negative('ENOBUFS'),
  ENOENT: negative('ENOENT'),
  ENOSYS: negative('ENOSYS'),
  EPIPE: negative('EPIPE'),
  ESRCH: negative('ESRCH')
}

module.exports = { AbortError, accessDenied, codes, errnoException, errnos, genericError }
