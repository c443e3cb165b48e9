//! What has still to be written.
//!
//! Bytes come in by two ways. Small messages are written by JS straight into a [`Slab`], which costs no call; whoever
//! flushes next carries them on. Large ones, and those with a descriptor, are handed over as a frame. What the kernel
//! does not take at once waits in a queue, in the order in which it came.

use std::{
    collections::VecDeque,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rustix::io::Errno;

use super::{flusher, socket};
use crate::node::slab::Slab;

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
    socket: OwnedFd,
    slab: Arc<Slab>,
    /// How much of the slab is written already: a flush from another thread cannot reset it, as JS may be appending.
    taken: usize,
    queue: VecDeque<Segment>,
    waiting: usize,
    /// What a flush from another thread ran into, for the next one from JS.
    failed: Option<Errno>,
}

/// Bytes of a frame: gathered here, or memory of the sender's that is let go of when it is written.
enum Bytes {
    Own(Vec<u8>),
    Lent(Box<dyn AsRef<[u8]> + Send>),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Lent(bytes) => (**bytes).as_ref(),
        }
    }
}

struct Segment {
    bytes: Bytes,
    written: usize,
    descriptor: Option<OwnedFd>,
}

impl Segment {
    fn rest(&self) -> &[u8] {
        &self.bytes.get()[self.written..]
    }
}

impl Outbox {
    /// Takes over a socket.
    #[must_use]
    pub fn new(socket: OwnedFd, slab: Arc<Slab>) -> Self {
        Self { socket, slab, taken: 0, queue: VecDeque::new(), waiting: 0, failed: None }
    }

    /// The socket.
    #[must_use]
    pub fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Writes the slab's bytes behind what waits, and empties the slab. For the thread that fills the slab.
    ///
    /// # Errors
    ///
    /// What sendmsg(2) gave, EPIPE above all. Everything that waited is dropped: the stream has broken off.
    pub fn flush(&mut self) -> Result<Flushed, Errno> {
        let published = self.slab.published();
        let mut from = self.taken;
        if let Some(errno) = self.failed.take() {
            return Err(self.give_up(errno));
        }
        self.drain()?;
        if self.queue.is_empty() && from < published {
            let slab = Arc::clone(&self.slab);
            from += self.send_bytes(slab.bytes(from..published))?;
        }
        if from < published {
            let rest = Arc::clone(&self.slab);
            self.enqueue(rest.bytes(from..published));
        }
        self.reset_slab();
        Ok(self.state())
    }

    /// Writes one frame behind everything else, the descriptor with its first byte.
    ///
    /// # Errors
    ///
    /// As [`Outbox::flush`]; and what concerns the descriptor alone, such as ETOOMANYREFS, which only drops this frame.
    pub fn push(&mut self, bytes: Vec<u8>, descriptor: Option<OwnedFd>) -> Result<Flushed, Errno> {
        self.push_segment(Segment { bytes: Bytes::Own(bytes), written: 0, descriptor })
    }

    /// As [`Outbox::push`], for a large frame: what does not fit the socket waits where it is, without a copy. It is let go of by
    /// the thread that flushes or closes.
    ///
    /// # Errors
    ///
    /// As [`Outbox::flush`].
    pub fn push_lent(&mut self, bytes: impl AsRef<[u8]> + Send + 'static) -> Result<Flushed, Errno> {
        self.push_segment(Segment { bytes: Bytes::Lent(Box::new(bytes)), written: 0, descriptor: None })
    }

    fn push_segment(&mut self, mut segment: Segment) -> Result<Flushed, Errno> {
        self.flush()?;
        if self.queue.is_empty() {
            match self.send_segment(&mut segment) {
                Err(errno) if segment.descriptor.is_some() && !ends_stream(errno) => return Err(errno),
                Err(errno) => return Err(self.give_up(errno)),
                Ok(()) => {}
            }
        }
        if !segment.rest().is_empty() {
            self.waiting += segment.rest().len();
            self.queue.push_back(segment);
        }
        Ok(self.state())
    }

    /// Writes what the slab holds without disturbing who fills it. For any thread. Does nothing while older bytes wait:
    /// they have to go first, and only the event loop knows when the socket takes them.
    pub fn flush_from_outside(&mut self) {
        if !self.queue.is_empty() || self.failed.is_some() {
            return;
        }
        let published = self.slab.published();
        if self.taken < published {
            let slab = Arc::clone(&self.slab);
            match socket::send(&self.socket, slab.bytes(self.taken..published), None) {
                Ok(sent) => self.taken += sent,
                Err(Errno::AGAIN) => {}
                Err(errno) => self.failed = Some(errno),
            }
        }
    }

