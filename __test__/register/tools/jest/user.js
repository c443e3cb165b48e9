const { execFileSync, spawn } = require('child_process')

exports.run = () => String(execFileSync('echo', ['real'])).trim()
exports.start = () => spawn('echo', ['x'])
