import assert from 'node:assert'
import { writeFileSync } from 'node:fs'
import { simpleGit } from 'simple-git'

const git = simpleGit({ baseDir: process.cwd(), config: ['user.name=Tester', 'user.email=tester@example.org'] })
await git.init()
for (const [file, content] of [
  ['first.txt', 'one\n'],
  ['a ü.txt', 'two\n']
]) {
  writeFileSync(file, content)
  await git.add(file)
  await git.commit(`Add ${file}`)
}
assert.deepStrictEqual(
  (await git.log()).all.map(({ message }) => message),
  ['Add a ü.txt', 'Add first.txt']
)

writeFileSync('first.txt', 'changed\n')
assert.deepStrictEqual((await git.status()).modified, ['first.txt'])
assert.match(await git.diff(), /-one\n\+changed/)
await git.checkoutLocalBranch('side')
assert.strictEqual((await git.branch()).current, 'side')
await assert.rejects(git.checkout('no-such-branch'), /pathspec 'no-such-branch'/)
console.log('done')
