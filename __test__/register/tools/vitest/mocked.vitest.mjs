import { execFileSync } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { run } from './user.mjs'

vi.mock('node:child_process', async importOriginal => ({
  ...(await importOriginal()),
  execFileSync: vi.fn(() => 'mocked')
}))

test('a factory replaces one function and keeps the rest', async () => {
  expect(run()).toBe('mocked')
  expect(execFileSync).toHaveBeenCalledWith('echo', ['real'])
  const { spawnSync } = await vi.importActual('node:child_process')
  expect(String(spawnSync('echo', ['x']).stdout)).toBe('x\n')
})
