'use strict'

module.exports = {
  /** A target's Channel, hidden: what Node keeps there (its Pipe) nobody outside can use either. */
  kChannelHandle: Symbol('kChannelHandle'),
  /** A Control's messages that came before there was a listener. */
  kPendingMessages: Symbol('kPendingMessages')
}
