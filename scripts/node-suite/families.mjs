/** Families of the tests about child_process. The first that fits counts. */
const core = [
  ['permission model', /-permission-/],
  ['async_hooks, diagnostics_channel', /async-hooks\/|diagnostics-channel|pipewrap|hasref/],
  ['spawnSync, execSync, execFileSync', /spawnsync|execsync|execfilesync/],
  ['exec, execFile, promisify', /process-exec|promisif|maxbuf/i],
  [
    'servers and sockets over the channel',
    /fork-(?:net|dgram|getconn)|handle|pass-fd|keep-open|http-|server|net-|reuseport|listen-fd/
  ],
  ['fork, channel, messages', /fork|ipc|send|disconnect|serialization|process-internal|silent/],
  ['stdio, streams', /stdio|stdin|stdout|stderr|pipe|flush|dataflow|set-blocking|emfile/],
  ['spawn, events, kill', /./]
]

/** Tests that merely use child_process: by what they are about, which is the first word of their names. */
const users = [
  [
    'command line, REPL, configuration',
    /test-(?:cli|repl|node|dotenv|config|env|cwd|preload|startup|bash|stdin|eval)\b/
  ],
  ['debugger, inspector', /test-(?:debugger|inspect|inspector)\b/],
  ['test runner, watch mode', /test-(?:runner|watch)\b/],
  [
    'profiles, traces, heap, reports',
    /test-(?:trace|heap|cpu|heapdump|heapsnapshot|diagnostic|report|v8|worker-prof)\b/
  ],
  ['snapshots, compile cache, modules', /test-(?:snapshot|compile|module|esm|require|vm|shadow|url|wasm)\b/],
  [
    'process, errors, domains',
    /test-(?:process|domain|error|throw|uncaught|unhandled|promise|async|timers|util|assert)\b/
  ],
  ['cluster, workers', /test-(?:cluster|worker)\b/],
  ['net, tls, http, crypto', /test-(?:net|tls|https?|http2|crypto|dns|dgram)\b/],
  ['permission model', /test-permission\b/],
  ['others', /./]
]

/**
 * @param {'core' | 'users'} list
 * @returns {string[]} in the order of the table
 */
export const familiesOf = list => ({ core, users })[list].map(([name]) => name)

/**
 * @param {'core' | 'users'} list
 * @param {string} test its name
 * @returns {string}
 */
export const familyOf = (list, test) => ({ core, users })[list].find(([, pattern]) => pattern.test(test))[0]
