import fs from 'node:fs'
import path from 'node:path'
import { addonName, platforms } from './platforms.mjs'
import { mustRun, root } from './run.mjs'

const folderOf = name => path.join(root, 'npm', name)

const readme = ({ name, target }) => `# @rs-child-process/binding-${name}

The native addon of [rs-child-process](https://www.npmjs.com/package/rs-child-process) for \`${target}\`. npm installs it
by itself where it fits; there is nothing to do with it by hand.
`

/** Writes the manifests and READMEs of the platform packages from package.json. */
export function writePackages() {
  mustRun('npx', ['--no-install', 'napi', 'create-npm-dirs'])
  for (const platform of platforms) fs.writeFileSync(path.join(folderOf(platform.name), 'README.md'), readme(platform))
}

/**
 * Puts an addon into its package, with the licences that have to go with it.
 * @param {string} name the platform's
 * @param {string} file the addon
 * @param {string} [folder] the package; default: the one in npm/
 * @returns {string} where the addon is now
 */
export function place(name, file, folder = folderOf(name)) {
  const placed = path.join(folder, addonName(name))
  fs.copyFileSync(file, placed)
  fs.copyFileSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'))
  fs.copyFileSync(path.join(root, 'npm/LICENSE.third-party.md'), path.join(folder, 'LICENSE.third-party.md'))
  return placed
}
