'use strict'

// The stock end of the channel: a runtime's own process.send() and process.on('message').
const [mode, count, size] = process.argv.slice(2)
const { message } = require('./ipc-message.js')

const modes = {
  echo: () => process.on('message', received => process.send(received)),
  sink: () => {
    let left = Number(count)
    process.on('message', () => {
      if (--left === 0) process.send('done')
    })
  },
  source: () => {
    let left = Number(count)
    const same = message(Number(size))
    const more = () => {
      while (left-- > 0) if (!process.send(same)) break
      if (left > 0) setImmediate(more)
    }
    // Node keeps a channel alive only while somebody listens.
    process.on('message', more)
  }
}

modes[mode]()
