'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { describe, it } = require('node:test')
const { implementations } = require('../helpers/parity')
const { closed, text } = require('../helpers/record')

for (const [name, { spawn }] of implementations) {
  describe(`'close' of a child of ${name}`, { timeout: 120_000 }, () => {
    it('comes though nobody reads the output', async () => {
      assert.deepEqual(await closed(spawn('sh', ['-c', 'echo x; echo y >&2'])), [0, null])
    })

    it('comes after a single read()', async () => {
      const child = spawn('echo', ['x'])
      child.stdout.once('readable', () => child.stdout.read())
      assert.deepEqual(await closed(child), [0, null])
    })

    it('waits for a reader who starts in the listener of exit', async () => {
      const child = spawn('echo', ['x'])
      const output = await new Promise(resolve => child.on('exit', () => resolve(text(child.stdout))))
      assert.equal(output, 'x\n')
    })

    it('waits for a reader who has paused', async () => {
      const child = spawn('echo', ['x'])
      child.stdout.pause()
      let output = ''
      child.on('exit', () => child.stdout.on('data', data => (output += data)).resume())
      await closed(child)
      assert.equal(output, 'x\n')
    })

    it('comes once, after the end of every stream', async () => {
      const child = spawn('sh', ['-c', 'echo x >&3'], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] })
      const ended = []
      for (const stream of child.stdio.slice(1)) stream.on('end', () => ended.push(child.stdio.indexOf(stream)))
      let count = 0
      child.on('close', () => {
        count++
        assert.deepEqual(ended.toSorted(), [1, 2, 3])
      })
      await closed(child)
      assert.equal(count, 1)
    })

    it('destroys stdin at exit', async () => {
      const child = spawn('true')
      await once(child, 'exit')
      assert.equal(child.stdin.destroyed, true)
    })
  })
}
