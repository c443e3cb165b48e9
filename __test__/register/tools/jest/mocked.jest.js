jest.mock('child_process')
const { execFileSync, spawn } = require('child_process')
const { run } = require('./user')

test('automatic mocks replace every function', () => {
  execFileSync.mockReturnValue('mocked')
  expect(run()).toBe('mocked')
  expect(spawn()).toBeUndefined()
})
