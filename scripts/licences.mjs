// `npm run licences`: writes npm/LICENSE.third-party.md, the licences of the crates that are linked into the addon, which
// goes into the platform packages. With --check: fails if the file is not what would be written.
import fs from 'node:fs'
import path from 'node:path'
import { output, root } from './lib/run.mjs'

const file = path.join(root, 'npm/LICENSE.third-party.md')

/** Where a crate's licence is found; the first that exists. MIT comes first: all but a few crates offer it. */
const names = ['LICENSE-MIT', 'LICENSE-MIT.txt', 'LICENSE', 'LICENSE.md', 'LICENSE.txt', 'COPYING', 'UNLICENSE']

/** The crates that end up in the addon: not those of the tests, the build script and the macros. */
function linkedCrates() {
  const target = 'x86_64-unknown-linux-gnu'
  const text = output('cargo', ['metadata', '--format-version=1', '--locked', `--filter-platform=${target}`])
  const { packages, resolve } = JSON.parse(text ?? '')
  const byId = new Map(packages.map(crate => [crate.id, crate]))
  const nodes = new Map(resolve.nodes.map(node => [node.id, node]))
  const found = new Set()
  const visit = id => {
    const isMacro = byId.get(id).targets.some(({ kind }) => kind.includes('proc-macro'))
    if (found.has(id) || isMacro) return
    found.add(id)
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      if (kinds.some(({ kind }) => kind === null)) visit(pkg)
    }
  }
  visit(resolve.root)
  found.delete(resolve.root)
  return [...found].map(id => byId.get(id)).toSorted((a, b) => a.name.localeCompare(b.name))
}

function licenceText(crate) {
  const folder = path.dirname(crate.manifest_path)
  const name = names.find(candidate => fs.existsSync(path.join(folder, candidate)))
  return name === undefined ? undefined : fs.readFileSync(path.join(folder, name), 'utf8').trim()
}

function document() {
  /** @type {Map<string, string[]>} the crates of each text, as many share one */
  const texts = new Map()
  for (const crate of linkedCrates()) {
    const title = `${crate.name} ${crate.version} (${crate.license})`
    const text =
      licenceText(crate) ?? `No licence file in the crate. Authors: ${crate.authors.join(', ') || 'not named'}.`
    texts.set(text, [...(texts.get(text) ?? []), title])
  }
  const sections = [...texts].map(([text, titles]) => `## ${titles.join(', ')}\n\n\`\`\`\`\n${text}\n\`\`\`\`\n`)
  return [
    '# Licences of what is linked into the addon\n',
    'The addon contains code of the Rust standard library (MIT OR Apache-2.0) and of these crates. Written by',
    '`npm run licences`; where a crate offers several licences, the text of one is given.\n',
    ...sections
  ].join('\n')
}

const text = document()
if (!process.argv.includes('--check')) fs.writeFileSync(file, text)
else if (fs.readFileSync(file, 'utf8') !== text) {
  console.error('LICENSE.third-party.md is stale: npm run licences')
  process.exitCode = 1
}
