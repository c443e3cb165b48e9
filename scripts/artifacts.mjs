// `npm run artifacts [-- NAME…]`: builds the addon of each platform that this machine has the tools for and puts it into
// its package in npm/, after a check of its size and of the glibc it needs. The platforms that can't be linked here are
// compiled as far as `cargo check` goes. With names, only those platforms, and then each has to succeed, as with `--all`:
// without either, a platform that Rust lacks is only reported.
import fs from 'node:fs'
import path from 'node:path'
import { Complaint } from './lib/complaint.mjs'
import { checkAddon } from './lib/elf.mjs'
import { place } from './lib/npm-packages.mjs'
import { platforms } from './lib/platforms.mjs'
import { root } from './lib/run.mjs'
import { buildWithZig, check, remedy, toolchain } from './lib/toolchain.mjs'
import { withSetup } from './setup.mjs'

function make(platform, required) {
  const chosen = toolchain(platform.target)
  if (chosen === undefined) {
    if (required) throw new Complaint(`no Rust here for ${platform.name}: ${remedy(platform.target)}`)
    return `not built (${remedy(platform.target)})`
  }
  if (platform.zig === undefined) {
    check(platform, chosen)
    return 'cargo check passed; linking needs the platform itself'
  }
  const file = buildWithZig(platform, chosen)
  const found = checkAddon(file, platform.name, fs.statSync(file).size)
  return `${path.relative(root, place(platform.name, file))}: ${found}`
}

await withSetup(
  () => {
    const all = process.argv[2] === '--all'
    const names = all ? platforms.map(({ name }) => name) : process.argv.slice(2)
    const unknown = names.find(name => platforms.every(platform => platform.name !== name))
    if (unknown)
      throw new Complaint(`no platform ${unknown}; there are: ${platforms.map(({ name }) => name).join(', ')}`)
    const wanted = platforms.filter(({ name }) => names.length === 0 || names.includes(name))
    const report = wanted.map(platform => {
      console.log(`\n▶ ${platform.name}`)
      return `${platform.name}: ${make(platform, names.length > 0)}`
    })
    console.log(`\n${report.join('\n')}`)
  },
  { build: false }
)
