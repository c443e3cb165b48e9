/**
 * @typedef {object} Platform
 * @property {string} name as in npm/ and in the package's name
 * @property {string} target the Rust target
 * @property {string} [zig] the target that cargo-zigbuild gets, with the oldest glibc that the addon has to run on
 * @property {string} [library] the file that cargo makes; none where the addon cannot be linked on Linux
 */

const library = 'librs_child_process.so'

/** @type {Platform[]} those of "napi.targets" in package.json, in their order */
export const platforms = [
  { name: 'linux-x64-gnu', target: 'x86_64-unknown-linux-gnu', zig: 'x86_64-unknown-linux-gnu.2.17', library },
  { name: 'linux-x64-musl', target: 'x86_64-unknown-linux-musl', zig: 'x86_64-unknown-linux-musl', library },
  { name: 'linux-arm64-gnu', target: 'aarch64-unknown-linux-gnu', zig: 'aarch64-unknown-linux-gnu.2.17', library },
  { name: 'linux-arm64-musl', target: 'aarch64-unknown-linux-musl', zig: 'aarch64-unknown-linux-musl', library },
  { name: 'darwin-x64', target: 'x86_64-apple-darwin' },
  { name: 'darwin-arm64', target: 'aarch64-apple-darwin' },
  { name: 'win32-x64-msvc', target: 'x86_64-pc-windows-msvc' },
  { name: 'win32-arm64-msvc', target: 'aarch64-pc-windows-msvc' }
]

/** Those whose addon works. The others have a folder in npm/, but a package that only throws is not published. */
export const published = platforms.filter(platform => platform.library !== undefined)

/** The addon's file name on a platform, which binding.js looks for. */
export const addonName = name => `rs-child-process.${name}.node`
