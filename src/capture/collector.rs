//! A stream's bytes, up to the point where JS has to look.

use std::os::fd::AsFd;

use super::{
    buffer::{Buffer, Progress},
    gathered::Gathered,
};
use crate::sys::SystemError;

/// What stops gathering before the end of the stream.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// More bytes than this.
    pub max: Option<usize>,
    /// Bytes that are not UTF-8, where `max` counts the bytes of the decoded text: each of them becomes U+FFFD, which
    /// has three.
    pub utf8: bool,
}

/// Why gathering is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The stream has ended.
    OfStream,
    /// It cannot be read any further: what has been gathered is not all.
    Failed(SystemError),
    /// A rule stopped it. More may come.
    ByRule,
}

/// What a turn has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There may be more at once.
    More,
    /// There was no more.
    Empty,
    /// It is over.
    Over(End),
}

/// Gathers one stream.
#[derive(Debug)]
pub struct Collector {
    buffer: Buffer,
    rules: Rules,
    /// Where the last read began.
    last_chunk: usize,
    /// Up to where the bytes are known to be whole characters.
    valid: usize,
}

/// So much for one stream before others get their turn, or one read of more: reads grow with the buffer. (libuv counts
/// reads, 32 of 64 KB each.)
const PER_TURN: usize = 256 * 1024;

impl Collector {
    /// Starts with nothing.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { buffer: Buffer::default(), rules, last_chunk: 0, valid: 0 }
    }

    /// How much has been gathered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buffer.bytes().len()
    }

    /// Whether nothing has been.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All that has been gathered, and where the last read began. How Node cuts at a limit depends on the chunks: all
    /// before the last one is kept whole.
    #[must_use]
    pub fn into_parts(self) -> (Gathered, usize) {
        let last_chunk = self.last_chunk;
        (self.buffer.into_bytes(), last_chunk)
    }

    /// Reads what is there, for one turn. The descriptor is in non-blocking mode.
    pub fn advance(&mut self, fd: impl AsFd) -> Turn {
        let begin = self.len();
        while self.len() - begin < PER_TURN {
            let before = self.len();
            // A pipe that we hold cannot fail, but there may be no memory for what it holds.
            let progress = match self.buffer.read(&fd, self.room()) {
                Ok(progress) => progress,
                Err(errno) => return Turn::Over(End::Failed(errno)),
            };
            if self.len() > before {
                self.last_chunk = before;
                if self.breaks_a_rule() {
                    return Turn::Over(End::ByRule);
                }
            }
            match progress {
                Progress::More => {}
                Progress::Empty => return Turn::Empty,
                Progress::Ended => return Turn::Over(End::OfStream),
            }
        }
        Turn::More
    }

    /// What may come before the limit is exceeded.
    fn room(&self) -> usize {
        self.rules.max.map_or(usize::MAX, |max| max.saturating_sub(self.len()))
    }

    fn breaks_a_rule(&mut self) -> bool {
        let Some(max) = self.rules.max else { return false };
        if self.rules.utf8 {
            match std::str::from_utf8(&self.buffer.bytes()[self.valid..]) {
                Ok(text) => self.valid += text.len(),
                Err(error) if error.error_len().is_none() => self.valid += error.valid_up_to(),
                Err(_) => return true,
            }
        }
        self.len() > max
    }
}
