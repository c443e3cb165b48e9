// Wraps spawn() of everybody who requires child_process by require-in-the-middle.
const { Hook } = require('require-in-the-middle')

globalThis.seen = []
globalThis.hook = new Hook(['child_process'], (exported, name) => {
  globalThis.seen.push(name)
  const { spawn } = exported
  exported.spawn = function (...args) {
    globalThis.seen.push('spawn')
    return Reflect.apply(spawn, this, args)
  }
  return exported
})
