'use strict'
// Another Node, and messages to and fro.
const { fork } = require('rs-child-process')

if (process.send) {
  process.once('message', numbers => process.send({ sum: numbers.reduce((a, b) => a + b) }))
} else {
  const child = fork(__filename)
  child.send([1, 2, 3])
  child.on('message', ({ sum }) => console.log(`the child says ${sum}`))
}
