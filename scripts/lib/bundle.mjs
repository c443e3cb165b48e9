// lib/ as it is published: one file, because most of what require() of the package took was finding and reading thirty; and
// beside it what few processes need, the channel and the register. A module that has a state is in one of the three only.
import fs from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { root } from './run.mjs'

const channel = 'lib/ipc/channel.js'
const register = 'lib/register/register.js'

/** Files of their own in the package too. */
const separate = ['binding.js', 'lib/load-error.js', 'lib/register/esm-hooks.mjs', 'register.js']

/**
 * @param {string} outfile
 * @param {string} contents of the entry, which has its requires from the root of the repository
 * @param {Record<string, string>} replaced modules with the text that they have here instead. What that text requires by
 *   `published:` is a path at run time, as seen from `outfile`.
 * @param {{ before?: string, behind?: string }} [frame] text around all that
 * @returns {Promise<string[]>} the repository's files in it
 */
async function bundle(outfile, contents, replaced, { before = '', behind = '' } = {}) {
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: root, sourcefile: 'published.js' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.6',
    // A stack trace needs the lines, and the repository has the sources.
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    banner: { js: before },
    footer: { js: behind },
    plugins: [
      {
        name: 'replaced modules',
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^published:/ }, ({ path: request }) => ({
            path: request.replace('published:', ''),
            external: true
          }))
          onResolve({ filter: /^\.\.?\// }, ({ path: request, resolveDir, namespace, kind }) => {
            // The register, which is where it is in the repository, only wants the path.
            if (kind === 'require-resolve') return { path: request, external: true }
            const file = path.relative(root, path.join(resolveDir, path.extname(request) ? request : `${request}.js`))
            if (namespace === 'replaced' || !Object.hasOwn(replaced, file)) return
            return { path: file, namespace: 'replaced' }
          })
          onLoad({ filter: /./, namespace: 'replaced' }, ({ path: file }) => ({
            contents: replaced[file],
            resolveDir: root
          }))
        }
      }
    ]
  })
  return Object.keys(metafile.inputs).filter(file => file.startsWith('lib/'))
}

/** What `import { spawn } from 'rs-child-process'` can name: Node finds it by reading the file, not by running it. */
function exportsForImport() {
  const index = fs.readFileSync(path.join(root, 'index.js'), 'utf8')
  const names = [...index.matchAll(/^ *exports\.(\w+) = /gm)].map(([, name]) => name)
  return `0 && (module.exports = { ${names.join(', ')} })`
}

/**
 * Writes what is published of lib/, index.js, binding.js and register.js.
 * @param {string} folder
 */
export async function bundleLibrary(folder) {
  for (const file of separate) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    fs.copyFileSync(path.join(root, file), path.join(folder, file))
  }

  const main = path.join(folder, 'index.js')
  const addon = "module.exports = require('published:./binding.js')"
  // The register gives out the objects through which this very copy starts children.
  const entry = "module.exports = require('./index.js')\nfile.seams = () => require('./lib/seams.js')"
  const frame = { before: 'const file = module', behind: exportsForImport() }
  const inMain = await bundle(main, entry, { 'binding.js': addon, [channel]: '' }, frame)

  // The channel gets the modules that it shares with the main file from there.
  const shared = Object.fromEntries(inMain.map(file => [file, `module.exports = shared['${file}']`]))
  await bundle(path.join(folder, 'lib/channel.js'), `module.exports = require('./${channel}')`, shared, {
    before: 'module.exports = shared => {\nconst module = { exports: {} }',
    behind: 'return module.exports\n}'
  })
  const given = inMain.map(file => `'${file}': require('./${file}')`)
  const loadChannel = `module.exports = require('published:./lib/channel.js')({ ${given.join(', ')} })`
  await bundle(main, entry, { 'binding.js': addon, [channel]: loadChannel }, frame)

  await bundle(path.join(folder, register), `module.exports = require('./${register}')`, {
    'binding.js': "module.exports = require('published:../../binding.js')",
    'lib/seams.js':
      "const index = require.resolve('published:../../index.js')\n" +
      "require('published:../../index.js')\nmodule.exports = require.cache[index].seams()"
  })
}
