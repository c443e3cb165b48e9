//! Bytes from one descriptor.

use std::os::fd::AsFd;

use rustix::{
    buffer::spare_capacity,
    io::{Errno, read},
    pipe::fcntl_setpipe_size,
};

/// What libuv reads at once. A child that goes over a limit is noticed after as much as in Node.
const CHUNK: usize = 64 * 1024;
/// A stream that has brought this much is worth a larger pipe: pipe memory is limited per user, so not from the start.
const SATURATED: usize = 256 * 1024;
const LARGE_PIPE: usize = 1024 * 1024;

/// A buffer that grows by what it reads.
#[derive(Debug, Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    enlarged: bool,
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
    pub fn into_bytes(mut self) -> Vec<u8> {
        // Capacity that was never touched has no memory behind it, but would count in the JS heap's books.
        self.bytes.shrink_to_fit();
        self.bytes
    }

    /// Reads once from a descriptor in non-blocking mode: at most a chunk if `by_chunk`, otherwise all there is room for.
    ///
    /// # Errors
    ///
    /// What read(2) gives, but for EAGAIN and EINTR.
    pub fn read(&mut self, fd: impl AsFd, by_chunk: bool) -> Result<Progress, Errno> {
        self.make_room(by_chunk);
        if !self.enlarged && self.bytes.len() >= SATURATED {
            self.enlarged = true;
            let _ = fcntl_setpipe_size(&fd, LARGE_PIPE);
        }
        match read(fd, spare_capacity(&mut self.bytes)) {
            Ok(0) => Ok(Progress::Ended),
            // A short read: the pipe was empty a moment ago.
            Ok(read) if read < CHUNK => Ok(Progress::Empty),
            Ok(_) | Err(Errno::INTR) => Ok(Progress::More),
            Err(Errno::AGAIN) => Ok(Progress::Empty),
            Err(error) => Err(error),
        }
    }

    /// Large blocks grow and shrink by mremap, which moves pages and copies nothing.
    fn make_room(&mut self, by_chunk: bool) {
        let room = self.bytes.capacity() - self.bytes.len();
        if by_chunk && room > CHUNK {
            self.bytes.shrink_to(self.bytes.len() + CHUNK);
        } else if by_chunk {
            self.bytes.reserve_exact(CHUNK);
        } else if room < CHUNK {
            self.bytes.reserve(CHUNK.max(self.bytes.capacity()));
        }
    }
}
