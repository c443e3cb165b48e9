import assert from 'node:assert'
import { test } from 'node:test'
import { publishConfig, refusePlaceholders } from '../../scripts/lib/release.mjs'

test('a release is refused as long as a field has a placeholder or is missing, and the field is named', () => {
  const url = 'https://github.com/someone/rs-child-process'
  const complete = { repository: { type: 'git', url: `git+${url}.git` }, homepage: url, bugs: `${url}/issues` }
  refusePlaceholders(complete)
  const open = { ...complete, repository: { type: 'git', url: 'git+https://github.com/OWNER/rs-child-process.git' } }
  assert.throws(() => refusePlaceholders(open), /package\.json: repository must name/)
  assert.throws(() => refusePlaceholders({ ...open, bugs: undefined }), /package\.json: repository, bugs must name/)
})

test('only a release proper gets the tag that npm install takes', () => {
  const tags = ['1.0.0', '1.0.0-beta.2', '1.0.0-rc1', '1.0.0-0', '1.0.0+build-1'].map(
    version => publishConfig(version).tag
  )
  assert.deepStrictEqual(tags, ['latest', 'beta', 'rc', 'next', 'latest'])
})
