'use strict'

// Node's child_process is not one behaviour but one per release line. Everything that depends on the line is decided
// here, once, so that the rest of lib/ asks "does it validate this way?" instead of "which version is this?".

const [major, minor] = process.versions.node.split('.').map(Number)

module.exports = {
  /** `uid`, `gid`, `timeout` and `maxBuffer` are checked by type first, then by range, with Node's common wording. */
  checksNumbersByTypeAndRange: major >= 25,

  /** An object's constructor may be anything: "an instance of X" is only said for a non-empty string name. */
  describesOnlyNamedConstructors: major >= 26,

  /** `stdout` and `stderr` of a spawnSync() that started nothing are undefined; before, null like `output`. */
  leavesOutputUndefined: major >= 22,

  /** DEP0190: passing args together with `shell`. */
  warnsAboutShellArguments: major >= 24,

  /** In spawn() an argument that cannot be turned into a string (a Symbol) becomes ''; spawnSync() throws everywhere. */
  ignoresFailedCoercion: major >= 22,

  /** The permission flags of this process are handed to children through NODE_OPTIONS. */
  inheritsPermissionFlags: major >= 22,

  /** Without `env` a child gets process.env's own variables, if something else took its place; before, inherited ones too. */
  copiesOwnVariables: major >= 22,

  /**
   * The permission flags are left out for a child with --permission or --permission-audit among its arguments or as a word of its
   * NODE_OPTIONS. Before, only the former counted as an argument, and in NODE_OPTIONS any text that contains it did.
   */
  readsPermissionFlagsByWord: (major === 24 && minor >= 19) || (major === 26 && minor >= 5) || major > 26,

  /** ERR_ACCESS_DENIED names the flag to use and the file that was to be run. */
  explainsDeniedAccess: major >= 22,

  /** diagnostics_channel.tracingChannel('child_process.spawn') reports every start. */
  tracesSpawn: (major === 24 && minor >= 15) || (major === 25 && minor >= 8) || major >= 26,

  /** The `timeout` timer lives until 'close'; before, it was dropped at 'exit'. */
  clearsTimeoutAtClose: major >= 26,

  /** The methods of ChildProcess and the promisified functions carry their own names. */
  namesFunctions: major >= 22,

  /** The deprecated accessor `child._channel` (DEP0129) exists. */
  hasDeprecatedChannel: major <= 24,

  /** The channel's Control emits 'unref' when its counter drops to zero. */
  controlEmitsUnref: major <= 22,

  /**
   * module.registerHooks() in the thread of an application's own loader (module.register(), --experimental-loader) keeps
   * that loader from resolving anything.
   */
  hooksBreakLoaderThread: major < 24,

  /** Handles of net.BoundSocket can be sent. */
  hasBoundSocket: major >= 26
}
