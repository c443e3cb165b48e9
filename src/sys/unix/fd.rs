//! Descriptor numbers that JS hands over, and is handed.
//!
//! # Safety
//!
//! A number is not an owner. Whoever calls [`take`] says that nobody else will close it. An [`InTransit`] closes its number
//! only while it means the same open file: that nobody has become its owner is for [`InTransit::close`]'s caller to know.
#![allow(unsafe_code)]

use std::os::fd::{BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

use rustix::{fs::fstat, io::Errno};

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

/// A descriptor that JS knows by its number and that has no owner yet.
#[derive(Debug)]
pub struct InTransit {
    fd: RawFd,
    file: Option<(u64, u64)>,
}

impl InTransit {
    /// Gives the descriptor up.
    #[must_use]
    pub fn new(fd: OwnedFd) -> Self {
        let fd = fd.into_raw_fd();
        Self { fd, file: file_of(fd) }
    }

    /// The number.
    #[must_use]
    pub fn fd(&self) -> RawFd {
        self.fd
    }

    /// Closes it, unless it has been closed already: then the number may be another file's by now.
    pub fn close(self) {
        if self.file.is_some() && file_of(self.fd) == self.file {
            // SAFETY: open, and without an owner (module contract).
            drop(unsafe { OwnedFd::from_raw_fd(self.fd) });
        }
    }
}

/// Device and inode: those of a pipe or socket are not given to another while it is open.
fn file_of(fd: RawFd) -> Option<(u64, u64)> {
    // SAFETY: only fstat sees it, for which an unknown number is an error.
    let status = fstat(unsafe { BorrowedFd::borrow_raw(fd) }).ok()?;
    Some((status.st_dev, status.st_ino))
}
