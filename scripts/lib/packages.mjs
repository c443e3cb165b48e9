import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { mustRun, root } from './run.mjs'

const stamp = path.join(root, 'node_modules/.rs-child-process-setup')

/** What decides which packages are installed: the lock file, and what package.json asks for. */
function wanted() {
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'))
  return crypto.createHash('sha256').update(JSON.stringify(devDependencies)).update(lock).digest('hex')
}

/** Whether node_modules is missing or was made from another lock file. */
export function packagesAreStale() {
  return !fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== wanted()
}

/** Installs what the lock file says. */
export function installPackages() {
  mustRun('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  fs.writeFileSync(stamp, wanted())
}
