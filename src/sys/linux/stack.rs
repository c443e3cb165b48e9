//! Memory for a child to run on until it execs.
//!
//! # Safety
//!
//! A private mapping with one owner.
#![allow(unsafe_code)]

use std::{cell::Cell, ffi::c_void, io, ptr};

/// The child's stack. One is kept for each thread: the parent sleeps while it is in use, so they cannot meet.
pub(super) struct Stack(*mut c_void);

const STACK_SIZE: usize = 64 * 1024;
const GUARD_SIZE: usize = 16 * 1024;

thread_local! {
    static KEPT: Cell<Option<Stack>> = const { Cell::new(None) };
}

impl Stack {
    /// The thread's own, or a new one.
    pub(super) fn take() -> io::Result<Self> {
        if let Some(stack) = KEPT.take() {
            return Ok(stack);
        }
        // SAFETY: a fresh private mapping, whose lowest part is then made inaccessible.
        unsafe {
            let base = libc::mmap(
                ptr::null_mut(),
                GUARD_SIZE + STACK_SIZE,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK,
                -1,
                0,
            );
            if base == libc::MAP_FAILED {
                return Err(io::Error::last_os_error());
            }
            let stack = Self(base);
            if libc::mprotect(base, GUARD_SIZE, libc::PROT_NONE) != 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(stack)
        }
    }

    /// Where it starts.
    pub(super) fn top(&self) -> *mut c_void {
        // SAFETY: one past the end of the mapping; stacks grow down from it.
        unsafe { self.0.add(GUARD_SIZE + STACK_SIZE) }
    }

    /// Keeps it for the thread's next child. Only when none runs on it.
    pub(super) fn give_back(self) {
        KEPT.set(Some(self));
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: mapped in `take` with this size, and no child is running on it.
        unsafe { libc::munmap(self.0, GUARD_SIZE + STACK_SIZE) };
    }
}
