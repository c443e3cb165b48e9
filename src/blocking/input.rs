//! What is written to a child's stdin.

use std::os::fd::OwnedFd;

use rustix::{
    io::{Errno, write},
    pipe::fcntl_setpipe_size,
};

/// The default capacity of a pipe.
const PIPE_SIZE: usize = 64 * 1024;
/// The most that it is enlarged to: the smallest pipe that holds what one of Node's socket pairs does, which is 143 KB with
/// libuv 1.51 and 1.52 (Node 22 to 26), and 214 KB with others and the usual `net.core.wmem_default`. Where a child leaves
/// its stdin unread, Node's call fails with EPIPE for an input that does not fit, and succeeds for one that does.
const PIPE_MAX: usize = 256 * 1024;

/// The parent's end of stdin and what is left to write. Dropped, and so closed, when all is written.
pub(super) struct Input<'a> {
    end: OwnedFd,
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    /// None where there is nothing to write: the child then finds its stdin at its end.
    pub(super) fn new(end: OwnedFd, bytes: &'a [u8]) -> Option<Self> {
        if bytes.len() > PIPE_SIZE {
            // Fewer turns, too. Beyond the user's quota of pipe memory the size stays as it is.
            let _ = fcntl_setpipe_size(&end, bytes.len().min(PIPE_MAX));
        }
        (!bytes.is_empty()).then_some(Self { end, rest: bytes })
    }

    pub(super) fn end(&self) -> &OwnedFd {
        &self.end
    }

    /// Writes what the pipe takes. True when done.
    ///
    /// # Errors
    ///
    /// EPIPE when nobody reads any more (the process ignores SIGPIPE, as Node does).
    pub(super) fn advance(&mut self) -> Result<bool, Errno> {
        loop {
            match write(&self.end, self.rest) {
                Ok(written) => {
                    self.rest = &self.rest[written..];
                    if self.rest.is_empty() {
                        return Ok(true);
                    }
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
    }
}
