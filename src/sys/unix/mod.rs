//! What the POSIX systems share.

pub mod async_fd;
pub mod at_exit;
pub(super) mod environ;
mod environment;
pub mod fd;
pub(super) mod pointers;
pub(super) mod search_path;
pub mod slab;

/// The same, lent.
pub use std::os::fd::BorrowedFd as BorrowedDescriptor;
/// What the parent holds of a pipe, a socket pair or a terminal: here a file descriptor, elsewhere a handle.
pub use std::os::fd::OwnedFd as Descriptor;
/// Its number, without an owner.
pub use std::os::fd::RawFd as RawDescriptor;
