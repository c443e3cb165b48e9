//! Marks descriptors close-on-exec in bulk, between clone and exec.
//!
//! Node trusts that everybody opens with `O_CLOEXEC`. An addon that does not would hand its descriptors to every child,
//! and a pipe whose write end lives on in some stranger never ends.
//!
//! # Safety
//!
//! Runs under the rules of `child.rs`: no allocation, no lock, no libc state but errno.
#![allow(unsafe_code)]

use std::ffi::c_int;

use super::syscall::syscall;

/// `close_range(2)` from `first` on. False where the kernel is older than 5.11 or a sandbox refuses.
pub(super) fn close_range(first: c_int) -> bool {
    const CLOSE_RANGE_CLOEXEC: c_int = 4;
    syscall!(SYS_close_range, first, c_int::MAX, CLOSE_RANGE_CLOEXEC).is_ok()
}

/// The same by the list in `/proc/self/fd`, or, where that is not mounted, by trying all that a process can normally have.
pub(super) fn close_at_exec_by_proc(first: c_int) {
    let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
    let Ok(directory) = syscall!(SYS_openat, libc::AT_FDCWD, c"/proc/self/fd".as_ptr(), flags, 0) else {
        for fd in first..1024 {
            mark(fd);
        }
        return;
    };
    let mut buffer = Buffer([0; 2048]);
    while let Ok(length @ 1..) = syscall!(SYS_getdents64, directory, buffer.0.as_mut_ptr(), buffer.0.len()) {
        let mut offset = 0;
        while offset < length.unsigned_abs() as usize {
            let entry = &buffer.0[offset..];
            // struct linux_dirent64: ino and offset of 8 bytes each, record length of 2, type of 1, name.
            let record = usize::from(u16::from_ne_bytes([entry[16], entry[17]]));
            if let Some(fd) = parse_fd(&entry[19..record])
                && fd >= first
            {
                mark(fd);
            }
            offset += record;
        }
    }
    let _ = syscall!(SYS_close, directory);
}

/// The kernel writes records at 8-byte boundaries.
#[repr(align(8))]
struct Buffer([u8; 2048]);

fn mark(fd: c_int) {
    let _ = syscall!(SYS_fcntl, fd, libc::F_SETFD, libc::FD_CLOEXEC);
}

/// The number that a NUL-terminated name spells; none for `.` and `..`.
fn parse_fd(name: &[u8]) -> Option<c_int> {
    let mut number: c_int = 0;
    let mut digits = 0;
    for byte in name.iter().take_while(|byte| **byte != 0) {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.checked_mul(10)?.checked_add(c_int::from(digit))?;
        digits += 1;
    }
    (digits > 0).then_some(number)
}
