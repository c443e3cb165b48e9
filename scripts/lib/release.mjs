import { Complaint } from './complaint.mjs'

/** What stands in package.json for the owner of the repository until there is one. */
const placeholder = 'github.com/OWNER/'

/**
 * Refuses a manifest with a placeholder: npm compares the repository with the provenance.
 * @param {Record<string, unknown>} manifest
 */
export function refusePlaceholders(manifest) {
  const fields = ['repository', 'homepage', 'bugs'].filter(
    key => manifest[key] === undefined || JSON.stringify(manifest[key]).includes(placeholder)
  )
  if (fields.length === 0) return
  throw new Complaint(`package.json: ${fields.join(', ')} must name the repository, in the place of OWNER`)
}

/**
 * @param {string} version
 * @returns {{ access: string, provenance: boolean, tag: string }} how npm is to publish it. What `npm install` gives, `latest`, is
 *   never a prerelease: `1.0.0-beta.2` has the tag `beta`, `1.0.0-0` has `next`.
 */
export function publishConfig(version) {
  const [, name] = /^[^-+]*-([a-z]*)/i.exec(version) ?? []
  return { access: 'public', provenance: true, tag: name === undefined ? 'latest' : name || 'next' }
}
