//! What a child writes to one descriptor.

use std::os::fd::OwnedFd;

use rustix::{
    buffer::spare_capacity,
    io::{Errno, read},
    pipe::fcntl_setpipe_size,
};

/// Bytes gathered from one descriptor.
pub type Output = Vec<u8>;

/// What libuv reads at once. A child that goes over its limit is noticed after as much as in Node.
const CHUNK: usize = 64 * 1024;
/// A stream that has brought this much is worth a larger pipe: pipe memory is limited per user, so not from the start.
const SATURATED: usize = 256 * 1024;
const LARGE_PIPE: usize = 1024 * 1024;
/// As in libuv.
const READS_PER_TURN: usize = 32;

/// The parent's end of a pipe, and what has come out of it. The end is closed once the stream has ended.
pub(super) struct Gather {
    end: Option<OwnedFd>,
    bytes: Output,
    grown: bool,
}

impl Gather {
    pub(super) fn new(end: OwnedFd) -> Self {
        Self { end: Some(end), bytes: Vec::new(), grown: false }
    }

    pub(super) fn end(&self) -> Option<&OwnedFd> {
        self.end.as_ref()
    }

    /// Stops reading: what is still in the pipe is lost, and the writer gets EPIPE.
    pub(super) fn close(&mut self) {
        self.end = None;
    }

    pub(super) fn into_bytes(mut self) -> Output {
        // Capacity that was never touched has no memory behind it, but would count in the JS heap's books.
        self.bytes.shrink_to_fit();
        self.bytes
    }

    /// Reads what is there: at most `budget` bytes and a chunk, and not forever, as the deadline must be seen too. Gives
    /// how many came.
    ///
    /// # Errors
    ///
    /// What read(2) gives; the end is closed then.
    pub(super) fn advance(&mut self, budget: usize) -> Result<usize, Errno> {
        let before = self.bytes.len();
        for _ in 0..READS_PER_TURN {
            self.reserve();
            let Some(end) = &self.end else { break };
            match read(end, spare_capacity(&mut self.bytes)) {
                Ok(0) => self.end = None,
                // The pipe is empty, or was a moment ago.
                Ok(read) if read < CHUNK => break,
                Ok(_) | Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => break,
                Err(error) => {
                    self.end = None;
                    return Err(error);
                }
            }
            if self.bytes.len() - before > budget {
                break;
            }
        }
        Ok(self.bytes.len() - before)
    }

    /// Makes room for at least a chunk, doubling. Large blocks grow by mremap, which moves pages and copies nothing.
    fn reserve(&mut self) {
        if self.bytes.capacity() - self.bytes.len() < CHUNK {
            self.bytes.reserve(CHUNK.max(self.bytes.capacity()));
        }
        if !self.grown && self.bytes.len() >= SATURATED {
            self.grown = true;
            if let Some(end) = &self.end {
                let _ = fcntl_setpipe_size(end, LARGE_PIPE);
            }
        }
    }
}
