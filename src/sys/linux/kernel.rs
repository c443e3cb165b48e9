//! System calls for a child before its exec: straight to the kernel, past everything that libc keeps for its process.
//!
//! # Safety
//!
//! Descriptors are mere numbers here: the child's table is its own, and what it opens and closes is no one's but its plan's.
//! Pointers come from references, which live longer than the call. Only `errno` of the calling thread is touched.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_int, c_long},
    ptr,
};

use super::signals::{DEFAULT_ACTION, SIGSET_SIZE};
use crate::sys::pointers::Pointers;

/// A result, or an errno.
pub(super) type Answer<T = ()> = Result<T, c_int>;

fn answer(result: c_long) -> Answer<c_int> {
    if result == -1 {
        // SAFETY: the address of this thread's errno.
        return Err(unsafe { *libc::__errno_location() });
    }
    // None of the calls in use has more to say than an int holds.
    Ok(c_int::try_from(result).unwrap_or_default())
}

/// Calls the kernel. To be used within `unsafe`: the arguments have to be what the call's manual page asks for.
macro_rules! syscall {
    ($number:ident $(, $argument:expr)* $(,)?) => { answer(libc::syscall(libc::$number $(, $argument)*)) };
}

/// `setsid(2)`.
pub(super) fn setsid() -> Answer {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_setsid) }.map(drop)
}

/// `setpgid(2)` of the caller.
pub(super) fn setpgid(group: c_int) -> Answer {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_setpgid, 0, group) }.map(drop)
}

/// `chdir(2)`.
pub(super) fn chdir(path: &CStr) -> Answer {
    // SAFETY: a C string.
    unsafe { syscall!(SYS_chdir, path.as_ptr()) }.map(drop)
}

/// `fchdir(2)`.
pub(super) fn fchdir(fd: c_int) -> Answer {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_fchdir, fd) }.map(drop)
}

/// `open(2)`.
pub(super) fn open(path: &CStr, flags: c_int) -> Answer<c_int> {
    // SAFETY: a C string.
    unsafe { syscall!(SYS_openat, libc::AT_FDCWD, path.as_ptr(), flags, 0) }
}

/// `close(2)`.
pub(super) fn close(fd: c_int) {
    // SAFETY: no pointer; see the module.
    let _ = unsafe { syscall!(SYS_close, fd) };
}

/// The flag by which `close_range(2)` only marks: Linux 5.11, while the call is of 5.9.
pub(super) const CLOSE_AT_EXEC: c_int = 4;

/// The flag by which it works on a table of the caller's own, of which it takes a copy without the range if there are others.
pub(super) const UNSHARE: c_int = 2;

/// `close_range(2)`, both ends included.
pub(super) fn close_range(first: c_int, last: c_int, flags: c_int) -> Answer {
    // SAFETY: no pointer; see the module.
    unsafe { syscall!(SYS_close_range, first, last, flags) }.map(drop)
}

/// `dup3(2)`, the copy not close-on-exec.
pub(super) fn dup_to(fd: c_int, target: c_int) -> Answer {
    // SAFETY: no pointer; see the module.
    unsafe { syscall!(SYS_dup3, fd, target, 0) }.map(drop)
}

/// A close-on-exec copy at `least` or above.
pub(super) fn dup_above(fd: c_int, least: c_int) -> Answer<c_int> {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_fcntl, fd, libc::F_DUPFD_CLOEXEC, least) }
}

/// Lets a descriptor live through exec.
pub(super) fn keep_at_exec(fd: c_int) -> Answer {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_fcntl, fd, libc::F_SETFD, 0) }.map(drop)
}

/// Lets a descriptor be closed at exec.
pub(super) fn close_at_exec(fd: c_int) {
    // SAFETY: no pointer.
    let _ = unsafe { syscall!(SYS_fcntl, fd, libc::F_SETFD, libc::FD_CLOEXEC) };
}

