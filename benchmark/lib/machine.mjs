import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'

const distribution = () => {
  try {
    return /PRETTY_NAME="?([^"\n]+)/.exec(readFileSync('/etc/os-release', 'utf8'))[1]
  } catch {
    return os.platform()
  }
}

const libc = () => {
  try {
    return execFileSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown libc'
  }
}

const commit = () => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return undefined
  }
}

/** What a reader needs to know to judge the figures. */
export const describeMachine = () => ({
  date: new Date().toISOString().slice(0, 10),
  cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
  cores: os.availableParallelism(),
  memory: `${(os.totalmem() / 2 ** 30).toFixed(0)} GB`,
  system: `${distribution()}, kernel ${os.release()}, ${libc()}`,
  node: process.versions.node,
  libuv: process.versions.uv,
  commit: commit(),
  load: Number(os.loadavg()[0].toFixed(2))
})
