import assert from 'node:assert'
import { x } from 'tinyexec'

const result = await x('sh', ['-c', 'echo out; echo err >&2; exit 4'])
assert.deepStrictEqual([result.stdout, result.stderr, result.exitCode], ['out\n', 'err\n', 4])
await assert.rejects(async () => await x('false', [], { throwOnError: true }), { exitCode: 1 })

const piped = await x('printf', ['b\\na\\n']).pipe('sort')
assert.strictEqual(piped.stdout, 'a\nb\n')

const lines = []
for await (const line of x('printf', ['one\\ntwo\\n'])) lines.push(line)
assert.deepStrictEqual(lines, ['one', 'two'])

const endless = x('sleep', ['60'])
assert.ok(endless.pid > 0)
endless.kill('SIGKILL')
await endless
assert.strictEqual(endless.killed, true)

await assert.rejects(async () => await x('no-such-command-at-all'), { code: 'ENOENT' })
console.log('done')
