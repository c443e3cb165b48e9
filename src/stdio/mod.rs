//! The descriptors that a child starts with.

mod pipes;

use std::os::fd::RawFd;

pub use pipes::Pipes;

/// What one slot of a child's stdio becomes. The slot's number is the descriptor in the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StdioSpec {
    /// `/dev/null` on 0-2; nothing above.
    Ignore,
    /// A socket pair: what Node makes for `'pipe'`.
    Socket,
    /// The channel: a socket pair whose child's end holds more.
    Channel,
    /// The same for output that is gathered: it holds more, so that a fast writer and its reader wake each other less often.
    Gathered,
    /// A real pipe, for who asks for it: slot 0 is read by the child, every other written.
    Fifo,
    /// A copy of the parent's descriptor. It is not checked here: a closed one fails the start with EBADF.
    Fd(RawFd),
}
