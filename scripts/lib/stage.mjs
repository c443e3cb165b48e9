import fs from 'node:fs'
import path from 'node:path'
import { published } from './platforms.mjs'
import { root } from './run.mjs'

/** What package.json has for work on the package only. `private` keeps anything but the stage from being published. */
const ofTheRepository = ['private', 'scripts', 'devDependencies']

/**
 * Makes the main package as it is published: lib/ in one file, and without what is only for work on it.
 * @param {string} [folder] default: target/package
 * @returns {Promise<string>} the folder
 */
export async function stage(folder = path.join(root, 'target/package')) {
  // Not at the top: what only installs packages loads this file before there are any.
  const { bundleLibrary } = await import('./bundle.mjs')
  fs.rmSync(folder, { recursive: true, force: true })
  await bundleLibrary(folder)
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  for (const name of ['index.d.ts', 'register.d.ts', 'README.md', 'LICENSE']) {
    fs.copyFileSync(path.join(root, name), path.join(folder, name))
  }
  manifest.files = [...manifest.files, 'index.js.map']
  for (const key of ofTheRepository) delete manifest[key]
  // napi publishes a package for each of these, and makes the main package ask for it.
  manifest.napi.targets = published.map(({ target }) => target)
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return folder
}
