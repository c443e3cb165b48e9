//! The growing buffer.

use std::{mem, ops::Deref, os::fd::AsFd};

use rustix::{buffer::spare_capacity, io::read};
use tokio::task::yield_now;

use super::buffer::CHUNK;
use crate::{
    runtime,
    sys::{SystemError, mapping::Mapping},
};

/// From here on the bytes lie in pages of their own, which are populated by as much, and at first are four times as many.
const LARGE: usize = 1024 * 1024;

/// From here on the pages are given back in the background: 256 MB of them take 20 ms, and whoever lets go of a Buffer is the
/// garbage collector, on the JS thread.
const SLOW_TO_FREE: usize = 8 * 1024 * 1024;

/// Bytes read from a descriptor, in one block.
#[derive(Debug)]
pub struct Gathered(Block);

#[derive(Debug)]
enum Block {
    Small(Vec<u8>),
    Large { pages: Mapping, length: usize, populated: usize },
}

impl Gathered {
    /// Nothing yet, and no memory.
    #[must_use]
    pub const fn new() -> Self {
        Self(Block::Small(Vec::new()))
    }

    /// One read(2) of at most `most` bytes, or what there is room for. Gives how many came; 0 at the end.
    ///
    /// # Errors
    ///
    /// What read(2) gives, EAGAIN among it, or ENOMEM.
    pub fn read_from(&mut self, source: impl AsFd, most: usize) -> Result<usize, SystemError> {
        self.reserve()?;
        match &mut self.0 {
            Block::Small(bytes) if most < bytes.capacity() - bytes.len() => {
                let from = bytes.len();
                bytes.resize(from + most, 0);
                let result = read(source, &mut bytes[from..]);
                bytes.truncate(from + *result.as_ref().unwrap_or(&0));
                Ok(result?)
            }
            Block::Small(bytes) => Ok(read(source, spare_capacity(bytes))?),
            Block::Large { pages, length, populated } => {
                if *populated < *length + CHUNK {
                    pages.populate(*populated..*populated + LARGE);
                    *populated += LARGE;
                }
                let end = pages.len().min(length.saturating_add(most)).min(*populated);
                let count = read(source, &mut pages[*length..end])?;
                *length += count;
                Ok(count)
            }
        }
    }

    /// Makes room for a chunk at least, doubling.
    fn reserve(&mut self) -> Result<(), SystemError> {
        match &mut self.0 {
            Block::Small(bytes) if bytes.capacity() - bytes.len() >= CHUNK => {}
            Block::Small(bytes) if bytes.len() + CHUNK <= LARGE => {
                // The vector doubles by itself.
                bytes.try_reserve(CHUNK).map_err(|_| SystemError::NOMEM)?;
            }
            Block::Small(bytes) => {
                let mut pages = Mapping::new(4 * LARGE.max(bytes.len()))?;
                let length = bytes.len();
                pages[..length].copy_from_slice(bytes);
                self.0 = Block::Large { pages, length, populated: LARGE };
            }
            Block::Large { pages, length, .. } if pages.len() - *length >= CHUNK => {}
            Block::Large { pages, .. } => {
                let size = pages.len();
                // Where address space or overcommit is short, an eighth may still be there.
                pages.grow(size.saturating_mul(2)).or_else(|_| pages.grow(size.saturating_add(size / 8)))?;
            }
        }
        Ok(())
    }

    /// Gives back the memory that holds nothing: it would count in the JS heap's books.
    pub fn trim(&mut self) {
        match &mut self.0 {
            Block::Small(bytes) => bytes.shrink_to_fit(),
            Block::Large { pages, length, .. } => pages.shrink(*length),
        }
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        if let Block::Large { pages, .. } = &self.0
            && pages.len() >= SLOW_TO_FREE
            // A program that only ever blocks has no runtime, and gets no thread for this.
            && let Some(runtime) = runtime::started()
        {
            let block = mem::replace(&mut self.0, Block::Small(Vec::new()));
            runtime.spawn(give_back(block));
        }
    }
}

/// Frees in steps, so that streams get their turns in between. A thread for it might not be there to be had.
async fn give_back(mut block: Block) {
    let Block::Large { pages, .. } = &mut block else { return };
    let mut before = usize::MAX;
    while pages.len() > SLOW_TO_FREE && pages.len() < before {
        before = pages.len();
        pages.shrink(before - SLOW_TO_FREE);
        yield_now().await;
    }
}

impl Default for Gathered {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Gathered {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Block::Small(bytes) => bytes,
            Block::Large { pages, length, .. } => &pages[..*length],
        }
    }
}

impl AsRef<[u8]> for Gathered {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write, thread};

    use rustix::pipe::pipe;

    use super::*;

    #[test]
    fn keeps_what_it_reads_over_every_size() {
        let sent: Vec<u8> = (0..9_000_000_u32).map(|i| (i ^ (i >> 8) ^ (i >> 16)).to_le_bytes()[0]).collect();
        let (ours, theirs) = pipe().unwrap();
        let expected = sent.clone();
        let writer = thread::spawn(move || std::fs::File::from(theirs).write_all(&sent).unwrap());
        let mut gathered = Gathered::new();
        while gathered.read_from(&ours, usize::MAX).unwrap() > 0 {}
        writer.join().unwrap();
        assert!(*gathered == *expected);
        gathered.trim();
        assert!(*gathered == *expected);
    }

    #[test]
    fn reads_no_more_than_it_is_told() {
        let (ours, theirs) = pipe().unwrap();
        rustix::io::write(&theirs, b"0123456789").unwrap();
        let mut gathered = Gathered::new();
        assert_eq!(gathered.read_from(&ours, 4), Ok(4));
        assert_eq!(gathered.read_from(&ours, 4), Ok(4));
        assert_eq!(&*gathered, b"01234567");
        drop(theirs);
        assert_eq!(gathered.read_from(&ours, 4), Ok(2));
        assert_eq!(gathered.read_from(&ours, 4), Ok(0));
        assert_eq!(&*gathered, b"0123456789");
    }

    #[test]
    fn a_failed_read_changes_nothing() {
        let (ours, theirs) = pipe().unwrap();
        let mut gathered = Gathered::new();
        assert_eq!(gathered.read_from(&theirs, usize::MAX), Err(SystemError::BADF));
        assert_eq!(gathered.read_from(&theirs, 4), Err(SystemError::BADF));
        assert_eq!(gathered.len(), 0);
        drop(ours);
    }
}
