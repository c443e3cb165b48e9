'use strict'

// maxBuffer counts bytes of what has been decoded, and cuts characters. Random output in one write, which is one chunk in
// Node, is held against Node's result, around the limit and in every encoding.

const assert = require('node:assert/strict')
const { describe, it } = require('node:test')
const { fingerprint, implementations, node, ours } = require('../helpers/parity')
const { marker } = require('../helpers/marker')
const { random } = require('../helpers/random')

const pieces = [
  [0x61],
  [0xc3, 0xa9],
  [0xe6, 0xbc, 0xa2],
  [0xf0, 0x9f, 0x98, 0x80],
  [0xff],
  [0xe6, 0xbc],
  [0xef, 0xbb, 0xbf],
  [0]
]
const encodings = [
  undefined,
  'utf8',
  'UTF-8',
  'latin1',
  'ascii',
  'utf16le',
  'base64',
  'base64url',
  'hex',
  'buffer',
  null
]

/** @param {(n: number) => number} below */
function output(below) {
  const bytes = []
  for (let i = below(12); i > 0; i--) bytes.push(...pieces[below(pieces.length)])
  return bytes
}

const octal = bytes => bytes.map(byte => `\\0${byte.toString(8).padStart(3, '0')}`).join('')

function outcome(cp, script, options, prepare = () => {}) {
  return new Promise(resolve => {
    const child = cp.execFile('/bin/sh', ['-c', script], options, (error, stdout, stderr) => {
      resolve({ error: error && fingerprint(error), stdout, stderr })
    })
    prepare(child)
  })
}

describe('maxBuffer', { timeout: 120_000 }, () => {
  const first = Number(process.env.LIMITS_SEED ?? Date.now() % 1e6)
  it(`cuts where Node cuts (LIMITS_SEED=${first})`, async () => {
    for (let seed = first; seed < first + 80; seed++) {
      const below = random(seed)
      const bytes = output(below)
      const stream = 1 + below(2)
      const encoding = encodings[below(encodings.length)]
      const maxBuffer = Math.max(0, bytes.length * (1 + below(3)) - below(8) + 2)
      // The shell ends by itself: how a killed one ended would be a race.
      const script = `trap '' TERM; printf '%b' '${octal(bytes)}' >&${stream}`
      const options = { maxBuffer, ...(encoding === undefined ? {} : { encoding }) }
      const label = `LIMITS_SEED=${seed}: ${JSON.stringify(options)}, ${bytes}`
      assert.deepEqual(await outcome(ours, script, options), await outcome(node, script, options), label)
    }
  })

  for (const [name, cp] of implementations) {
    it(`counts what the end makes of a character that was cut, in ${name}`, async () => {
      const { error, stdout } = await outcome(cp, "trap '' TERM; printf '\\360\\237\\230\\200\\346\\274'", {
        maxBuffer: 6
      })
      assert.deepEqual([error?.code, stdout], ['ERR_CHILD_PROCESS_STDIO_MAXBUFFER', '😀\ufffd'])
    })

    it(`keeps all that came before the chunk that exceeds it, in ${name}`, async () => {
      const { env, seen } = marker()
      const script = `trap '' TERM; printf éééé; : >$MARKER; read line; printf ßßßß`
      const result = outcome(cp, script, { env, maxBuffer: 10 }, async child => {
        await seen()
        child.stdin.end('go\n')
      })
      const { error, stdout } = await result
      assert.equal(error.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
      // Two bytes are left of the limit, and so two characters come.
      assert.equal(stdout, 'ééééßß')
    })

    it(`ends a child that floods, in ${name}`, async () => {
      const { error, stdout } = await outcome(cp, 'exec cat /dev/zero', { maxBuffer: 3_000_000, encoding: 'latin1' })
      assert.equal(error.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
      assert.equal(stdout.length, 3_000_000)
    })

    it(`gives what came before a timeout, in ${name}`, async () => {
      // Longer where a busy machine has not got round to the child.
      let timeout = 250
      const attempt = () => outcome(cp, 'printf "a\\346"; exec sleep 60', { timeout })
      let { error, stdout } = await attempt()
      while (stdout === '' && (timeout *= 4) < 20_000) ({ error, stdout } = await attempt())
      assert.deepEqual([error.properties.killed, error.properties.signal, stdout], [true, 'SIGTERM', 'a'])
    })
  }

  it('gives an error where the text is longer than a string can be', async () => {
    // Node throws a RangeError that nobody can catch.
    const { error, stdout } = await outcome(ours, 'head -c 540000000 /dev/zero', { maxBuffer: Infinity })
    assert.deepEqual([error.code, stdout], ['ERR_STRING_TOO_LONG', ''])
  })
})
