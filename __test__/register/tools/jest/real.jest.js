const childProcess = require('child_process')
const { run, start } = require('./user')

test('a spy sees calls and lets them through', done => {
  const spy = jest.spyOn(childProcess, 'spawn')
  expect(run()).toBe('real')
  const child = childProcess.spawn('echo', ['x'])
  expect(spy).toHaveBeenCalledTimes(1)
  start().on('close', code => {
    expect(code).toBe(0)
    child.on('close', () => done())
    if (child.exitCode !== null && child.stdout.destroyed) done()
  })
})
