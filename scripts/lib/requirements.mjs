import fs from 'node:fs'
import path from 'node:path'
import { Complaint } from './complaint.mjs'
import { output, root } from './run.mjs'

const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))

/** @param {string} version as in "1.88" or "1.95.0" */
const minor = version => Number(version.split('.')[1])

/** Refuses a Node that package.json does not allow. */
export function checkNode() {
  const needed = manifest.engines.node.replace('>=', '')
  const [major, minor] = needed.split('.').map(Number)
  const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number)
  if (runningMajor < major || (runningMajor === major && runningMinor < minor)) {
    throw new Complaint(`Node ${needed} or newer is needed, this is ${process.version}`)
  }
}

/** @returns {string | undefined} the version of the Rust in use, as in "1.95.0" */
export function rustVersion() {
  return /^rustc (\S+)/.exec(output('rustc', ['--version']) ?? '')?.[1]
}

/** Refuses to go on without a Rust that Cargo.toml allows. */
export function checkCargo() {
  const needed = /^rust-version = "(.*)"/m.exec(fs.readFileSync(path.join(root, 'Cargo.toml'), 'utf8'))?.[1] ?? ''
  const remedy = `install Rust ${needed} or newer, for example from https://rustup.rs`
  if (output('cargo', ['--version']) === undefined) {
    throw new Complaint(`cargo was not found, and the native addon has to be built: ${remedy}`)
  }
  const found = rustVersion() ?? ''
  if (minor(found) < minor(needed)) throw new Complaint(`this is Rust ${found}: ${remedy}`)
}
