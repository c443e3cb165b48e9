//! Larger pipes, for as many children at a time as leave most of the user's quota of pipe memory alone.
//!
//! A pipe holds 64 KB by default, a socket pair, which is what Node makes, some 200 KB. So a child that nobody reads from
//! would get stuck earlier than with Node, and one that streams would wake its reader four times as often: on an idle
//! machine that takes two to three times as long. But pipe memory is counted per user (`fs.pipe-user-pages-soft`, 64 MB by
//! default), and beyond that every new pipe of the user holds 8 KB only.

use std::{
    os::fd::AsFd,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use rustix::pipe::fcntl_setpipe_size;

/// Bytes of a pipe with more room. From twice that on throughput grows no further.
const ROOM: usize = 256 * 1024;
/// Children at a time. Their three pipes then take a quarter of the quota more than they would anyway.
const CHILDREN: usize = 32;

static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// One child's right to larger pipes, until it is dropped.
#[derive(Debug)]
pub struct Room(());

impl Room {
    /// Takes a right, if there is one left.
    #[must_use]
    pub fn take() -> Option<Self> {
        let more = |taken| (taken < CHILDREN).then_some(taken + 1);
        TAKEN.fetch_update(Relaxed, Relaxed, more).ok().map(|_| Self(()))
    }

    /// Enlarges a pipe, given either end. Where the user's quota is used up it stays as it is.
    pub fn enlarge(&self, pipe: impl AsFd) {
        let _ = fcntl_setpipe_size(pipe, ROOM);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        TAKEN.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use rustix::pipe::{fcntl_getpipe_size, pipe};

    use super::*;

    #[test]
    fn there_is_room_for_so_many_and_again_when_they_end() {
        let (read, write) = pipe().unwrap();
        let taken: Vec<Room> = std::iter::from_fn(Room::take).collect();
        assert_eq!(taken.len(), CHILDREN);
        taken[0].enlarge(&write);
        assert_eq!(fcntl_getpipe_size(&read), Ok(ROOM));
        drop(taken);
        assert!(Room::take().is_some());
    }
}
