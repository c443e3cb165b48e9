//! Reading from one descriptor.

use std::os::fd::AsFd;

use super::gathered::Gathered;
use crate::sys::SystemError;

/// What libuv reads at once. A child that goes over a limit is noticed after as much as in Node.
pub const CHUNK: usize = 64 * 1024;

/// A buffer that grows by what it reads.
#[derive(Debug, Default)]
pub struct Buffer {
    bytes: Gathered,
}

/// What a read has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There may be more.
    More,
    /// Nothing is left for now.
    Empty,
    /// The stream has ended.
    Ended,
}

impl Buffer {
    /// What has been read.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives up what has been read.
    #[must_use]
    pub fn into_bytes(mut self) -> Gathered {
        self.bytes.trim();
        self.bytes
    }

    /// Reads once from a descriptor in non-blocking mode. Of the `wanted` bytes it may read fewer, but a chunk at least if
    /// there is as much: a limit is exceeded by what exceeds it in Node.
    ///
    /// # Errors
    ///
    /// What read(2) gives, but for EAGAIN and EINTR; ENOMEM.
    pub fn read(&mut self, fd: impl AsFd, wanted: usize) -> Result<Progress, SystemError> {
        match self.bytes.read_from(fd, wanted.max(CHUNK)) {
            Ok(0) => Ok(Progress::Ended),
            // A short read: the pipe was empty a moment ago.
            Ok(read) if read < CHUNK => Ok(Progress::Empty),
            Ok(_) | Err(SystemError::INTR) => Ok(Progress::More),
            Err(SystemError::AGAIN) => Ok(Progress::Empty),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use rustix::{
        io::write,
        pipe::{PipeFlags, fcntl_setpipe_size, pipe_with},
    };

    use super::*;

    #[test]
    fn tells_what_a_read_has_shown() {
        let (ours, theirs) = pipe_with(PipeFlags::NONBLOCK).unwrap();
        let mut buffer = Buffer::default();
        assert_eq!(buffer.read(&ours, 0), Ok(Progress::Empty));
        write(&theirs, b"abc").unwrap();
        assert_eq!(buffer.read(&ours, 0), Ok(Progress::Empty));
        write(&theirs, &vec![0; CHUNK]).unwrap();
        assert_eq!(buffer.read(&ours, 0), Ok(Progress::More));
        drop(theirs);
        assert_eq!(buffer.read(&ours, 0), Ok(Progress::Ended));
        assert_eq!(buffer.bytes().len(), CHUNK + 3);
        assert_eq!(buffer.into_bytes()[..4], *b"abc\0");
    }

    #[test]
    fn reads_a_chunk_beyond_what_is_wanted_at_most() {
        let (ours, theirs) = pipe_with(PipeFlags::NONBLOCK).unwrap();
        fcntl_setpipe_size(&theirs, 1 << 20).unwrap();
        write(&theirs, &vec![0; 1 << 20]).unwrap();
        let mut buffer = Buffer::default();
        assert_eq!(buffer.read(&ours, 1000), Ok(Progress::More));
        assert_eq!(buffer.bytes().len(), CHUNK);
    }
}
