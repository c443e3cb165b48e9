//! Memory that JS fills and any thread may read: what a call into native code for each message would cost more than.
//!
//! A header of 64 bytes, then room for bytes. JS appends bytes and then publishes how many there are; a reader looks at
//! published bytes only. The thread that fills it is the one that resets it.
//!
//! # Safety
//!
//! JS gets the memory as an `ArrayBuffer`, so that it is up to lib/ipc/outbox.js to write behind the published bytes
//! only, and up to its caller here to call [`Slab::reset`] on JS's thread only, while no slice of it is held. The memory is
//! freed when the last owner is gone; JS is one, through its buffer's finalizer.
#![allow(unsafe_code)]

use std::{
    alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error},
    ffi::c_void,
    ops::Range,
    ptr::{self, NonNull},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};

use napi::{
    bindgen_prelude::ToNapiValue,
    sys::{self, Status},
};

/// In front of the bytes, on a cache line of its own: how many are published, and whether somebody watches.
#[repr(C, align(64))]
struct Header([AtomicU32; 16]);

const PUBLISHED: usize = 0;
const WATCHED: usize = 1;

/// See the module.
pub struct Slab {
    memory: NonNull<Header>,
    capacity: usize,
}

// SAFETY: the header is atomic, and bytes are read only after they have been published and before they are written
// again, which the users of this module keep to.
unsafe impl Send for Slab {}
// SAFETY: as above.
unsafe impl Sync for Slab {}

impl Slab {
    /// Zeroed memory for `capacity` bytes besides the header.
    #[must_use]
    pub fn new(capacity: usize) -> Arc<Self> {
        let layout = Self::layout(capacity);
        #[expect(clippy::cast_ptr_alignment, reason = "the layout has the header's alignment")]
        // SAFETY: the layout is not empty. Zeroes are a valid header.
        let memory = unsafe { alloc_zeroed(layout) }.cast::<Header>();
        let Some(memory) = NonNull::new(memory) else { handle_alloc_error(layout) };
        Arc::new(Self { memory, capacity })
    }

    fn layout(capacity: usize) -> Layout {
        Layout::from_size_align(size_of::<Header>() + capacity, align_of::<Header>())
            .expect("a slab is far smaller than isize::MAX")
    }

    fn header(&self) -> &[AtomicU32; 16] {
        // SAFETY: allocated and initialised in `new`; everybody uses it as atomics, JS through `Atomics`.
        unsafe { &self.memory.as_ref().0 }
    }

    fn start(&self) -> *mut u8 {
        // SAFETY: the bytes lie behind the header, in the same allocation.
        unsafe { self.memory.add(1).as_ptr().cast() }
    }

    /// How many bytes have been published.
    #[must_use]
    pub fn published(&self) -> usize {
        (self.header()[PUBLISHED].load(SeqCst) as usize).min(self.capacity)
    }

    /// Publishes as JS does, after writing. Does nothing beyond the capacity.
    ///
    /// For the thread that fills the slab.
    pub fn append(&self, bytes: &[u8]) {
        let from = self.published();
        if bytes.len() <= self.capacity - from {
            // SAFETY: room that is not published, so nobody reads it, and that only this thread writes.
            unsafe {
                let room = self.start().add(from);
                ptr::copy_nonoverlapping(bytes.as_ptr(), room, bytes.len());
            }
            let count = u32::try_from(from + bytes.len()).unwrap_or(u32::MAX);
            self.header()[PUBLISHED].store(count, SeqCst);
        }
    }

    /// Published bytes.
    ///
    /// # Panics
    ///
    /// The range goes beyond what is published.
    #[must_use]
    pub fn bytes(&self, range: Range<usize>) -> &[u8] {
        assert!(range.start <= range.end && range.end <= self.published());
        // SAFETY: inside the memory; published bytes are not written until the reset.
        unsafe { std::slice::from_raw_parts(self.start().add(range.start), range.len()) }
    }

    /// Forgets the bytes, so that the slab is filled from the start.
    pub fn reset(&self) {
        self.header()[PUBLISHED].store(0, SeqCst);
    }

    /// Sets whether somebody looks at the slab from time to time, and gives what was set before.
    #[must_use]
    pub fn set_watched(&self, on: bool) -> bool {
        self.header()[WATCHED].swap(u32::from(on), SeqCst) != 0
    }
}

/// The memory as JS gets it: an `ArrayBuffer`, or undefined where V8 cannot share memory (Electron's sandbox).
pub struct SlabMemory(pub Arc<Slab>);

impl ToNapiValue for SlabMemory {
    unsafe fn to_napi_value(env: sys::napi_env, memory: Self) -> napi::Result<sys::napi_value> {
        unsafe extern "C" fn release(_: sys::napi_env, _: *mut c_void, owner: *mut c_void) {
            // SAFETY: the share made below, given back once.
            drop(unsafe { Arc::from_raw(owner.cast::<Slab>()) });
        }
        let (start, size) = (memory.0.memory.as_ptr(), size_of::<Header>() + memory.0.capacity);
        let share = Arc::into_raw(memory.0);
        let mut buffer = ptr::null_mut();
        // SAFETY: the memory lives as long as the share, which the finalizer takes back.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(
                env,
                start.cast(),
                size,
                Some(release),
                share.cast_mut().cast(),
                &raw mut buffer,
            )
        };
        if status == Status::napi_ok {
            return Ok(buffer);
        }
        // SAFETY: Node did not take the share; `env` is the current environment.
        unsafe {
            drop(Arc::from_raw(share));
            <()>::to_napi_value(env, ())
        }
    }
}

impl Drop for Slab {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this layout, and nobody else is left.
        unsafe { dealloc(self.memory.as_ptr().cast(), Self::layout(self.capacity)) };
    }
}
