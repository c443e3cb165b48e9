'use strict'

// Four forked workers share 10,000 tasks, and answer the connections of an http server that this process accepts.
const assert = require('node:assert/strict')
const { once } = require('node:events')
const http = require('node:http')
const path = require('node:path')
const { fork } = require('../..')

const WORKERS = 4
const TASKS = 10_000
const REQUESTS = 200
/** Tasks that a worker has at a time: enough to be always busy, few enough to share the work fairly. */
const IN_FLIGHT = 100

const workers = Array.from({ length: WORKERS }, () => fork(path.join(__dirname, 'worker.js')))

/** Gives each worker new tasks as it answers, until all are done. */
async function runTasks() {
  let [next, done, sum] = [0, 0, 0]
  const give = worker => next < TASKS && worker.send({ task: next++ })
  await new Promise(resolve => {
    for (const worker of workers) {
      worker.on('message', ({ result }) => {
        sum += result
        if (++done === TASKS) resolve(undefined)
        give(worker)
      })
      for (let i = 0; i < IN_FLIGHT; i++) give(worker)
    }
  })
  return sum
}

/** Accepts requests here, and has the workers answer them in turn. */
async function serve() {
  let turn = 0
  const server = http.createServer(({ url, socket }) => workers[turn++ % WORKERS].send({ url }, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new http.Agent({ maxSockets: 20 })
  const answers = Array.from({ length: REQUESTS }, async (_, number) => {
    const request = http.get({ port: server.address().port, path: `/${number}`, agent })
    const [response] = await once(request, 'response')
    let body = ''
    for await (const chunk of response) body += chunk
    return body
  })
  const bodies = await Promise.all(answers)
  server.close()
  return bodies
}

async function main() {
  const [sum, bodies] = await Promise.all([runTasks(), serve()])
  // Each task squares its number.
  assert.equal(sum, ((TASKS - 1) * TASKS * (2 * TASKS - 1)) / 6)
  const pids = new Set()
  bodies.forEach((body, number) => {
    const [pid, url] = body.split(' ')
    pids.add(pid)
    assert.equal(url, `/${number}`)
  })
  assert.equal(pids.size, WORKERS)
  for (const worker of workers) worker.disconnect()
  await Promise.all(workers.map(worker => once(worker, 'close')))
  console.log(`${TASKS} tasks and ${REQUESTS} connections done by ${WORKERS} workers`)
}

main()
