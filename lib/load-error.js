'use strict'

// Node's own name for each platform that has a package, as in npm/.
const packaged = ['linux-x64-gnu', 'linux-x64-musl', 'linux-arm64-gnu', 'linux-arm64-musl']

/** @returns {string} this machine as the platform packages name it, as in "linux-x64-gnu" */
function platformName() {
  const name = `${process.platform}-${process.arch}`
  if (process.platform !== 'linux') return name
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
  return `${name}-${report.header?.glibcVersionRuntime ? 'gnu' : 'musl'}`
}

const PERMISSION = ['start Node with --allow-addons where it has --permission, and without --no-addons']

/** @param {string} platform */
function remedies(platform) {
  if (!packaged.includes(platform)) {
    return [
      `there is no addon for ${platform}; there is for ${packaged.join(', ')}`,
      'to keep Node\'s own module where there is none, use "node --require rs-child-process/register"'
    ]
  }
  return [
    `install @rs-child-process/binding-${platform}: it comes by itself unless npm was told to leave out optional`,
    '  dependencies (--omit=optional, --no-optional), or node_modules was copied from another kind of machine;',
    '  "npm install --include=optional" on this machine puts it right',
    'in a clone of the repository, build it: npm run build',
    'or name an addon file in the environment variable NAPI_RS_NATIVE_LIBRARY_PATH'
  ]
}

/**
 * The error for an addon that cannot be loaded: which platform this is, what was tried, and what to do.
 * @param {unknown[]} errors what each attempt threw
 * @returns {Error & { code: string }} with the code ERR_RS_CP_ADDON; its cause is the first error that says more than
 *   that there is nothing there, else the last one
 */
function addonNotLoaded(errors) {
  const attempts = errors.map(error => /** @type {Error} */ (error).message.split('\n', 1)[0])
  const tried = attempts.length > 0 ? attempts : ['nothing: no package is made for this platform']
  const cause = errors[attempts.findIndex(attempt => !attempt.startsWith('Cannot find module'))] ?? errors.at(-1)
  const platform = platformName()
  const isDisabled = /** @type {NodeJS.ErrnoException} */ (cause)?.code === 'ERR_DLOPEN_DISABLED'
  const help = isDisabled ? PERMISSION : remedies(platform)
  const list = (/** @type {string[]} */ lines) => lines.map(line => `  ${line}\n`).join('')
  const message =
    `rs-child-process could not load its native addon for ${platform} (Node ${process.version}).\n` +
    `Tried:\n${list(tried)}What helps:\n${list(help)}`.trimEnd()
  return Object.assign(new Error(message, { cause }), { code: 'ERR_RS_CP_ADDON' })
}

module.exports = { addonNotLoaded }
