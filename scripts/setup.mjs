// Makes a fresh clone ready to run: the npm packages, then the native addon. Takes a few milliseconds when nothing is
// stale, so that every script can begin with it. Has no dependencies, because it is what installs them.
import { pathToFileURL } from 'node:url'
import { checkCargo, checkNode } from './lib/requirements.mjs'
import { installPackages, packagesAreStale } from './lib/packages.mjs'
import { addonIsStale, buildAddon } from './lib/addon.mjs'
import { Complaint } from './lib/complaint.mjs'

/**
 * Installs and builds whatever is missing or older than its sources.
 * @param {boolean} build whether the addon is needed
 */
function setUp(build) {
  checkNode()
  if (packagesAreStale()) {
    console.log('▶ setup: npm ci')
    installPackages()
  }
  if (build && addonIsStale()) {
    checkCargo()
    console.log('▶ setup: release build of the addon (a minute or two the first time)')
    buildAddon()
  }
}

/**
 * Sets up, then runs `main`; what the user can mend is told in one line, without a stack.
 * @param {() => unknown} main
 * @param {{ build?: boolean }} [options] `build: false` for what needs no addon of this machine
 */
export async function withSetup(main, { build = true } = {}) {
  try {
    setUp(build)
    await main()
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
    console.error(`rs-child-process: ${error.message}`)
    process.exitCode = 1
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await withSetup(() => {})
}
