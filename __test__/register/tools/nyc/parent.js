const { execFile, execFileSync, spawnSync } = require('child_process')

const child = require.resolve('./child.js')
execFileSync(process.execPath, [child, 'one'])
spawnSync(process.execPath, [child, 'two'])
execFile(process.execPath, [child, 'three'], () => console.log('done'))
