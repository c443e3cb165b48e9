//! What a child writes to one descriptor.

use crate::{
    capture::{Buffer, Gathered, Progress},
    sys::{Descriptor, SystemError},
};

/// As in libuv: so many reads before the deadline and the other descriptors get their turn.
const READS_PER_TURN: usize = 32;

/// The parent's end of a pipe, and what has come out of it. The end is closed once the stream has ended.
pub(super) struct Gather {
    end: Option<Descriptor>,
    buffer: Buffer,
}

impl Gather {
    pub(super) fn new(end: Descriptor) -> Self {
        Self { end: Some(end), buffer: Buffer::default() }
    }

    pub(super) fn end(&self) -> Option<&Descriptor> {
        self.end.as_ref()
    }

    /// Stops reading: what is still in the pipe is lost, and the writer gets EPIPE.
    pub(super) fn close(&mut self) {
        self.end = None;
    }

    pub(super) fn into_bytes(self) -> Gathered {
        self.buffer.into_bytes()
    }

    /// Reads what is there, until it is more than `budget`. Gives how many bytes came.
    ///
    /// # Errors
    ///
    /// What read(2) gives; the end is closed then.
    pub(super) fn advance(&mut self, budget: usize) -> Result<usize, SystemError> {
        let before = self.buffer.bytes().len();
        let gathered = |buffer: &Buffer| buffer.bytes().len() - before;
        for _ in 0..READS_PER_TURN {
            let Some(end) = &self.end else { break };
            match self.buffer.read(end, budget.saturating_sub(gathered(&self.buffer))) {
                Ok(Progress::More) => {}
                Ok(Progress::Empty) => break,
                Ok(Progress::Ended) => self.end = None,
                Err(error) => {
                    self.end = None;
                    return Err(error);
                }
            }
            if gathered(&self.buffer) > budget {
                break;
            }
        }
        Ok(gathered(&self.buffer))
    }
}
