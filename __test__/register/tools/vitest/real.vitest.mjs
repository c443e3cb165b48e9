import { expect, test } from 'vitest'
import { run } from './user.mjs'

test('without a mock it runs', () => expect(run()).toBe('real'))
