//! Descriptors on tokio.
//!
//! # Safety
//!
//! tokio asks that a registered object keep giving the same open descriptor; an `OwnedFd` can do nothing else.
#![allow(unsafe_code)]

use std::{io, os::fd::OwnedFd};

use tokio::io::{Interest, unix::AsyncFd};

/// Registers a descriptor with the runtime whose context this is called in. Reads and writes on it should not block.
///
/// # Errors
///
/// EPERM for a descriptor that epoll does not take, such as a file's; the descriptor comes back with it.
pub fn register(fd: OwnedFd, interest: Interest) -> Result<AsyncFd<OwnedFd>, (io::Error, OwnedFd)> {
    // SAFETY: see the module.
    unsafe { AsyncFd::register_with_interest(fd, interest) }.map_err(|error| {
        let (fd, cause) = error.into_parts();
        (cause, fd)
    })
}
