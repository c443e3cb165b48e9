//! What the kernel did not take at once, in the order in which it came.

use std::{collections::VecDeque, os::fd::AsFd};

use crate::{
    ipc::socket,
    sys::{Descriptor, SystemError},
};

/// Segments grow up to this by joining small ones.
const SEGMENT: usize = 1024 * 1024;

/// Bytes of a frame: gathered here, or memory of the sender's that is let go of when it is written.
pub enum Bytes {
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

/// Bytes, and the descriptor that travels with the first of them.
pub struct Segment {
    bytes: Bytes,
    written: usize,
    descriptor: Option<Descriptor>,
}

impl Segment {
    pub fn new(bytes: Bytes, descriptor: Option<Descriptor>) -> Self {
        Self { bytes, written: 0, descriptor }
    }

    pub fn rest(&self) -> &[u8] {
        &self.bytes.get()[self.written..]
    }

    /// Whether this error of [`Segment::write`] is about the descriptor alone.
    pub fn is_refused(&self, errno: SystemError) -> bool {
        self.descriptor.is_some() && !ends_stream(errno)
    }

    /// Writes as far as it goes.
    pub fn write(&mut self, socket: impl AsFd) -> Result<(), SystemError> {
        while !self.rest().is_empty() {
            match socket::send(&socket, self.rest(), self.descriptor.as_ref().map(AsFd::as_fd)) {
                Ok(sent) => {
                    self.written += sent;
                    self.descriptor = None;
                }
                Err(SystemError::AGAIN) => break,
                Err(errno) => return Err(errno),
            }
        }
        Ok(())
    }
}

/// Segments that wait for room in the socket.
#[derive(Default)]
pub struct Queue {
    segments: VecDeque<Segment>,
    waiting: usize,
}

impl Queue {
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Bytes in all segments.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    pub fn push(&mut self, segment: Segment) {
        self.waiting += segment.rest().len();
        self.segments.push_back(segment);
    }

    /// Adds a copy of bytes that have no descriptor.
    pub fn join(&mut self, bytes: &[u8]) {
        match self.segments.back_mut() {
            // A descriptor belongs to the first byte of its segment, so what follows may join it all the same.
            Some(Segment { bytes: Bytes::Own(last), .. }) if last.len() < SEGMENT => {
                self.waiting += bytes.len();
                last.extend_from_slice(bytes);
            }
            _ => self.push(Segment::new(Bytes::Own(bytes.to_vec()), None)),
        }
    }

    /// Writes as far as it goes.
    pub fn write(&mut self, socket: impl AsFd) -> Result<(), SystemError> {
        while let Some(segment) = self.segments.front_mut() {
            let before = segment.written;
            let result = segment.write(&socket);
            self.waiting -= segment.written - before;
            match result {
                // The descriptor cannot travel: its frame goes without, and the other end answers with a NACK.
                Err(errno) if segment.is_refused(errno) => segment.descriptor = None,
                Err(errno) => return Err(errno),
                Ok(()) if !segment.rest().is_empty() => break,
                Ok(()) => {
                    self.segments.pop_front();
                }
            }
        }
        Ok(())
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Whether nothing can be written after this error. The others are about one descriptor: too many in flight, or of a
/// kind that cannot travel.
fn ends_stream(errno: SystemError) -> bool {
    matches!(errno, SystemError::PIPE | SystemError::CONNRESET | SystemError::NOTCONN | SystemError::BADF)
}
