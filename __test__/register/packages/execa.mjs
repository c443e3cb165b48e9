import assert from 'node:assert'
import { execPath } from 'node:process'
import { execa, execaNode, execaSync, $ } from 'execa'

const { stdout } = await execa('echo', ['unicorns', 'and more'])
assert.strictEqual(stdout, 'unicorns and more')

const upper = await execa('tr', ['a-z', 'A-Z'], { input: 'quiet\n' })
assert.strictEqual(upper.stdout, 'QUIET')

const piped = await execa('printf', ['3\\n1\\n2\\n']).pipe('sort')
assert.deepStrictEqual(piped.stdout.split('\n'), ['1', '2', '3'])

const lines = []
for await (const line of execa(execPath, ['-e', 'for (let i = 0; i < 3; i++) console.log(i)'])) lines.push(line)
assert.deepStrictEqual(lines, ['0', '1', '2'])

const failure = await execa('sh', ['-c', 'echo out; echo err >&2; exit 3'], { all: true }).catch(error => error)
assert.deepStrictEqual([failure.exitCode, failure.stdout, failure.stderr], [3, 'out', 'err'])
assert.match(failure.message, /Command failed with exit code 3/)

const missing = await execa('no-such-command-at-all').catch(error => error)
assert.strictEqual(missing.code, 'ENOENT')

const late = await execa('sleep', ['60'], { timeout: 50 }).catch(error => error)
assert.deepStrictEqual([late.timedOut, late.signal], [true, 'SIGTERM'])

const controller = new AbortController()
const cancelled = execa('sleep', ['60'], { cancelSignal: controller.signal }).catch(error => error)
controller.abort()
assert.strictEqual((await cancelled).isCanceled, true)

assert.strictEqual(execaSync('echo', ['at once']).stdout, 'at once')
assert.strictEqual((await $`echo ${'one word'} ${2}`).stdout, 'one word 2')

const child = execaNode({ ipc: true })(new URL('../fixtures/echo-messages.mjs', import.meta.url))
await child.sendMessage({ hello: 'child' })
assert.deepStrictEqual(await child.getOneMessage(), { hello: 'child' })
await child
console.log('done')
