import assert from 'node:assert'
import { $, within, cd } from 'zx'

$.quiet = true
const name = 'a file; echo "not a command"'
await $`printf %s ${'some content'} > ${name}`
assert.strictEqual((await $`cat ${name}`).stdout, 'some content')
assert.strictEqual((await $`ls | wc -l`).stdout.trim(), '1')

const failure = await $`echo to stderr >&2; exit 5`.nothrow()
assert.deepStrictEqual([failure.exitCode, failure.stderr], [5, 'to stderr\n'])
await assert.rejects($`exit 6`, { exitCode: 6 })

assert.strictEqual((await $`printf 'x\ny\n'`.pipe($`tac`)).stdout, 'y\nx\n')
assert.strictEqual((await $({ input: 'typed' })`cat`).stdout, 'typed')
assert.strictEqual($.sync`echo at once`.stdout, 'at once\n')

const endless = $`sleep 60`.nothrow()
await endless.kill('SIGTERM')
assert.strictEqual((await endless).signal, 'SIGTERM')

await within(async () => {
  cd('/')
  assert.strictEqual((await $`pwd`).stdout, '/\n')
})

const many = await Promise.all(Array.from({ length: 20 }, (_, i) => $`echo ${i}`))
assert.deepStrictEqual(
  many.map(({ stdout }) => Number(stdout)),
  [...many.keys()]
)
console.log('done')
