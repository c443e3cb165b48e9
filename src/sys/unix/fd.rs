//! Descriptors whose numbers JS knows.
#![allow(unsafe_code)]

use std::{
    mem,
    os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd},
};

use rustix::fs::fstat;

use crate::sys::SystemError;

/// Becomes the owner of an open descriptor, and makes it close-on-exec.
///
/// # Errors
///
/// EBADF if the number is not open.
///
/// # Safety
///
/// Whoever owned it gives it up: nobody else may close it any more.
pub unsafe fn take(fd: RawFd) -> Result<OwnedFd, SystemError> {
    // SAFETY: takes no pointer; an unknown number is an error.
    if unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) } == -1 {
        return Err(SystemError::BADF);
    }
    // SAFETY: open, and given up by its former owner (contract).
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Makes another, close-on-exec, descriptor of the same file.
///
/// # Errors
///
/// EBADF if the number is not open, EMFILE if none is free.
pub fn duplicate(fd: RawFd) -> Result<OwnedFd, SystemError> {
    // SAFETY: takes no pointer; an unknown number is an error.
    let copy = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
    if copy == -1 {
        let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EBADF);
        return Err(SystemError::from_code(errno));
    }
    // SAFETY: just made, and known to nobody else.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// A descriptor that JS knows by its number, and closes or not before it says that it has taken it.
#[derive(Debug)]
pub struct InTransit {
    fd: OwnedFd,
    file: Option<(u64, u64)>,
}

impl InTransit {
    /// Shows it to JS.
    #[must_use]
    pub fn new(fd: OwnedFd) -> Self {
        let file = file_of(&fd);
        Self { fd, file }
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> RawFd {
        self.fd.as_raw_fd()
    }

    /// Lets go of it: it is JS's.
    pub fn release(self) {
        mem::forget(self.fd);
    }

    /// Closes it, unless JS has closed it already: then the number may be another file's by now.
    pub fn close(self) {
        if self.file.is_none() || file_of(&self.fd) != self.file {
            self.release();
        }
    }
}

/// Device and inode: those of a pipe or socket are not given to another while it is open.
fn file_of(fd: &impl AsFd) -> Option<(u64, u64)> {
    let status = fstat(fd).ok()?;
    Some((status.st_dev, status.st_ino))
}
