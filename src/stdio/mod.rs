//! The descriptors that a child starts with.

mod pipes;
mod room;

use std::os::fd::RawFd;

pub use pipes::Pipes;
pub use room::Room;

/// What one slot of a child's stdio becomes. The slot's number is the descriptor in the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StdioSpec {
    /// `/dev/null` on 0-2; nothing above.
    Ignore,
    /// A pipe: slot 0 is read by the child, every other written.
    Pipe,
    /// A socket pair, for slots that are read and written, and for IPC.
    Duplex,
    /// A copy of the parent's descriptor. It is not checked here: a closed one fails the start with EBADF.
    Fd(RawFd),
}