    /// Whether the slab holds bytes that nobody has written yet.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.taken < self.slab.published()
    }

    /// The memory shared with JS.
    #[must_use]
    pub fn slab(&self) -> &Arc<Slab> {
        &self.slab
    }

    fn state(&self) -> Flushed {
        if self.waiting == 0 { Flushed::All } else { Flushed::Waiting(self.waiting) }
    }

    fn reset_slab(&mut self) {
        self.taken = 0;
        self.slab.reset();
    }

    /// Writes the queue as far as it goes.
    fn drain(&mut self) -> Result<(), Errno> {
        while let Some(mut segment) = self.queue.pop_front() {
            let before = segment.written;
            let result = self.send_segment(&mut segment);
            self.waiting -= segment.written - before;
            match result {
                // The descriptor cannot travel: its frame goes without, and the other end answers with a NACK.
                Err(errno) if segment.descriptor.is_some() && !ends_stream(errno) => {
                    segment.descriptor = None;
                    self.queue.push_front(segment);
                }
                Err(errno) => return Err(self.give_up(errno)),
                Ok(()) if !segment.rest().is_empty() => {
                    self.queue.push_front(segment);
                    break;
                }
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// Writes a segment as far as it goes.
    fn send_segment(&self, segment: &mut Segment) -> Result<(), Errno> {
        while !segment.rest().is_empty() {
            match socket::send(&self.socket, segment.rest(), segment.descriptor.as_ref().map(AsFd::as_fd)) {
                Ok(sent) => {
                    segment.written += sent;
                    segment.descriptor = None;
                }
                Err(Errno::AGAIN) => break,
                Err(errno) => return Err(errno),
            }
        }
        Ok(())
    }

    /// Writes bytes as far as they go, and gives how far.
    fn send_bytes(&mut self, bytes: &[u8]) -> Result<usize, Errno> {
        let mut written = 0;
        while written < bytes.len() {
            match socket::send(&self.socket, &bytes[written..], None) {
                Ok(sent) => written += sent,
                Err(Errno::AGAIN) => break,
                Err(errno) => return Err(self.give_up(errno)),
            }
        }
        Ok(written)
    }

    fn enqueue(&mut self, bytes: &[u8]) {
        self.waiting += bytes.len();
        match self.queue.back_mut() {
            // A descriptor belongs to the first byte of its segment, so what follows may join it all the same.
            Some(Segment { bytes: Bytes::Own(last), .. }) if last.len() < SEGMENT => {
                last.extend_from_slice(bytes);
            }
            _ => {
                let bytes = Bytes::Own(bytes.to_vec());
                self.queue.push_back(Segment { bytes, written: 0, descriptor: None });
            }
        }
    }

    fn give_up(&mut self, errno: Errno) -> Errno {
        self.queue.clear();
        self.waiting = 0;
        self.reset_slab();
        errno
    }
}

/// Segments grow up to this by joining small ones.
const SEGMENT: usize = 1024 * 1024;

/// Whether nothing can be written after this error. The others are about one descriptor: too many in flight, or of a
/// kind that cannot travel.
fn ends_stream(errno: Errno) -> bool {
    matches!(errno, Errno::PIPE | Errno::CONNRESET | Errno::NOTCONN | Errno::BADF)
}

/// An [`Outbox`] that the JS thread, the runtime and the end of the process may flush; empty once the channel is closed.
#[derive(Clone)]
pub struct SharedOutbox(Arc<Mutex<Option<Outbox>>>);

impl SharedOutbox {
    /// Takes over a socket. It should be close-on-exec.
    #[must_use]
    pub fn new(socket: OwnedFd, slab: Arc<Slab>) -> Self {
        let outbox = Self(Arc::new(Mutex::new(Some(Outbox::new(socket, slab)))));
        flusher::flush_at_exit(&outbox);
        outbox
    }

    /// Runs `with` on the outbox, unless it is closed. No writer blocks, so the lock is held for a system call or two.
    pub fn with<T>(&self, with: impl FnOnce(&mut Outbox) -> T) -> Option<T> {
        self.lock().as_mut().map(with)
    }

    /// Writes what can be written without waiting, and closes the socket.
    pub fn close(&self) {
        let outbox = self.lock().take();
        if let Some(mut outbox) = outbox {
            // A failure leaves nothing to be done: the other end is gone.
            let _ = outbox.flush();
        }
    }

    pub(super) fn downgrade(&self) -> std::sync::Weak<Mutex<Option<Outbox>>> {
        Arc::downgrade(&self.0)
    }

    pub(super) fn upgrade(weak: &std::sync::Weak<Mutex<Option<Outbox>>>) -> Option<Self> {
        weak.upgrade().map(Self)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Outbox>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
