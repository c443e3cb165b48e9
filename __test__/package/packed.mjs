import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { place } from '../../scripts/lib/npm-packages.mjs'
import { stage } from '../../scripts/lib/stage.mjs'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The addon that the packages are tested with: the one of `npm run build`, or the one that CI is about to publish. */
const addon = path.resolve(root, process.env.PACKAGE_TEST_ADDON ?? newestAddon())

function newestAddon() {
  const age = file => fs.statSync(path.join(root, file)).mtimeMs
  const addons = fs.readdirSync(root).filter(name => /^rs-child-process\..*\.node$/.test(name))
  return addons.toSorted((a, b) => age(b) - age(a))[0]
}

/** The platform of that addon, as in "linux-x64-gnu". */
export const platform = path.basename(addon).split('.')[1]

/** A folder that is there until this process ends. */
export function temporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-child-process-package-'))
  process.on('exit', () => fs.rmSync(folder, { recursive: true }))
  return folder
}

/** PATH as on a machine without Rust and compilers: only Node's own folder and the basic tools of the system. */
export const plainPath = [path.dirname(process.execPath), '/usr/bin', '/bin'].join(path.delimiter)

/**
 * Runs a command to its end.
 * @returns {{ status: number | null, stdout: string, stderr: string }}
 */
export function run(command, args, { cwd = root, env = {} } = {}) {
  const { error, ...result } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    // What npm tells the scripts that it runs would reach the npm that runs here.
    env: { PATH: plainPath, HOME: process.env.HOME, ...env }
  })
  if (error) throw error
  return result
}

/** As `run()`, but what fails throws, with what it printed. @returns {string} its stdout */
export function succeed(command, args, options) {
  const { status, stdout, stderr } = run(command, args, options)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${status}\n${stdout}${stderr}`)
  return stdout
}

/**
 * Packs a package as npm would publish it.
 * @param {string} folder the package
 * @param {string} to where the tarball goes
 * @returns {{ tarball: string, files: string[], unpackedSize: number }}
 */
function pack(folder, to) {
  const [packed] = Object.values(
    JSON.parse(succeed('npm', ['pack', '--json', '--pack-destination', to], { cwd: folder }))
  )
  const { filename, files, unpackedSize } = packed
  return { tarball: path.join(to, filename), files: files.map(file => file.path).toSorted(), unpackedSize }
}

/** Packs the main package and that of this platform. */
export async function packBoth() {
  const folder = temporaryFolder()
  const platformFolder = path.join(folder, 'platform')
  fs.cpSync(path.join(root, 'npm', platform), platformFolder, { recursive: true })
  place(platform, addon, platformFolder)
  return {
    main: pack(await stage(path.join(folder, 'main')), folder),
    native: pack(platformFolder, folder),
    addonSize: fs.statSync(addon).size
  }
}

/** Makes an empty project and installs tarballs in it, without a registry. */
export function install(...tarballs) {
  const project = temporaryFolder()
  fs.writeFileSync(path.join(project, 'package.json'), '{ "private": true }\n')
  succeed('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], { cwd: project })
  return project
}
