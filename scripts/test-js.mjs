// `npm run test:js [-- TEXT…]`: the JS tests on whatever addon is there, a debug build too; only the files whose path
// contains one of the texts, if there are any.
import path from 'node:path'
import { root, run } from './lib/run.mjs'
import { testFiles } from './lib/test-files.mjs'

const texts = process.argv.slice(2)
const files = testFiles(path.join(root, '__test__'))
  .map(file => path.relative(root, file))
  .filter(file => texts.length === 0 || texts.some(text => file.includes(text)))

process.exitCode = files.length > 0 && run(process.execPath, ['--test', ...files]) ? 0 : 1
