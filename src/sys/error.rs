//! Why the system refused a call.

use std::{fmt, io};

/// The system's own number for a reason: an errno on POSIX systems.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SystemError(i32);

/// The reasons that the core tells apart.
impl SystemError {
    /// Nothing can be done without waiting.
    pub const AGAIN: Self = Self(libc::EAGAIN);
    /// The descriptor is not open, or not for this.
    pub const BADF: Self = Self(libc::EBADF);
    /// The other end is closed, and has left something unread.
    pub const CONNRESET: Self = Self(libc::ECONNRESET);
    /// A signal came in between.
    pub const INTR: Self = Self(libc::EINTR);
    /// A limit of bytes is exceeded.
    pub const NOBUFS: Self = Self(libc::ENOBUFS);
    /// No memory.
    pub const NOMEM: Self = Self(libc::ENOMEM);
    /// Nobody is at the other end of the socket.
    pub const NOTCONN: Self = Self(libc::ENOTCONN);
    /// Nobody reads at the other end.
    pub const PIPE: Self = Self(libc::EPIPE);
    /// A path, or a part of one, is too long.
    pub const NAMETOOLONG: Self = Self(libc::ENAMETOOLONG);
    /// There is no such file.
    pub const NOENT: Self = Self(libc::ENOENT);
    /// There is no such process.
    pub const SRCH: Self = Self(libc::ESRCH);
    /// A limit of time is exceeded.
    pub const TIMEDOUT: Self = Self(libc::ETIMEDOUT);
}

impl SystemError {
    /// From the number.
    #[must_use]
    pub const fn from_code(code: i32) -> Self {
        Self(code)
    }

    /// The number, as the system has it: positive.
    #[must_use]
    pub const fn code(self) -> i32 {
        self.0
    }
}

impl From<rustix::io::Errno> for SystemError {
    fn from(errno: rustix::io::Errno) -> Self {
        Self(errno.raw_os_error())
    }
}

impl From<io::Error> for SystemError {
    /// An error without a number comes from no system call but from one that could not be made; EAGAIN is the closest.
    fn from(error: io::Error) -> Self {
        Self(error.raw_os_error().unwrap_or(libc::EAGAIN))
    }
}

impl From<SystemError> for io::Error {
    fn from(error: SystemError) -> Self {
        Self::from_raw_os_error(error.0)
    }
}

impl std::error::Error for SystemError {}

impl fmt::Display for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        io::Error::from(*self).fmt(f)
    }
}

impl fmt::Debug for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        io::Error::from(*self).fmt(f)
    }
}
