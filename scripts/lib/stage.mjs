import fs from 'node:fs'
import path from 'node:path'
import { published } from './platforms.mjs'
import { root } from './run.mjs'

/** A doc comment on lines of its own, with no code behind it. The types in it serve the checks here; users have index.d.ts. */
const docComment = /^[ \t]*\/\*\*(?:(?!\*\/).)*\*\/\n/gms

/** What package.json has for work on the package only. `private` keeps anything but the stage from being published. */
const ofTheRepository = ['private', 'scripts', 'devDependencies']

/** @param {string} from @param {string} to */
function copy(from, to) {
  if (fs.statSync(from).isDirectory()) {
    for (const name of fs.readdirSync(from)) copy(path.join(from, name), path.join(to, name))
    return
  }
  // What the JSDoc in lib/ refers to.
  if (path.basename(from) === 'types.d.ts') return
  fs.mkdirSync(path.dirname(to), { recursive: true })
  const text = fs.readFileSync(from, 'utf8')
  fs.writeFileSync(to, /\.m?js$/.test(from) ? text.replaceAll(docComment, '') : text)
}

/**
 * Makes the main package as it is published: without doc comments, which would be a third of it, and without what is
 * only for work on it.
 * @param {string} [folder] default: target/package
 * @returns {string} the folder
 */
export function stage(folder = path.join(root, 'target/package')) {
  fs.rmSync(folder, { recursive: true, force: true })
  const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  for (const name of [...manifest.files, 'README.md', 'LICENSE']) copy(path.join(root, name), path.join(folder, name))
  for (const key of ofTheRepository) delete manifest[key]
  // napi publishes a package for each of these, and makes the main package ask for it.
  manifest.napi.targets = published.map(({ target }) => target)
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return folder
}
