'use strict'

// Stands in for floor/stream.c and floor/ipc.c on machines without a C compiler: blocking reads and writes of 64 KB.
const fs = require('node:fs')

const BLOCK = 65536

const writeAll = (fd, bytes) => {
  for (let done = 0; done < bytes.length;) {
    try {
      done += fs.writeSync(fd, bytes, done)
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error
    }
  }
}

const readSome = (fd, block) => {
  for (;;) {
    try {
      return fs.readSync(fd, block, 0, block.length, null)
    } catch (error) {
      if (error.code === 'EOF' || error.code === 'ECONNRESET') return 0
      if (error.code !== 'EAGAIN') throw error
    }
  }
}

const repeat = (fd, frame, count) => {
  const fits = Math.max(1, Math.floor(BLOCK / frame.length))
  const block = Buffer.concat(Array(fits).fill(frame))
  for (let left = count; left > 0; left -= fits) {
    writeAll(fd, left < fits ? block.subarray(0, left * frame.length) : block)
  }
}

const readUntil = (fd, bytes) => {
  const block = Buffer.alloc(BLOCK)
  for (let left = bytes; left > 0;) {
    const got = readSome(fd, block)
    if (got === 0) return
    left -= got
  }
}

const channel = Number(process.env.BENCH_CHANNEL)

const commands = {
  emit: bytes => repeat(1, Buffer.from('x'.repeat(79) + '\n'), Math.ceil(bytes / 80)),
  sink: () => readUntil(0, Infinity),
  'ipc-sink': (bytes, answer) => {
    readUntil(channel, Number(bytes))
    writeAll(channel, Buffer.from(answer, 'hex'))
    readUntil(channel, Infinity)
  },
  'ipc-source': (count, frame) => {
    repeat(channel, Buffer.from(frame, 'hex'), Number(count))
    readUntil(channel, Infinity)
  }
}

const [command, ...args] = process.argv.slice(2)
commands[command](...args)