/// Takes `O_NONBLOCK` off the open file.
pub(super) fn set_blocking(fd: c_int) -> Answer {
    // SAFETY: no pointer.
    let flags = unsafe { syscall!(SYS_fcntl, fd, libc::F_GETFL) }?;
    if flags & libc::O_NONBLOCK != 0 {
        // SAFETY: no pointer.
        unsafe { syscall!(SYS_fcntl, fd, libc::F_SETFL, flags & !libc::O_NONBLOCK) }?;
    }
    Ok(())
}

/// `getdents64(2)`: the number of bytes that it has filled.
pub(super) fn read_directory(fd: c_int, buffer: &mut [u8]) -> Answer<c_int> {
    // SAFETY: room for as many bytes as are said.
    unsafe { syscall!(SYS_getdents64, fd, buffer.as_mut_ptr(), buffer.len()) }
}

/// `write(2)`.
pub(super) fn write(fd: c_int, bytes: &[u8]) -> Answer<c_int> {
    // SAFETY: as many bytes as are said.
    unsafe { syscall!(SYS_write, fd, bytes.as_ptr(), bytes.len()) }
}

/// `setrlimit(2)`, by the call that is the same on every machine.
pub(super) fn set_limit(resource: u32, soft: u64, hard: u64) -> Answer {
    // `struct rlimit64`.
    let limit = [soft, hard];
    // SAFETY: two words to read, and nothing to write.
    unsafe { syscall!(SYS_prlimit64, 0, resource, limit.as_ptr(), ptr::null_mut::<u64>()) }.map(drop)
}

/// `setpriority(2)` of the caller.
pub(super) fn set_niceness(niceness: c_int) -> Answer {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_setpriority, 0, 0, niceness) }.map(drop)
}

/// `umask(2)`, which cannot fail.
pub(super) fn set_umask(mask: u32) {
    // SAFETY: no pointer.
    let _ = unsafe { syscall!(SYS_umask, mask) };
}

/// `setgroups(2)` of this thread only.
pub(super) fn set_groups(groups: &[u32]) -> Answer {
    // SAFETY: as many ids as are said.
    unsafe { syscall!(SYS_setgroups, groups.len(), groups.as_ptr()) }.map(drop)
}

/// `setgid(2)` of this thread only.
pub(super) fn set_gid(gid: u32) -> Answer {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_setgid, gid) }.map(drop)
}

/// `setuid(2)` of this thread only.
pub(super) fn set_uid(uid: u32) -> Answer {
    // SAFETY: no pointer.
    unsafe { syscall!(SYS_setuid, uid) }.map(drop)
}

/// Sets a signal to its default.
pub(super) fn reset_signal(signal: c_int) {
    let none = ptr::null_mut::<u64>();
    // SAFETY: an action of the kernel's size to read, and nothing to write.
    let _ = unsafe { syscall!(SYS_rt_sigaction, signal, DEFAULT_ACTION.as_ptr(), none, SIGSET_SIZE) };
}

/// Whether there is a file of this path.
pub(super) fn exists(path: &CStr) -> bool {
    // SAFETY: a C string.
    unsafe { syscall!(SYS_faccessat, libc::AT_FDCWD, path.as_ptr(), libc::F_OK) }.is_ok()
}

/// `execve(2)`, which returns only if it fails: the errno.
pub(super) fn exec(path: &CStr, argv: &Pointers<'_>, envp: &Pointers<'_>) -> c_int {
    // SAFETY: a C string and null-terminated arrays of them.
    unsafe { syscall!(SYS_execve, path.as_ptr(), argv.as_ptr(), envp.as_ptr()) }.err().unwrap_or_default()
}

/// `exit_group(2)`. It does not return, but says nothing of that: before a call that never returns the address sanitizer looks
/// at the stack, which is none that it knows, and prints what it thinks of it into the child's stderr.
pub(super) fn exit(code: c_int) {
    // SAFETY: no pointer; nobody comes back from it.
    let _ = unsafe { syscall!(SYS_exit_group, code) };
}
