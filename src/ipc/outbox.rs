//! What has still to be written.
//!
//! Bytes come in by two ways. Small messages are written by JS straight into a [`Slab`], which costs no call; whoever
//! flushes next carries them on. Large ones, and those with a descriptor, are handed over as a frame. What the kernel
//! does not take at once waits in a queue, in the order in which it came.

mod queue;
mod shared;
#[cfg(test)]
mod tests;

use std::os::fd::AsFd;

use self::queue::{Bytes, Queue, Segment};
pub use self::shared::SharedOutbox;
pub(super) use self::shared::WeakOutbox;
use super::socket;
use crate::sys::{BorrowedDescriptor, Descriptor, SystemError, slab::Slab};

/// The kernel's side of a flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flushed {
    /// Everything is written.
    All,
    /// So many bytes wait until the socket takes more.
    Waiting(usize),
}

/// A channel's socket and what has still to go into it.
pub struct Outbox {
    socket: Descriptor,
    slab: Slab,
    /// How much of the slab is written already: a flush from another thread cannot reset it, as JS may be appending.
    taken: usize,
    queue: Queue,
    /// What a flush from another thread ran into, for the next one from JS.
    failed: Option<SystemError>,
}

impl Outbox {
    /// Takes over a socket.
    #[must_use]
    pub fn new(socket: Descriptor, slab: Slab) -> Self {
        Self { socket, slab, taken: 0, queue: Queue::default(), failed: None }
    }

    /// The socket.
    #[must_use]
    pub fn socket(&self) -> BorrowedDescriptor<'_> {
        self.socket.as_fd()
    }

    /// What JS fills.
    #[must_use]
    pub fn slab(&self) -> &Slab {
        &self.slab
    }

    /// Writes the slab's bytes behind what waits, and empties the slab. For the thread that fills the slab.
    ///
    /// # Errors
    ///
    /// What sendmsg(2) gave, EPIPE above all. Everything that waited is dropped: the stream has broken off.
    pub fn flush(&mut self) -> Result<Flushed, SystemError> {
        self.write_all().map_err(|errno| self.give_up(errno))?;
        self.reset_slab();
        Ok(self.state())
    }

    /// Writes one frame behind everything else, the descriptor with its first byte.
    ///
    /// # Errors
    ///
    /// As [`Outbox::flush`]; and what concerns the descriptor alone, such as ETOOMANYREFS, which only drops this frame.
    pub fn push(&mut self, bytes: Vec<u8>, descriptor: Option<Descriptor>) -> Result<Flushed, SystemError> {
        self.push_segment(Segment::new(Bytes::Own(bytes), descriptor))
    }

    /// As [`Outbox::push`], for a large frame: what does not fit the socket waits where it is, without a copy. It is let go of by
    /// the thread that flushes or closes.
    ///
    /// # Errors
    ///
    /// As [`Outbox::flush`].
    pub fn push_lent(&mut self, bytes: impl AsRef<[u8]> + Send + 'static) -> Result<Flushed, SystemError> {
        self.push_segment(Segment::new(Bytes::Lent(Box::new(bytes)), None))
    }

    /// Writes what the slab holds without disturbing who fills it. For any thread. Does nothing while older bytes wait:
    /// they have to go first, and only the event loop knows when the socket takes them.
    pub fn flush_from_outside(&mut self) {
        if !self.queue.is_empty() || self.failed.is_some() {
            return;
        }
        let published = self.slab.published();
        if self.taken < published {
            match socket::send(&self.socket, self.slab.bytes(self.taken..published), None) {
                Ok(sent) => self.taken += sent,
                Err(SystemError::AGAIN) => {}
                Err(errno) => self.failed = Some(errno),
            }
        }
    }

    /// Whether the slab holds bytes that nobody has written yet.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.taken < self.slab.published()
    }

    /// Writes the queue and the slab as far as they go, and moves the rest of the slab into the queue.
    fn write_all(&mut self) -> Result<(), SystemError> {
        if let Some(errno) = self.failed.take() {
            return Err(errno);
        }
        self.queue.write(&self.socket)?;
        let mut rest = self.slab.bytes(self.taken..self.slab.published());
        while self.queue.is_empty() && !rest.is_empty() {
            match socket::send(&self.socket, rest, None) {
                Ok(sent) => rest = &rest[sent..],
                Err(SystemError::AGAIN) => break,
                Err(errno) => return Err(errno),
            }
        }
        if !rest.is_empty() {
            self.queue.join(rest);
        }
        Ok(())
    }

    fn push_segment(&mut self, mut segment: Segment) -> Result<Flushed, SystemError> {
        self.flush()?;
        if self.queue.is_empty() {
            match segment.write(&self.socket) {
                Err(errno) if segment.is_refused(errno) => return Err(errno),
                Err(errno) => return Err(self.give_up(errno)),
                Ok(()) => {}
            }
        }
        if !segment.rest().is_empty() {
            self.queue.push(segment);
        }
        Ok(self.state())
    }

    fn state(&self) -> Flushed {
        match self.queue.waiting() {
            0 => Flushed::All,
            bytes => Flushed::Waiting(bytes),
        }
    }

    fn reset_slab(&mut self) {
        self.taken = 0;
        self.slab.reset();
    }

    fn give_up(&mut self, errno: SystemError) -> SystemError {
        self.queue.clear();
        self.reset_slab();
        errno
    }
}
