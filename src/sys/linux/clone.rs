//! `clone(2)` with a function to run in the child, by raw system call.
//!
//! Not glibc's `clone()`: before 2.25 it takes the thread's id out of its cache for good where memory is shared.
//!
//! # Safety
//!
//! See `spawner.rs`. The child starts on a stack of its own, at the function, and never comes back from it, so that nothing of
//! the caller's frame is used twice.
#![allow(unsafe_code)]

use std::{
    ffi::{c_int, c_long, c_void},
    io,
    os::fd::{FromRawFd, OwnedFd},
    ptr,
};

use super::{
    child::{self, Plan},
    stack::Stack,
};

/// Starts the child's main function. `flags` are those of `clone(2)`, without a signal. Gives the pid, and the pidfd if
/// `CLONE_PIDFD` is among the flags.
pub(super) fn clone(plan: &mut Plan<'_>, stack: &Stack, flags: c_int) -> io::Result<(i32, Option<OwnedFd>)> {
    let mut pidfd: c_int = -1;
    let flags = (flags | libc::SIGCHLD).unsigned_abs() as usize;
    let arguments = [flags, stack.top() as usize, (&raw mut pidfd) as usize, 0, 0];
    // SAFETY: the call's arguments: a stack of the child's own, and room for the pidfd.
    let pid = unsafe { call(libc::SYS_clone, arguments, plan) }?;
    // SAFETY: the kernel has made it, close-on-exec, for us.
    Ok((pid, (pidfd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(pidfd) })))
}

/// Makes the call. In the child, where the kernel has set the stack pointer and the call gives 0, [`child::main`] runs.
///
/// # Safety
///
/// The arguments have to be what the call asks for, with a stack for the child that nobody else uses.
#[cfg(target_arch = "x86_64")]
unsafe fn call(number: c_long, arguments: [usize; 5], plan: &mut Plan<'_>) -> io::Result<i32> {
    let result: c_long;
    // SAFETY: a system call, which leaves all registers but rax, rcx and r11 alone, in the child as well.
    unsafe {
        std::arch::asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "xor ebp, ebp",
            "mov rdi, r12",
            "call r13",
            "ud2",
            "2:",
            inlateout("rax") number => result,
            in("rdi") arguments[0],
            in("rsi") arguments[1],
            in("rdx") arguments[2],
            in("r10") arguments[3],
            in("r8") arguments[4],
            in("r12") ptr::from_mut(plan).cast::<c_void>(),
            in("r13") child::main as extern "C" fn(*mut c_void) -> c_int,
            out("rcx") _,
            out("r11") _,
        );
    }
    answer(result)
}

/// As above.
///
/// # Safety
///
/// As above.
#[cfg(target_arch = "aarch64")]
unsafe fn call(number: c_long, arguments: [usize; 5], plan: &mut Plan<'_>) -> io::Result<i32> {
    let result: c_long;
    // SAFETY: a system call, which leaves all registers but x0 alone, in the child as well.
    unsafe {
        std::arch::asm!(
            "svc #0",
            "cbnz x0, 2f",
            "mov x29, xzr",
            "mov x0, x20",
            "blr x21",
            "brk #1",
            "2:",
            inlateout("x0") arguments[0] => result,
            in("x1") arguments[1],
            in("x2") arguments[2],
            in("x3") arguments[3],
            in("x4") arguments[4],
            in("x8") number,
            in("x20") ptr::from_mut(plan).cast::<c_void>(),
            in("x21") child::main as extern "C" fn(*mut c_void) -> c_int,
        );
    }
    answer(result)
}

fn answer(result: c_long) -> io::Result<i32> {
    let result = i32::try_from(result).unwrap_or(-libc::EINVAL);
    if result < 0 { Err(io::Error::from_raw_os_error(-result)) } else { Ok(result) }
}
