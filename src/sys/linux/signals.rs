//! Signal masks by raw system call.
//!
//! glibc's `sigprocmask` leaves out signals 32 and 33, which it uses itself (SIGCANCEL, SIGSETXID). A handler for them
//! that ran in a child sharing our memory would corrupt the parent, so they are blocked too.
//!
//! # Safety
//!
//! `rt_sigprocmask` touches only the calling thread's mask.
#![allow(unsafe_code)]

use std::{marker::PhantomData, ptr, sync::LazyLock};

use super::kernel;

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

/// The kernel's `struct sigaction`: at most four words on every Linux, all zero for `SIG_DFL`.
pub(super) const DEFAULT_ACTION: [u64; 4] = [0; 4];

/// The signals that a child has to reset before exec, one bit each, from signal 1 on.
///
/// The 29 classic ones always, as libuv does. That is 4 us of the parent's sleep, so the real-time ones only if somebody had set
/// them when the first child was started: neither Node nor JS can set them. `CLONE_CLEAR_SIGHAND` would reset handlers for
/// nothing, but what is ignored stays so, native code may ignore any signal at any time, and to learn which costs more: 4 us by
/// asking for each, 6 by `/proc/self/stat`.
pub(super) fn to_reset() -> u64 {
    static SIGNALS: LazyLock<u64> = LazyLock::new(|| {
        let classic = 0x7fff_ffff & !(bit(libc::SIGKILL) | bit(libc::SIGSTOP));
        (32..=64).filter(|signal| !is_default(*signal)).fold(classic, |set, signal| set | bit(signal))
    });
    *SIGNALS
}

/// Sets signals to their defaults, in a child. Handlers must be gone before signals are unblocked, and an ignored signal would
/// stay ignored in the new program: Node itself ignores SIGPIPE.
pub(super) fn reset(signals: u64) {
    let mut rest = signals;
    while rest != 0 {
        kernel::reset_signal(rest.trailing_zeros().cast_signed() + 1);
        rest &= rest - 1;
    }
}

fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

fn is_default(signal: i32) -> bool {
    let mut action = DEFAULT_ACTION;
    let none = ptr::null::<libc::c_void>();
    // SAFETY: only asks, and there is room for the answer, whose first word is the handler.
    let asked =
        unsafe { libc::syscall(libc::SYS_rt_sigaction, signal, none, action.as_mut_ptr(), SIGSET_SIZE) };
    asked == 0 && action[0] == 0
}

fn set_mask(mask: &KernelSigset, previous: *mut KernelSigset) {
    // SAFETY: both point to kernel-sized sets (or null). It cannot fail with these arguments.
    unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, ptr::from_ref(mask), previous, SIGSET_SIZE)
    };
}
