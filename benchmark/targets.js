'use strict'

// What the package promises itself, as data. `case` is «workload case»; `than` a contender ('bun' and 'deno': the better
// of their two APIs), and `atLeast` how many times better this package has to be; without `than`, an absolute value.

const blocked = 'spawn-blocked-heap'
const ipcSend = 'child-process-write-ipc json-plain'
const ipcReceive = 'child-process-read-ipc json-plain'
const gather = 'child-process-exec-maxbuffer'
const params = 'child-process-params'

// Reasons for what is not met; the profiles are in findings.md.
const kernelAndSockets = 'the kernel making and waking a process is more than half of it, net.Socket a sixth'
const childItself = 'most of the time is the child: exec, the dynamic linker, exit'
const sameSockets = 'net.Socket, libuv and the kernel do the same work over the same kind of socket as with Node'
const threeCalls = 'the same three system calls as Node, and two wakes of a process, are most of it'
const jsonOfV8 = 'JSON.parse and JSON.stringify of V8 are most of it'

module.exports = [
  {
    text: 'spawn() in a small process blocks 5x shorter than in Node',
    case: `${blocked} 0`,
    than: 'node',
    atLeast: 5,
    why: kernelAndSockets
  },
  {
    text: 'spawn() in a small process blocks shorter than in Bun',
    case: `${blocked} 0`,
    than: 'bun',
    atLeast: 1,
    why: kernelAndSockets
  },
  {
    text: 'spawn() at 1 GB blocks 200x shorter than in Node',
    case: `${blocked} 1GB`,
    than: 'node',
    atLeast: 200,
    why: kernelAndSockets
  },
  {
    text: 'spawn() with 200 variables blocks 6x shorter',
    case: 'spawn-blocked-env inherit-200',
    than: 'node',
    atLeast: 6,
    why: kernelAndSockets
  },
  {
    text: 'worst gap of 50 starts at 1 GB 10x shorter than in Node',
    case: 'spawn-loop-gap 1GB',
    than: 'node',
    atLeast: 10,
    why: kernelAndSockets
  },
  {
    text: 'children one at a time: 2x the rate of Node',
    case: 'spawn-echo 1',
    than: 'node',
    atLeast: 2,
    why: childItself
  },
  {
    text: 'children 16 at a time: 1.6x the rate of Node',
    case: 'spawn-echo 16',
    than: 'node',
    atLeast: 1.6,
    why: childItself
  },
  ...['read 1GB', 'write 512MB'].map(name => ({
    text: `streaming, ${name}: 1.2x the throughput of Node or 0.75x its CPU`,
    case: `child-process-${name}`,
    than: 'node',
    either: [{ atLeast: 1.2 }, { metric: 'cpu', atLeast: 1 / 0.75 }],
    why: sameSockets
  })),

  ...['json', 'advanced'].map(kind => ({
    text: `IPC round trip, ${kind}: 1.2x faster than Node`,
    case: `child-process-ipc-roundtrip ${kind}-130`,
    than: 'node',
    atLeast: 1.2,
    why: threeCalls
  })),
  { text: 'IPC send, own end: 5x the rate of Node', case: ipcSend, than: 'node', atLeast: 5, why: jsonOfV8 },
  { text: 'IPC send, own end: ahead of Bun', case: ipcSend, than: 'bun', atLeast: 1, why: jsonOfV8 },
  { text: 'IPC receive, own end: 1.3x the rate of Node', case: ipcReceive, than: 'node', atLeast: 1.3, why: jsonOfV8 },
  { text: 'IPC receive, own end: level with Bun', case: ipcReceive, than: 'bun', atLeast: 1, why: jsonOfV8 },
  {
    text: 'IPC echo of 8 MB in json: 1.5x faster than Node',
    case: 'child-process-ipc-large json-8MB',
    than: 'node',
    atLeast: 1.5,
    why: jsonOfV8
  },

  { text: 'execFile of 256 MB: 2.2x the throughput of Node', case: `${gather} 256MB`, than: 'node', atLeast: 2.2 },
  { text: 'execFile of 256 MB: 0.8x the throughput of C', case: `${gather} 256MB`, than: 'c', atLeast: 0.8 },
  {
    text: 'execFile of 256 MB: the loop is busy for less than 10 %',
    case: `${gather} 256MB`,
    metric: 'loop',
    atMost: 0.1
  },
  { text: 'execFile of 256 MB: peak memory 1.2x the result', case: `${gather} 256MB`, metric: 'peak', atMost: 1.2 },
  {
    text: 'spawnSync of 256 MB: 2.2x the throughput of Node',
    case: 'spawn-sync-large 256MB',
    than: 'node',
    atLeast: 2.2
  },
  { text: 'spawnSync of 256 MB: 0.8x the throughput of C', case: 'spawn-sync-large 256MB', than: 'c', atLeast: 0.8 },
  {
    text: 'spawnSync of 256 MB: peak memory 1.2x the result',
    case: 'spawn-sync-large 256MB',
    metric: 'peak',
    atMost: 1.2
  },
  {
    text: 'small execFile: 1.6x the rate of Node',
    case: `${params} execFile`,
    than: 'node',
    atLeast: 1.6,
    why: childItself
  },
  {
    text: 'small spawnSync: 2x the rate of Node',
    case: `${params} spawnSync`,
    than: 'node',
    atLeast: 2,
    why: childItself
  },
  {
    text: 'small spawnSync with 1 GB held: 40x the rate of Node',
    case: `${params} spawnSync-1GB`,
    than: 'node',
    atLeast: 40
  },
  {
    text: 'exec of 64 MB of text: 1.3x the throughput of Node',
    case: 'child-process-exec-stdout 64MB',
    than: 'node',
    atLeast: 1.3
  },

  {
    text: "spawn() blocks at most 2x as long as C's posix_spawn",
    case: `${blocked} 0`,
    than: 'c',
    atLeast: 0.5,
    why: kernelAndSockets
  },
  { text: 'children one at a time: 0.7x the rate of C', case: 'spawn-echo 1', than: 'c', atLeast: 0.7 },
  { text: "execFile of 1 GB: within 1.3x of C's time", case: `${gather} 1GB`, than: 'c', atLeast: 1 / 1.3 },
  { text: 'small spawnSync: within 1.5x of C', case: `${params} spawnSync`, than: 'c', atLeast: 1 / 1.5 },
  {
    text: 'first require() of the published package: at most 3x the time of Node',
    case: 'require first',
    than: 'node',
    atLeast: 1 / 3,
    why: 'the addon has to be found and linked, and lib/ read and compiled; Node has its own in a snapshot'
  },
  { text: 'IPC send, own end: more than 1,000,000 messages a second', case: ipcSend, atLeast: 1e6, why: jsonOfV8 }
]
