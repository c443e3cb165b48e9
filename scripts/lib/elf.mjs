import { output } from './run.mjs'
import { Complaint } from './complaint.mjs'

const newestGlibc = '2.17'
const largestAddon = 1_500_000

const asNumber = version => Number(version.split('.')[1])

/** @returns {string | undefined} the newest version of glibc that an addon asks for, as in "2.17"; none for musl */
export function glibcOf(file) {
  const symbols = output('readelf', ['--version-info', '--wide', file])
  if (symbols === undefined) throw new Complaint('readelf was not found (Debian: apt-get install binutils)')
  const versions = [...symbols.matchAll(/GLIBC_(2\.\d+)/g)].map(([, version]) => version)
  return versions.toSorted((a, b) => asNumber(b) - asNumber(a))[0]
}

/**
 * Complains about an addon that would not load on the oldest system that it is for, or is too large.
 * @param {string} file
 * @param {string} name the platform's
 * @param {number} size bytes
 * @returns {string} what was found, in words
 */
export function checkAddon(file, name, size) {
  if (size > largestAddon) throw new Complaint(`${file} has ${size} bytes, more than ${largestAddon}`)
  const glibc = glibcOf(file)
  if (name.endsWith('musl') && glibc !== undefined) throw new Complaint(`${file} is for musl and needs glibc ${glibc}`)
  if (name.endsWith('gnu') && asNumber(glibc ?? '2.99') > asNumber(newestGlibc)) {
    throw new Complaint(`${file} needs glibc ${glibc}, more than ${newestGlibc}`)
  }
  return `${(size / 1000).toFixed(0)} kB${glibc === undefined ? '' : `, glibc ${glibc}`}`
}
