const { execFileSync, execSync } = require('child_process')

exports.run = () => String(execFileSync('echo', ['real'])).trim()
exports.other = () => String(execSync('echo shell')).trim()
