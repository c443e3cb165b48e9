import { execFileSync } from 'node:child_process'

export const run = () => String(execFileSync('echo', ['real'])).trim()
