//! What is written to a child's stdin.

use rustix::{
    io::write,
    net::{Shutdown, shutdown},
};

use crate::sys::{Descriptor, SystemError};

/// The parent's end of stdin and what is left to write.
///
/// As in Node, a socket is shut down once all is written and stays open until the child has ended: a program that writes
/// to its stdin is not told off. A pipe has only the one way to end, and is closed.
pub(super) struct Input<'a> {
    end: Option<Descriptor>,
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    pub(super) fn new(end: Descriptor, bytes: &'a [u8]) -> Self {
        Self { end: Some(end), rest: bytes }
    }

    /// The descriptor, while something is left to write.
    pub(super) fn pending(&self) -> Option<&Descriptor> {
        self.end.as_ref().filter(|_| !self.rest.is_empty())
    }

    /// Writes what there is room for, and ends the input with the last byte.
    ///
    /// # Errors
    ///
    /// EPIPE when nobody reads any more (the process ignores SIGPIPE, as Node does).
    pub(super) fn advance(&mut self) -> Result<(), SystemError> {
        while let Some(end) = self.pending() {
            match write(end, self.rest).map_err(SystemError::from) {
                Ok(written) => self.rest = &self.rest[written..],
                Err(SystemError::INTR) => {}
                Err(SystemError::AGAIN) => return Ok(()),
                Err(error) => {
                    self.close();
                    return Err(error);
                }
            }
        }
        if let Some(end) = &self.end
            && shutdown(end, Shutdown::Write).is_err()
        {
            self.close();
        }
        Ok(())
    }

    /// Gives up what is left.
    pub(super) fn close(&mut self) {
        self.end = None;
        self.rest = &[];
    }
}
