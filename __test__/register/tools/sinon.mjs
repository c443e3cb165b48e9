// A function that has been imported by name is replaced, and put back.
import { syncBuiltinESMExports } from 'node:module'
import childProcess, { execFileSync } from 'node:child_process'
import * as namespace from 'child_process'
import sinon from 'sinon'

const stub = sinon.stub(childProcess, 'execFileSync').returns('stubbed')
syncBuiltinESMExports()
const during = [execFileSync('echo'), namespace.execFileSync('echo'), stub.callCount]
stub.restore()
syncBuiltinESMExports()
console.log(...during, String(execFileSync('echo', ['restored'])).trim())
