//! Signal masks by raw system call.
//!
//! glibc's `sigprocmask` leaves out signals 32 and 33, which it uses itself (SIGCANCEL, SIGSETXID). A handler for them
//! that ran in a child sharing our memory would corrupt the parent, so they are blocked too.
//!
//! # Safety
//!
//! `rt_sigprocmask` touches only the calling thread's mask.
#![allow(unsafe_code)]

use std::{marker::PhantomData, ptr};

/// The kernel's `sigset_t`: one bit for each of the 64 signals.
type KernelSigset = u64;

/// The size the kernel wants to be told.
pub(super) const SIGSET_SIZE: usize = size_of::<KernelSigset>();

/// Blocks every signal on this thread until dropped.
pub struct BlockAll {
    previous: KernelSigset,
    /// The mask belongs to the thread.
    _not_send: PhantomData<*const ()>,
}

impl BlockAll {
    /// Blocks all that can be blocked.
    #[must_use]
    pub fn new() -> Self {
        let mut previous = 0;
        set_mask(&KernelSigset::MAX, &raw mut previous);
        Self { previous, _not_send: PhantomData }
    }
}

impl Default for BlockAll {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for BlockAll {
    fn drop(&mut self) {
        set_mask(&self.previous, ptr::null_mut());
    }
}

/// Lets every signal through on this thread. A child does this last of all before exec.
pub(super) fn unblock_all() {
    set_mask(&0, ptr::null_mut());
}

fn set_mask(mask: &KernelSigset, previous: *mut KernelSigset) {
    // SAFETY: both point to kernel-sized sets (or null). It cannot fail with these arguments.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, ptr::from_ref(mask), previous, SIGSET_SIZE)
    };
}
