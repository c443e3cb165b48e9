'use strict'

// Output that could not be gathered to its end must not pass for the whole of it.

const assert = require('node:assert/strict')
const { constants } = require('node:buffer')
const { execFileSync } = require('node:child_process')
const { closeSync, fstatSync, openSync } = require('node:fs')
const { freemem } = require('node:os')
const { describe, it } = require('node:test')
const { native } = require('../../lib/binding')
const { ours } = require('../helpers/parity')
const { closed } = require('../helpers/record')

describe('output that cannot be gathered', { timeout: 120_000 }, () => {
  it('for want of memory: an error, with what there is', () => {
    const fixture = require.resolve('../fixtures/little-memory.js')
    const report = JSON.parse(String(execFileSync(process.execPath, [fixture, require.resolve('../..')])))
    const { length, ...rest } = report
    assert.deepEqual(rest, {
      message: 'read ENOMEM',
      code: 'ENOMEM',
      errno: -12,
      syscall: 'read',
      cmd: 'head -c 400000000 /dev/zero',
      closed: [null, 'SIGPIPE']
    })
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
