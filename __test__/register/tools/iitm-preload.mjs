// Wraps spawn() of every importer of child_process by import-in-the-middle.
import { register } from 'node:module'
import { Hook } from 'import-in-the-middle'

register('import-in-the-middle/hook.mjs', import.meta.url)
globalThis.seen = []
globalThis.hook = new Hook(['child_process', 'node:child_process'], (exported, name) => {
  globalThis.seen.push(name)
  const { spawn } = exported
  exported.spawn = (...args) => {
    globalThis.seen.push('spawn')
    return spawn(...args)
  }
})
