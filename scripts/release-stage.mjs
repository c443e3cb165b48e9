// `npm run release:stage -- FOLDER`: the main package in target/package, and in its npm/ the platform packages with the
// addons from FOLDER, ready for `napi prepublish`. Every platform that is published has to be there.
import fs from 'node:fs'
import path from 'node:path'
import { Complaint } from './lib/complaint.mjs'
import { place } from './lib/npm-packages.mjs'
import { addonName, published } from './lib/platforms.mjs'
import { publishConfig, refusePlaceholders } from './lib/release.mjs'
import { root } from './lib/run.mjs'
import { stage } from './lib/stage.mjs'
import { withSetup } from './setup.mjs'

/** Writes into a package's manifest how it is to be published. @param {string} folder */
function configure(folder) {
  const file = path.join(folder, 'package.json')
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8'))
  manifest.publishConfig = publishConfig(manifest.version)
  fs.writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}

await withSetup(
  async () => {
    const [from] = process.argv.slice(2)
    if (from === undefined) throw new Complaint('say where the addons are')
    const main = await stage()
    const manifest = JSON.parse(fs.readFileSync(path.join(main, 'package.json'), 'utf8'))
    refusePlaceholders(manifest)
    configure(main)
    for (const { name } of published) {
      const addon = path.resolve(from, addonName(name))
      if (!fs.existsSync(addon)) throw new Complaint(`${addon} is missing`)
      const folder = path.join(main, 'npm', name)
      fs.cpSync(path.join(root, 'npm', name), folder, { recursive: true })
      place(name, addon, folder)
      configure(folder)
    }
  },
  { build: false }
)
