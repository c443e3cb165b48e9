// The installed package in one file with an application, as bundlers make it: the file runs in a folder that has nothing
// else than the addon.
import assert from 'node:assert'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { addonName } from '../../scripts/lib/platforms.mjs'
import { install, packBoth, platform, root, succeed, temporaryFolder } from './packed.mjs'

const require = createRequire(import.meta.url)

/**
 * Each makes `folder`/app.js of the file `app`.
 * @type {Record<string, (app: string, folder: string, project: string) => Promise<unknown>>}
 */
const bundlers = {
  async esbuild(app, folder) {
    await require('esbuild').build({
      entryPoints: { app },
      outdir: folder,
      bundle: true,
      platform: 'node',
      loader: { '.node': 'copy' }
    })
  },

  async webpack(app, folder) {
    const stats = await promisify(require('webpack'))({
      mode: 'production',
      target: 'node',
      entry: app,
      output: { path: folder, filename: 'app.js' },
      module: { rules: [{ test: /\.node$/, loader: require.resolve('node-loader') }] }
    })
    assert.deepStrictEqual(stats.toJson({ errors: true }).errors, [])
  },

  async rollup(app, folder, project) {
    const { rollup } = require('rollup')
    const plugins = [require('@rollup/plugin-node-resolve').default(), require('@rollup/plugin-commonjs').default()]
    const bundle = await rollup({ input: app, plugins, external: [/^node:/, /\.node$/] })
    await bundle.write({ file: path.join(folder, 'app.js'), format: 'cjs' })
    await bundle.close()
    // Rollup leaves the addon's path as it is, and copying is the user's.
    const addon = path.join(project, `node_modules/@rs-child-process/binding-${platform}`, addonName(platform))
    fs.copyFileSync(addon, path.join(folder, addonName(platform)))
  },

  async ncc(app, folder) {
    const { code, assets } = await require('@vercel/ncc')(app, { quiet: true, cache: false })
    fs.writeFileSync(path.join(folder, 'app.js'), code)
    for (const [name, { source }] of Object.entries(assets)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      fs.writeFileSync(path.join(folder, name), source)
    }
  }
}

describe('an application and this package in one file', () => {
  let project
  before(async () => {
    const packed = await packBoth()
    project = install(packed.main.tarball, packed.native.tarball)
    fs.copyFileSync(path.join(root, '__test__/package/fixtures/bundled.cjs'), path.join(project, 'app.js'))
  })

  for (const [name, bundle] of Object.entries(bundlers)) {
    test(`made by ${name}, runs`, async () => {
      const folder = temporaryFolder()
      await bundle(path.join(project, 'app.js'), folder, project)
      assert.strictEqual(succeed(process.execPath, ['app.js'], { cwd: folder }), 'hello\n')
      const copies = fs.readdirSync(folder, { recursive: true }).filter(file => file.endsWith('.node'))
      assert.strictEqual(copies.length, 1, 'one addon is beside it')
    })
  }
})
