const proxyquire = require('proxyquire')

const stubbed = proxyquire('./proxyquire-user.cjs', { child_process: { execFileSync: () => 'stubbed' } })
console.log(stubbed.run(), stubbed.other(), require('./proxyquire-user.cjs').run())
