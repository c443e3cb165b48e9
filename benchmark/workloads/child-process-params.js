'use strict'

const { hold, perSecond } = require('../child/measure.js')

const methodCase = (method, extra = {}) => ({
  name: method,
  label: method,
  params: { method, heap: 0, count: 300 },
  ...extra
})

// What the runtimes' own functions are given for the same work.
const commands = {
  spawn: ['/bin/true'],
  spawnSync: ['/bin/true'],
  execFile: ['/bin/echo', 'hello'],
  execFileSync: ['/bin/echo', 'hello'],
  exec: ['/bin/sh', '-c', '/bin/echo hello'],
  execSync: ['/bin/sh', '-c', '/bin/echo hello']
}

const one = (module, method) => {
  const api = require(module)
  const finish = resolve => error => {
    if (error) throw error
    resolve()
  }
  const methods = {
    spawn: () => new Promise(resolve => api.spawn('/bin/true', []).on('close', resolve)),
    exec: () => new Promise(resolve => api.exec('/bin/echo hello', finish(resolve))),
    execFile: () => new Promise(resolve => api.execFile('/bin/echo', ['hello'], finish(resolve))),
    spawnSync: () => api.spawnSync('/bin/true', []),
    execSync: () => api.execSync('/bin/echo hello'),
    execFileSync: () => api.execFileSync('/bin/echo', ['hello'])
  }
  return methods[method]
}

module.exports = {
  title: 'Small children a second, by function',
  about:
    '`/bin/true`, or `/bin/echo hello` where output is gathered; one after the other. «1 GB held»: 1 GB of Buffers.',
  behind:
    'nearly all of the time is the child, see «A small execFile()»; the rest is JS that Bun and Deno run natively',
  metrics: { rate: { label: 'children', unit: '/s', better: 'more' } },
  // Several targets lie within the spread of five.
  rounds: 9,
  cases: [
    methodCase('exec'),
    methodCase('execFile', { quick: 0.8 }),
    methodCase('spawnSync', { quick: 0.8 }),
    methodCase('execSync'),
    methodCase('execFileSync'),
    {
      name: 'spawnSync-1GB',
      label: 'spawnSync, 1 GB held',
      params: { method: 'spawnSync', heap: 1e9, count: 40 },
      memory: 1.3e9
    }
  ],
  floor: ({ method, heap, count }) =>
    method === 'exec' || method === 'execSync' ? undefined : ['rate', count, 1, heap],

  async run(module, { method, heap, count }) {
    hold(heap)
    return { rate: await perSecond(one(module, method), count, 1, heap > 0 ? 2 : 20) }
  },

  native: {
    async bun({ method, heap, count }) {
      hold(heap)
      const stdio = ['pipe', 'pipe', 'pipe']
      const command = commands[method]
      const gather = async () => {
        const child = Bun.spawn(command, { stdio })
        await Promise.all([child.exited, child.stdout.text(), child.stderr.text()])
      }
      const sync = () => Bun.spawnSync(command, { stdio: ['ignore', 'pipe', 'pipe'] })
      return { rate: await perSecond(method.includes('Sync') ? sync : gather, count, 1) }
    },
    async deno({ method, heap, count }) {
      hold(heap)
      const [file, ...args] = commands[method]
      const command = new Deno.Command(file, { args, stdin: 'null', stdout: 'piped', stderr: 'piped' })
      return {
        rate: await perSecond(() => (method.includes('Sync') ? command.outputSync() : command.output()), count, 1)
      }
    }
  }
}
