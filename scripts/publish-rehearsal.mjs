// `npm run test:publish`: publishes the packages to a registry on this machine, as a release would, installs them from it
// in an empty folder without Rust in PATH, and runs a first script. Uses the addons that npm run artifacts has put into
// npm/. The registry (verdaccio) needs Node 22, so it gets one of its own from npm if this one is older.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { Complaint } from './lib/complaint.mjs'
import { addonName, platforms } from './lib/platforms.mjs'
import { mustRun, output, root } from './lib/run.mjs'
import { stage } from './lib/stage.mjs'
import { withSetup } from './setup.mjs'

const folder = path.join(root, 'target/rehearsal')
const tools = path.join(root, 'target/tools/registry')
const deadline = 60_000

function installRegistry() {
  if (fs.existsSync(path.join(tools, 'node_modules/verdaccio'))) return
  fs.mkdirSync(tools, { recursive: true })
  // One of verdaccio's dependencies asks for node-fetch by a tag, which a mirror of the registry may lack.
  fs.writeFileSync(path.join(tools, 'package.json'), '{ "private": true, "overrides": { "node-fetch": "2.7.0" } }\n')
  const packages = ['verdaccio@6.10.4', `node-${process.platform}-${process.arch}@22.23.3`]
  mustRun('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: tools })
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/** Starts an empty registry that knows no other. */
async function startRegistry() {
  const config = path.join(folder, 'verdaccio.yaml')
  const rights = "  '**':\n    access: $all\n    publish: $all\n"
  fs.writeFileSync(config, `storage: ./storage\npackages:\n${rights}log: { type: stdout, level: warn }\n`)
  const port = await freePort()
  const node = path.join(tools, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
  const program = path.join(tools, 'node_modules/verdaccio/bin/verdaccio')
  const registry = spawn(node, [program, '--config', config, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit']
  })
  const url = `http://127.0.0.1:${port}/`
  const end = Date.now() + deadline
  for (;;) {
    const answers = await fetch(`${url}-/ping`).then(
      response => response.ok,
      () => false
    )
    if (answers) return { registry, url }
    if (registry.exitCode !== null || Date.now() > end) throw new Complaint('the local registry did not start')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

/** The release: the platform packages first, then the main one, which then asks for them. */
async function publish(url, built) {
  const userConfig = path.join(folder, 'npmrc')
  fs.writeFileSync(userConfig, `registry=${url}\n//${new URL(url).host}/:_authToken=local\n`)
  const env = { npm_config_userconfig: userConfig }
  const main = await stage(path.join(folder, 'main'))
  // napi refuses to publish unless every target has its addon; a release has them all.
  const file = path.join(main, 'package.json')
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8'))
  manifest.napi.targets = built.map(({ target }) => target)
  fs.writeFileSync(file, JSON.stringify(manifest, null, 2))
  for (const { name } of built) {
    fs.cpSync(path.join(root, 'npm', name), path.join(main, 'npm', name), { recursive: true })
  }
  mustRun('npx', ['--no-install', 'napi', 'prepublish', '--cwd', main, '--no-gh-release'], { env })
  mustRun('npm', ['publish', '--loglevel=error'], { cwd: main, env })
  return env
}

/** What a new user does. */
function tryOut(env, built) {
  const project = path.join(folder, 'project')
  fs.mkdirSync(project)
  fs.writeFileSync(path.join(project, 'package.json'), '{ "private": true }\n')
  const PATH = [path.dirname(process.execPath), '/usr/bin', '/bin'].join(path.delimiter)
  mustRun('npm', ['install', '--no-audit', '--no-fund', 'rs-child-process'], { cwd: project, env: { ...env, PATH } })
  const { packages } = JSON.parse(fs.readFileSync(path.join(project, 'node_modules/.package-lock.json'), 'utf8'))
  console.log(Object.keys(packages).join('\n'))
  const script = "require('rs-child-process').exec('echo hello from $0', (error, stdout) => console.log(stdout.trim()))"
  if (output(process.execPath, ['-e', script], { cwd: project }) !== 'hello from /bin/sh') {
    throw new Complaint('the first script failed')
  }
  const wanted = JSON.parse(fs.readFileSync(path.join(project, 'node_modules/rs-child-process/package.json'), 'utf8'))
  const names = built.map(({ name }) => `@rs-child-process/binding-${name}`)
  if (Object.keys(wanted.optionalDependencies).toSorted().join() !== names.toSorted().join()) {
    throw new Complaint('the main package does not ask for every platform package')
  }
}

await withSetup(
  async () => {
    const built = platforms.filter(({ name }) => fs.existsSync(path.join(root, 'npm', name, addonName(name))))
    if (built.length === 0) throw new Complaint('there is no addon in npm/: npm run artifacts')
    fs.rmSync(folder, { recursive: true, force: true })
    fs.mkdirSync(folder, { recursive: true })
    installRegistry()
    const { registry, url } = await startRegistry()
    try {
      tryOut(await publish(url, built), built)
    } finally {
      registry.kill()
    }
    console.log(`published to ${url} and installed from it: ${built.map(({ name }) => name).join(', ')}`)
  },
  { build: false }
)
