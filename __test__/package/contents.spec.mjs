// What is published: the files, their sizes, and the manifests.
import assert from 'node:assert'
import fs from 'node:fs'
import path from 'node:path'
import { before, describe, test } from 'node:test'
import { addonName, platforms, published } from '../../scripts/lib/platforms.mjs'
import { packBoth, platform, root, run, succeed } from './packed.mjs'

const snapshot = path.join(root, '__test__/package/files.json')
const readJson = file => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'))

describe('the packages', () => {
  let packed
  before(async () => {
    packed = await packBoth()
  })

  test('have the files of files.json (UPDATE=1 npm run test:js -- package/contents writes it)', () => {
    const native = packed.native.files.map(file => file.replace(platform, 'PLATFORM'))
    const files = { main: packed.main.files, native }
    if (process.env.UPDATE === '1') fs.writeFileSync(snapshot, `${JSON.stringify(files, null, 2)}\n`)
    assert.deepStrictEqual(files, readJson('__test__/package/files.json'))
  })

  test('are small: the addon has at most 1.5 MB, the main package unpacks to at most 350 kB, a third of it source maps', () => {
    assert.ok(packed.addonSize <= 1_500_000, `addon: ${packed.addonSize} bytes`)
    assert.ok(packed.main.unpackedSize <= 350_000, `main package: ${packed.main.unpackedSize} bytes`)
  })

  test('pass publint --strict', () => {
    succeed('npx', ['--no-install', 'publint', '--strict', packed.main.tarball])
  })

  test('have types that every kind of import finds, say those of are-the-types-wrong', () => {
    succeed('npx', ['--no-install', 'attw', '--no-emoji', packed.main.tarball])
  })
})

describe('npm/', () => {
  const manifest = readJson('package.json')

  test('has a package for each target, and no other', () => {
    const folders = fs.readdirSync(path.join(root, 'npm')).filter(name => !name.includes('.'))
    assert.deepStrictEqual(folders.toSorted(), platforms.map(({ name }) => name).toSorted())
    assert.deepStrictEqual(
      platforms.map(({ target }) => target),
      manifest.napi.targets
    )
  })

  test('the loader looks for those that are published', () => {
    const loader = fs.readFileSync(path.join(root, 'binding.js'), 'utf8')
    const looksFor = [...loader.matchAll(/require\('([.@][^']*(?:node|binding-[^']*))'\)/g)].map(match => match[1])
    const names = published.flatMap(({ name }) => [`./${addonName(name)}`, `${manifest.napi.packageName}-${name}`])
    assert.deepStrictEqual(looksFor.toSorted(), names.toSorted())
  })

  for (const { name } of platforms) {
    test(`${name} fits the main package and its platform`, () => {
      const { version, engines, license, os, cpu, libc, main, files, ...rest } = readJson(`npm/${name}/package.json`)
      const [system, processor, abi] = name.split('-')
      assert.strictEqual(rest.name, `${manifest.napi.packageName}-${name}`)
      // npm leaves an optional package out, without a word, if its engines do not fit.
      assert.deepStrictEqual([version, engines, license], [manifest.version, manifest.engines, manifest.license])
      assert.deepStrictEqual([os, cpu], [[system], [processor]])
      assert.deepStrictEqual(libc, { gnu: ['glibc'], musl: ['musl'] }[system === 'linux' ? abi : ''])
      assert.deepStrictEqual([main, files], [`rs-child-process.${name}.node`, [`rs-child-process.${name}.node`]])
    })
  }
})

const cargo = run('sh', ['-c', 'command -v cargo'], { env: { PATH: process.env.PATH } }).status === 0
const skip = !cargo && 'needs cargo, which knows what is linked'

test('npm/LICENSE.third-party.md names what is linked into the addon', { skip }, () => {
  succeed(process.execPath, ['scripts/licences.mjs', '--check'], { env: { PATH: process.env.PATH } })
})
