import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { mustRun, root } from './run.mjs'

const stamp = path.join(root, 'target/.rs-child-process-setup')

/** @returns {string[]} every file below `folder`, in a fixed order */
function filesBelow(folder) {
  return fs
    .readdirSync(path.join(root, folder), { withFileTypes: true })
    .flatMap(entry => {
      const file = `${folder}/${entry.name}`
      return entry.isDirectory() ? filesBelow(file) : [file]
    })
    .toSorted()
}

/** The addon for this machine, if it has been built. */
function addon() {
  return fs.readdirSync(root).find(name => /^rs-child-process\..*\.node$/.test(name))
}

/** What the addon is made from, and which file came out: a debug build over it shows as well. */
function state() {
  const hash = crypto.createHash('sha256')
  for (const file of ['Cargo.toml', 'Cargo.lock', 'build.rs', ...filesBelow('src')]) {
    hash.update(file).update(fs.readFileSync(path.join(root, file)))
  }
  const { mtimeMs, size } = fs.statSync(path.join(root, addon() ?? ''))
  return `${hash.digest('hex')} ${mtimeMs} ${size}`
}

/** Whether the addon or its types are missing, or not the release build of the sources as they are. */
export function addonIsStale() {
  const built = addon() !== undefined && fs.existsSync(path.join(root, 'binding.d.ts')) && fs.existsSync(stamp)
  return !built || fs.readFileSync(stamp, 'utf8') !== state()
}

/** Builds the addon and its types. */
export function buildAddon() {
  mustRun('npm', ['run', '--silent', 'build'])
  fs.writeFileSync(stamp, state())
}
