//! Signal masks by raw system call.
//!
//! glibc's `sigprocmask` leaves out signals 32 and 33, which it uses itself (SIGCANCEL, SIGSETXID). A handler for them
//! that ran in a child sharing our memory would corrupt the parent, so they are blocked too.
//!
//! # Safety
//!
//! `rt_sigprocmask` touches only the calling thread's mask.
#![allow(unsafe_code)]

use std::{fs::File, marker::PhantomData, os::unix::fs::FileExt, ptr, sync::LazyLock};

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

/// The classic signals that can be set, one bit each, from signal 1 on.
const CLASSIC: u64 = 0x7fff_ffff & !(bit(libc::SIGKILL) | bit(libc::SIGSTOP));

/// The signals that a child has to reset before exec: the classic ones, as libuv does. Each costs a system call in the child, a
/// fifth of a microsecond of the parent's sleep, so the real-time ones only if somebody had set them when the first child was
/// started: neither Node nor JS can set them.
pub(super) fn to_reset() -> u64 {
    CLASSIC | *REALTIME
}

/// The same for a child that has no handlers: those that are ignored. None where `/proc` does not tell.
pub(super) fn ignored() -> Option<u64> {
    // One read instead of 29 questions. The main thread's file, as that thread is there to the end.
    static STAT: LazyLock<Option<File>> = LazyLock::new(|| {
        let pid = std::process::id();
        File::open(format!("/proc/self/task/{pid}/stat")).ok()
    });
    let mut text = [0; 1024];
    let length = STAT.as_ref()?.read_at(&mut text, 0).ok()?;
    Some(ignored_in(&text[..length])? & CLASSIC | *REALTIME)
}

/// `sigignore` of `/proc/pid/stat`, the 33rd field. The second, a name in brackets, may have anything in it.
fn ignored_in(stat: &[u8]) -> Option<u64> {
    let name_end = stat.iter().rposition(|byte| *byte == b')')?;
    let field = stat.get(name_end + 2..)?.split(|byte| *byte == b' ').nth(33 - 3)?;
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// The real-time signals that were not at their default when the first child was started.
static REALTIME: LazyLock<u64> = LazyLock::new(|| {
    (32..=64).filter(|signal| !is_default(*signal)).fold(0, |set, signal| set | bit(signal))
});

/// Sets signals to their defaults, in a child. Handlers must be gone before signals are unblocked, and an ignored signal would
/// stay ignored in the new program: Node itself ignores SIGPIPE.
pub(super) fn reset(signals: u64) {
    let mut rest = signals;
    while rest != 0 {
        kernel::reset_signal(rest.trailing_zeros().cast_signed() + 1);
        rest &= rest - 1;
    }
}

const fn bit(signal: i32) -> u64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_tells_what_is_ignored() {
        // Rust's runtime ignores SIGPIPE, as Node does.
        assert_eq!(ignored().map(|set| set & CLASSIC), Some(bit(libc::SIGPIPE)));
    }

    #[test]
    fn a_name_may_look_like_fields() {
        let rest = (4..=33).map(|field| if field == 33 { "4096".into() } else { field.to_string() });
        let stat = format!("1 (a) S 1 2 (b c) R {} 34", rest.collect::<Vec<String>>().join(" "));
        assert_eq!(ignored_in(stat.as_bytes()), Some(4096));
        assert_eq!(ignored_in(b"1 (cut"), None);
        assert_eq!(ignored_in(b"1 (a) S 1"), None);
    }
}
