'use strict'

const { copiesOwnVariables, inheritsPermissionFlags, readsPermissionFlagsByWord } = require('../node-version')
const { define } = require('../properties')
const { isEnvironmentShared, watchWorkers } = require('./threads')
const { validateArgumentNullCheck } = require('./validators')

/** @typedef {import('../types').SpawnRequest} SpawnRequest */
/** @typedef {Record<string, unknown>} Environment */

/**
 * `process.env` of the main thread is the environment of the process itself, so the core can take it from there and
 * nothing has to be copied: at 185 variables that copy costs half a millisecond. A Worker has variables of its own,
 * and test frameworks replace process.env by a plain object, for which this is undefined.
 */
const environ = isOwnEnvironment(process.env) ? process.env : undefined
if (environ) watchWorkers()

/** @type {boolean | undefined} */
let isMain

/** Asked at the first start only: to load worker_threads took a seventh of what require() of this package takes. */
function isMainThread() {
  isMain ??= require('node:worker_threads').isMainThread
  return isMain
}

/**
 * Only the object behind which the real environment lies refuses accessors.
 * @param {object} env
 */
function isOwnEnvironment(env) {
  const probe = 'RS_CHILD_PROCESS_PROBE'
  try {
    Object.defineProperty(env, probe, { get: () => undefined, configurable: true })
    Reflect.deleteProperty(env, probe)
    return false
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ERR_INVALID_OBJECT_DEFINE_PROPERTY'
  }
}

/**
 * Gives the request its `envPairs`: a list when an environment was given or has to be made, else an accessor that
 * makes the list only for those who look (`ChildProcess.prototype.spawn` may be patched by tracing tools, which read
 * or replace it). As long as nobody looked, usesOwnEnvironment() is true, unless there are Workers.
 *
 * @param {SpawnRequest} request
 * @param {unknown} env the option; anything false stands for process.env
 */
function setEnvPairs(request, env) {
  if (
    environ &&
    (env || process.env) === environ &&
    isMainThread() &&
    !copiesPermissionFlags() &&
    !inheritsVariables(environ)
  ) {
    Object.defineProperty(request, 'envPairs', pendingEnvPairs)
    return
  }
  request.envPairs = createEnvPairs(/** @type {Environment} */ (env || ownVariables()), request.args)
}

/**
 * Whether a loop over the names, which is what Node makes of an environment, finds some that are no variables: what was
 * put on Object.prototype. It takes 20 to 50 ns.
 * @param {object} env
 */
function inheritsVariables(env) {
  for (const _ in Object.getPrototypeOf(env)) return true
  return false
}

/** What takes the place of `env` where none was given. */
function ownVariables() {
  return copiesOwnVariables ? { ...process.env } : process.env
}

const pendingEnvPairs = /** @type {PropertyDescriptor & ThisType<SpawnRequest>} */ ({
  __proto__: null,
  get() {
    const pairs = createEnvPairs(ownVariables(), this.args)
    define(this, 'envPairs', pairs, true)
    return pairs
  },
  /** @param {unknown} pairs */
  set(pairs) {
    define(this, 'envPairs', pairs, true)
  },
  enumerable: true,
  configurable: true
})

/**
 * True if the child is to start with the environment of this process, read by the core.
 * @param {object} request
 */
function usesOwnEnvironment(request) {
  return Object.getOwnPropertyDescriptor(request, 'envPairs')?.get === pendingEnvPairs.get && !isEnvironmentShared()
}

/**
 * `NAME=value` for every enumerable name, inherited ones included, unless the value is undefined.
 *
 * @param {Environment} env
 * @param {readonly unknown[]} args the arguments of the child, which may carry permission flags of their own
 * @returns {string[]}
 * @throws {TypeError} ERR_INVALID_ARG_VALUE for a null byte in a name or value
 */
function createEnvPairs(env, args) {
  const forced = forcedVariables(env, args)
  const pairs = []

  for (const name of variableNames(env)) {
    if (name in forced) continue
    const value = env[name]
    if (value === undefined) continue
    validateArgumentNullCheck(name, `options.env['${name}']`)
    validateArgumentNullCheck(value, `options.env['${name}']`)
    pairs.push(`${name}=${value}`)
  }
  for (const name in forced) pairs.push(`${name}=${forced[name]}`)
  return pairs
}

/**
 * @param {Environment} env
 * @returns {string[]}
 */
function variableNames(env) {
  const names = []
  for (const name in env) names.push(name)
  return process.platform === 'win32' ? withoutCaseDuplicates(names) : names
}

/**
 * Windows tells no case apart in names; the alphabetically first spelling wins.
 * @param {string[]} names
 */
function withoutCaseDuplicates(names) {
  const seen = new Set()
  return names.toSorted().filter(name => {
    const upper = name.toUpperCase()
    return !seen.has(upper) && seen.add(upper)
  })
}

/**
 * Variables that reach the child whatever environment was given. Node writes them into the caller's object, which is
 * left alone here.
 *
 * @param {Environment} env
 * @param {readonly unknown[]} args
 * @returns {Record<string, string>}
 */
function forcedVariables(env, args) {
  const forced = Object.create(null)

  // So that coverage tools follow programs whose authors hand on a chosen few variables only.
  const coverage = process.env.NODE_V8_COVERAGE
  if (coverage && env !== process.env && !Object.hasOwn(env, 'NODE_V8_COVERAGE')) forced.NODE_V8_COVERAGE = coverage

  if (copiesPermissionFlags()) {
    const options = withPermissionFlags(env.NODE_OPTIONS, args)
    if (options !== undefined) forced.NODE_OPTIONS = options
  }
  return forced
}

function copiesPermissionFlags() {
  return inheritsPermissionFlags && process.permission !== undefined
}

// A child must not be freer than its parent: --permission itself and every --allow-* go along.
const PERMISSION_FLAG =
  /^--(?:permission|allow-(?:fs-read|fs-write|addons|child-process|net|inspector|wasi|worker|openssl-store|ffi))/
const PERMISSION_MODEL = /^--permission(?:-audit)?(?:=|$)/

/**
 * NODE_OPTIONS extended by the permission flags of this process; undefined if the child has a permission model of its
 * own, or if there is nothing to add.
 *
 * @param {unknown} nodeOptions
 * @param {readonly unknown[]} args
 * @returns {string | undefined}
 */
function withPermissionFlags(nodeOptions, args) {
  const given = nodeOptions ? String(nodeOptions) : ''
  const decides = args.includes('--permission') || decidesPermissions(given, args)
  const flags = decides ? [] : process.execArgv.filter(flag => PERMISSION_FLAG.test(flag))
  if (flags.length === 0) return undefined
  return given === '' ? flags.join(' ') : `${given} ${flags.join(' ')}`
}

/**
 * @param {string} nodeOptions
 * @param {readonly unknown[]} args
 */
function decidesPermissions(nodeOptions, args) {
  if (!readsPermissionFlagsByWord) return nodeOptions.includes('--permission')
  return args.includes('--permission-audit') || nodeOptions.split(/\s+/).some(word => PERMISSION_MODEL.test(word))
}

module.exports = { setEnvPairs, usesOwnEnvironment }
