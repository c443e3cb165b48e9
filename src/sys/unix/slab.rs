//! Memory that JS fills and any thread may read: what a call into native code for each message would cost more than.
//!
//! A header of 64 bytes, then room for bytes. JS appends bytes and then publishes how many there are; a reader looks at
//! published bytes only. The pages come from the kernel, so that a channel over which little is sent takes up one or two.
//!
//! # Safety
//!
//! In Rust a [`Slab`] is the only way to the bytes, and borrows as a `Vec` would. JS is the other writer, through an
//! `ArrayBuffer` over its [`SlabMemory`]: lib/ipc/slab.js writes behind what it has published, and starts anew only on the
//! thread that calls [`Slab::reset`], after the reset. The memory is freed when the last owner is gone, of which JS is one.
#![allow(unsafe_code)]

use std::{
    ops::Range,
    ptr::NonNull,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};

use crate::sys::SystemError;

use crate::sys::mapping::Mapping;

/// In front of the bytes, on a cache line of its own: how many are published, and whether somebody watches.
#[repr(C, align(64))]
struct Header([AtomicU32; 16]);

const PUBLISHED: usize = 0;
const WATCHED: usize = 1;

/// The memory by itself. It gives Rust the header and no byte behind it.
pub struct SlabMemory {
    start: NonNull<Header>,
    capacity: usize,
    _pages: Mapping,
}

// SAFETY: the header is atomic, and the rest can only be reached through the one `Slab`.
unsafe impl Send for SlabMemory {}
// SAFETY: as above.
unsafe impl Sync for SlabMemory {}

impl SlabMemory {
    /// Where it begins, for an `ArrayBuffer` of [`SlabMemory::size`] bytes.
    #[must_use]
    pub fn start(&self) -> NonNull<u8> {
        self.start.cast()
    }

    /// Header and bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of::<Header>() + self.capacity
    }

    /// Sets whether somebody looks at the slab from time to time, and gives what was set before.
    #[must_use]
    pub fn set_watched(&self, on: bool) -> bool {
        self.header()[WATCHED].swap(u32::from(on), SeqCst) != 0
    }

    fn header(&self) -> &[AtomicU32; 16] {
        // SAFETY: mapped and zeroed in `Slab::new`; everybody uses it as atomics, JS through `Atomics`.
        unsafe { &self.start.as_ref().0 }
    }

    /// Where the bytes begin.
    fn bytes(&self) -> *mut u8 {
        // SAFETY: they lie behind the header, in the same mapping.
        unsafe { self.start.add(1).as_ptr().cast() }
    }
}

/// The one reader of a slab's bytes. See the module.
pub struct Slab {
    memory: Arc<SlabMemory>,
}

impl Slab {
    /// Zeroed memory for `capacity` bytes besides the header.
    ///
    /// # Errors
    ///
    /// ENOMEM.
    pub fn new(capacity: usize) -> Result<Self, SystemError> {
        let mut pages = Mapping::new(size_of::<Header>() + capacity)?;
        // A page has the header's alignment.
        let start = NonNull::from(&mut pages[..]).cast::<Header>();
        Ok(Self { memory: Arc::new(SlabMemory { start, capacity, _pages: pages }) })
    }

    /// What JS and a watcher share.
    #[must_use]
    pub fn memory(&self) -> &Arc<SlabMemory> {
        &self.memory
    }

    /// How many bytes have been published.
    #[must_use]
    pub fn published(&self) -> usize {
        (self.memory.header()[PUBLISHED].load(SeqCst) as usize).min(self.memory.capacity)
    }

    /// Published bytes.
    ///
    /// # Panics
    ///
    /// The range goes beyond what is published.
    #[must_use]
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        assert!(range.start <= range.end && range.end <= self.published());
        // SAFETY: inside the memory. JS leaves published bytes alone, and in Rust `&self` holds off who would change them.
        unsafe { std::slice::from_raw_parts(self.memory.bytes().add(range.start), range.len()) }
    }

    /// Forgets the bytes, so that the slab is filled from the start. For the thread that fills it.
    pub fn reset(&mut self) {
        self.memory.header()[PUBLISHED].store(0, SeqCst);
    }

    /// Does what JS does, for tests.
    ///
    /// # Panics
    ///
    /// There is no room.
    #[cfg(test)]
    pub fn append(&mut self, bytes: &[u8]) {
        let from = self.published();
        assert!(bytes.len() <= self.memory.capacity - from, "the slab is full");
        // SAFETY: room inside the memory; `&mut self` holds off all readers, and no JS is there.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.memory.bytes().add(from), bytes.len()) };
        let count = u32::try_from(from + bytes.len()).expect("a slab is smaller than 4 GiB");
        self.memory.header()[PUBLISHED].store(count, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_what_has_been_published() {
        let mut slab = Slab::new(100).unwrap();
        assert_eq!((slab.published(), slab.bytes(0..0)), (0, &b""[..]));
        slab.append(b"one");
        slab.append(b"two");
        assert_eq!((slab.published(), slab.bytes(1..6)), (6, &b"netwo"[..]));
        slab.reset();
        assert_eq!(slab.published(), 0);
        assert!(!slab.memory().set_watched(true));
        assert!(slab.memory().set_watched(false));
    }

    #[test]
    fn takes_up_what_is_used() {
        let resident = || {
            let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
            pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap()
        };
        let before = resident();
        let slabs: Vec<_> = (0..256)
            .map(|_| {
                let mut slab = Slab::new(64 * 1024).unwrap();
                slab.append(b"a message");
                slab
            })
            .collect();
        let pages = (resident() - before) / slabs.len();
        assert!(pages <= 2, "{pages} pages each");
    }
}
