// `npm run npm-packages`: writes npm/ again, after a change of the version, the targets or the engines in package.json.
import { writePackages } from './lib/npm-packages.mjs'
import { withSetup } from './setup.mjs'

await withSetup(writePackages, { build: false })
