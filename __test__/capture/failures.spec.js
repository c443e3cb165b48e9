'use strict'

// Output that could not be gathered to its end must not pass for the whole of it.

const assert = require('node:assert/strict')
const { constants } = require('node:buffer')
const { execFileSync } = require('node:child_process')
const { closeSync, fstatSync, openSync, readdirSync } = require('node:fs')
const { freemem } = require('node:os')
const { describe, it } = require('node:test')
const { native } = require('../../lib/binding')
const { marker } = require('../helpers/marker')
const { ours } = require('../helpers/parity')
const { closed } = require('../helpers/record')

describe('output that cannot be gathered', { timeout: 120_000 }, () => {
  it('for want of memory: an error, with what there is', () => {
    const fixture = require.resolve('../fixtures/little-memory.js')
    const report = JSON.parse(String(execFileSync(process.execPath, [fixture, require.resolve('../..')])))
    const { length, closed: end, ...rest } = report
    assert.deepEqual(rest, {
      message: 'read ENOMEM',
      code: 'ENOMEM',
      errno: -12,
      syscall: 'read',
      cmd: 'head -c 400000000 /dev/zero'
    })
    // What head writes next fails, by the signal or, as output was left unread, with ECONNRESET.
    assert.ok(end[1] === 'SIGPIPE' || end[0] === 1, String(end))
    assert.ok(length > 0 && length < 400_000_000, `${length} bytes`)
  })

  const skip = (constants.MAX_LENGTH > 2 ** 32 || freemem() < 10e9) && 'needs 10 GB, and a Node with small Buffers'
  it('into a Buffer, because it is too long: an error', { skip }, async () => {
    let result
    const options = { maxBuffer: Infinity, encoding: 'buffer' }
    const child = ours.execFile('head', ['-c', String(constants.MAX_LENGTH + 1), '/dev/zero'], options, (...args) => {
      result = args
    })
    assert.deepEqual(await closed(child), [0, null])
    const [{ code, syscall }, stdout] = result
    assert.deepEqual([code, syscall, stdout.length], ['ENOBUFS', 'read', 0])
  })
})

describe('more output than a Buffer can hold', { timeout: 120_000 }, () => {
  const skip = (constants.MAX_LENGTH > 2 ** 32 || freemem() < 10e9) && 'needs 10 GB, and a Node with small Buffers'
  it('is an error, and no exception, when somebody looks at the stream', { skip }, async () => {
    const { env, seen } = marker()
    const descriptors = () => readdirSync('/proc/self/fd').length
    const before = descriptors()
    const bytes = constants.MAX_LENGTH + 4 * 2 ** 20
    const options = { maxBuffer: Infinity, encoding: 'buffer', env }
    let result
    const command = `head -c ${bytes} /dev/zero; touch "$MARKER"; sleep 60`
    const child = ours.exec(command, options, (...args) => (result = args))
    await seen()
    const { stdout } = child
    assert.deepEqual([stdout.destroyed, stdout.readable], [true, false])
    child.kill()
    await closed(child)
    assert.deepEqual([result[0].code, result[0].syscall, result[1].length], ['ENOBUFS', 'read', 0])
    // Those that the runtime keeps are not there before.
    assert.ok(descriptors() <= before + 3, `${descriptors()} descriptors, ${before} before`)
  })
})

describe('a pipe that cannot be watched', () => {
  it('is given back', () => {
    // epoll does not take a file.
    const fd = openSync(__filename)
    const end = new native.PipeEnd(fd)
    assert.ok(end.gather(Infinity, false) < 0)
    assert.ok(end.gather(Infinity, false) < 0)
    const taken = end.take()
    assert.equal(taken.fd, fd)
    assert.ok(fstatSync(fd).isFile())
    closeSync(fd)
  })

  it('lets an exception through that was thrown inside its context', () => {
    const end = new native.PipeEnd(-1)
    const error = new Error('by hand')
    const run = () =>
      end.run(() => {
        throw error
      })
    for (const prepare of [() => {}, () => end.close()]) {
      prepare()
      assert.throws(run, thrown => thrown === error)
    }
  })
})
