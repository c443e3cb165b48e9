// `npm run release:stage -- FOLDER`: the main package in target/package, and in its npm/ the platform packages with the
// addons from FOLDER, ready for `napi prepublish`. Every platform that is published has to be there.
import fs from 'node:fs'
import path from 'node:path'
import { Complaint } from './lib/complaint.mjs'
import { place } from './lib/npm-packages.mjs'
import { addonName, published } from './lib/platforms.mjs'
import { root } from './lib/run.mjs'
import { stage } from './lib/stage.mjs'
import { withSetup } from './setup.mjs'

await withSetup(
  () => {
    const [from] = process.argv.slice(2)
    if (from === undefined) throw new Complaint('say where the addons are')
    const main = stage()
    for (const { name } of published) {
      const addon = path.resolve(from, addonName(name))
      if (!fs.existsSync(addon)) throw new Complaint(`${addon} is missing`)
      const folder = path.join(main, 'npm', name)
      fs.cpSync(path.join(root, 'npm', name), folder, { recursive: true })
      place(name, addon, folder)
    }
  },
  { build: false }
)
