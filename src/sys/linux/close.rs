//! Closes descriptors in bulk, between clone and exec. It runs under the rules of `child.rs`.
//!
//! Node trusts that everybody opens with `O_CLOEXEC`. An addon that does not would hand its descriptors to every child,
//! and a pipe whose write end lives on in some stranger never ends. And what is open for writing until exec is in the way of
//! whoever runs it (ETXTBSY): another thread may just have written a program.

use std::ffi::c_int;

use super::kernel;

/// When descriptors are closed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// As soon as may be.
    Now,
    /// Not before the program has been found.
    AtExec,
}

/// Closes everything from `first` on but `kept`. `by_range` is whether to try `close_range(2)`; false if that is refused, and
/// the longer way was gone.
pub(super) fn close_from(first: c_int, kept: c_int, when: Close, by_range: bool) -> bool {
    if by_range && close_ranges(first, kept, when).is_ok() {
        return true;
    }
    close_listed(first, kept, when);
    false
}

fn close_ranges(first: c_int, kept: c_int, when: Close) -> kernel::Answer {
    let flags = if when == Close::AtExec { kernel::CLOSE_AT_EXEC } else { 0 };
    if kept < first {
        return kernel::close_range(first, c_int::MAX, flags);
    }
    if kept > first {
        kernel::close_range(first, kept - 1, flags)?;
    }
    kernel::close_range(kept + 1, c_int::MAX, flags)
}

/// By the list in `/proc/self/fd`, or, where that is not mounted, by trying all that a process can normally have.
fn close_listed(first: c_int, kept: c_int, when: Close) {
    let close = |fd| {
        if fd < first || fd == kept {
        } else if when == Close::AtExec {
            kernel::close_at_exec(fd);
        } else {
            kernel::close(fd);
        }
    };
    let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
    let Ok(directory) = kernel::open(c"/proc/self/fd", flags) else {
        (first..1024).for_each(close);
        return;
    };
    let mut buffer = Buffer([0; 2048]);
    while let Ok(length @ 1..) = kernel::read_directory(directory, &mut buffer.0) {
        let mut offset = 0;
        while offset < length.unsigned_abs() as usize {
            let entry = &buffer.0[offset..];
            // struct linux_dirent64: ino and offset of 8 bytes each, record length of 2, type of 1, name.
            let record = usize::from(u16::from_ne_bytes([entry[16], entry[17]]));
            if let Some(fd) = parse_fd(&entry[19..record])
                && fd != directory
            {
                close(fd);
            }
            offset += record;
        }
    }
    kernel::close(directory);
}

/// The kernel writes records at 8-byte boundaries.
#[repr(align(8))]
struct Buffer([u8; 2048]);

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
