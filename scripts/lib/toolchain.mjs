import fs from 'node:fs'
import path from 'node:path'
import { Complaint } from './complaint.mjs'
import { mustRun, output, root } from './run.mjs'

/** Where what the cross builds need is kept: below target/, so that `cargo clean` removes it. */
const tools = path.join(root, 'target/tools')
const targetFolder = path.join(root, 'target/cross')

/** @returns {string} the folder of cargo-zigbuild, installed from PyPI at first need */
function zigbuildFolder() {
  const folder = path.join(tools, 'zig')
  const bin = path.join(folder, 'bin')
  if (fs.existsSync(path.join(bin, 'cargo-zigbuild'))) return bin
  if (output('python3', ['-c', 'import venv, ensurepip']) === undefined) {
    throw new Complaint('the cross builds need python3 with venv (Debian: apt-get install python3-venv)')
  }
  mustRun('python3', ['-m', 'venv', folder])
  mustRun(path.join(bin, 'pip'), ['install', '--quiet', 'cargo-zigbuild==0.24.0', 'ziglang==0.17.0'])
  return bin
}

/** Whether the Rust in PATH has a standard library for the target. */
function hasStd(target) {
  const folder = output('rustc', ['--print=target-libdir', `--target=${target}`])
  return (
    folder !== undefined && fs.existsSync(folder) && fs.readdirSync(folder).some(name => name.startsWith('libstd-'))
  )
}

/** Whether Debian's Rust is there with its own source, so that it can build a standard library for any target. */
function debianHasSource() {
  const sysroot = output('/usr/bin/rustc', ['--print=sysroot'])
  return sysroot !== undefined && fs.existsSync(path.join(sysroot, 'lib/rustlib/src/rust/library/Cargo.lock'))
}

/**
 * What to run for a target: the Rust in PATH if it knows the target, else Debian's with `-Zbuild-std`.
 * @param {string} target
 * @returns {{ cargo: string, args: string[], env: NodeJS.ProcessEnv } | undefined} undefined if neither can
 */
export function toolchain(target) {
  const env = { CARGO_TARGET_DIR: targetFolder, LIBNODE_PATH: libnode() }
  if (hasStd(target)) return { cargo: 'cargo', args: [], env }
  if (!debianHasSource()) return undefined
  const debian = {
    CARGO: '/usr/bin/cargo',
    RUSTC: '/usr/bin/rustc',
    RUSTC_BOOTSTRAP: '1',
    PATH: `/usr/bin:${process.env.PATH}`
  }
  return { cargo: '/usr/bin/cargo', args: ['-Zbuild-std=std,panic_unwind,panic_abort'], env: { ...env, ...debian } }
}

/** How to get what `toolchain()` did not find. */
export const remedy = target =>
  `rustup target add ${target}, or on Debian: apt-get install rustc-web cargo-web rust-web-src`

// napi-build wants to see Node's library when the target is Windows; what is in it does not matter (`dyn-symbols`).
function libnode() {
  const folder = path.join(tools, 'libnode')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'libnode.dll'), '')
  return folder
}

/**
 * Builds a platform's addon with zig as the linker.
 * @param {import('./platforms.mjs').Platform} platform
 * @param {NonNullable<ReturnType<typeof toolchain>>} chosen
 * @returns {string} the file
 */
export function buildWithZig({ target, zig, library }, { args, env }) {
  // A static musl cannot load addons, and what is loaded into a process must share its libc.
  const RUSTFLAGS = target.endsWith('musl') ? '-Ctarget-feature=-crt-static' : ''
  const PATH = `${zigbuildFolder()}:${env.PATH ?? process.env.PATH}`
  mustRun('cargo-zigbuild', ['zigbuild', '--release', '--lib', `--target=${zig}`, ...args], {
    env: { ...env, PATH, RUSTFLAGS }
  })
  return path.join(targetFolder, target, 'release', library ?? '')
}

/**
 * Checks that the crate compiles for a platform that it cannot be linked for here.
 * @param {import('./platforms.mjs').Platform} platform
 * @param {NonNullable<ReturnType<typeof toolchain>>} chosen
 */
export function check({ target }, { cargo, args, env }) {
  // A standard library that is built from source is only read here, so that its machine code would be made for nothing.
  const RUSTFLAGS = env.RUSTC_BOOTSTRAP === undefined ? '' : '-Zno-codegen'
  mustRun(cargo, ['check', '--lib', `--target=${target}`, ...args], { env: { ...env, RUSTFLAGS } })
}
