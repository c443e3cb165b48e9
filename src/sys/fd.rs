//! Descriptor numbers that JS hands over.
//!
//! # Safety
//!
//! A number is not an owner. Whoever calls [`take`] says that nobody else will close it.
#![allow(unsafe_code)]

use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use rustix::io::Errno;

/// Becomes the owner of an open descriptor, and makes it close-on-exec.
///
/// # Errors
///
/// EBADF if the number is not open.
pub fn take(fd: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: takes no pointer; an unknown number is an error.
    if unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) } == -1 {
        return Err(Errno::BADF);
    }
    // SAFETY: open, and given up by its former owner (module contract).
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Makes another, close-on-exec, descriptor of the same file.
///
/// # Errors
///
/// EBADF if the number is not open, EMFILE if none is free.
pub fn duplicate(fd: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: takes no pointer; an unknown number is an error.
    let copy = unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) };
    if copy == -1 {
        let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EBADF);
        return Err(Errno::from_raw_os_error(errno));
    }
    // SAFETY: just made, and known to nobody else.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}
