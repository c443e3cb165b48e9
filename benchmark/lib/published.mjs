import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { addonName, platforms } from '../../scripts/lib/platforms.mjs'
import { stage } from '../../scripts/lib/stage.mjs'
import { root } from './contenders.mjs'

/**
 * The package as npm would install it, with the addon in a package of its own.
 * @param {string} directory a package that has been built; another one than this repository is taken as it is
 * @returns {Promise<string>} the folder of the main package
 */
export const stageWithAddon = async directory => {
  if (join(directory, '.') !== join(root, '.')) return directory
  const modules = join(root, 'target/benchmark/node_modules')
  rmSync(modules, { recursive: true, force: true })
  const main = await stage(join(modules, 'rs-child-process'))
  for (const { name } of platforms.filter(platform => readdirSync(root).includes(addonName(platform.name)))) {
    const folder = join(modules, '@rs-child-process', `binding-${name}`)
    mkdirSync(folder, { recursive: true })
    cpSync(join(root, 'npm', name, 'package.json'), join(folder, 'package.json'))
    cpSync(join(root, addonName(name)), join(folder, addonName(name)))
  }
  return main
}
