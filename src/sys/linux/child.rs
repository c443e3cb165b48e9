//! What runs between clone and exec.
//!
//! # Safety
//!
//! This code runs in the parent's memory while the parent's thread sleeps (`CLONE_VM|CLONE_VFORK`), beside the
//! parent's other threads, which do not sleep and may hold any lock. So, as after a fork in a threaded process but more so:
//!
//! - it allocates nothing, takes no lock and calls no libc function but `syscall()` (`kernel.rs`). That sets `errno`, which is
//!   the sleeping thread's own. (glibc's `setuid` would send SIGSETXID to the parent's threads.)
//! - it returns by `exit_group` or not at all, and unwinds never;
//! - signals stay blocked until the parent's handlers have been reset, as a handler would run on the parent's data.
//!
//! Everything it reads was prepared before the clone.
#![allow(unsafe_code)]

use std::{
    convert::Infallible,
    ffi::{CStr, c_int, c_void},
    os::fd::AsRawFd,
    sync::atomic::{AtomicI32, Ordering::Relaxed},
};

use super::{attributes, close::Close, descriptors, exec, kernel, signals};
use crate::sys::{SpawnOptions, Step, pointers::Pointers};

/// Where the child says how it went: in shared memory, and through `error_pipe` where memory is not shared.
#[derive(Default)]
pub(super) struct Report {
    pub(super) alive: AtomicI32,
    pub(super) step: AtomicI32,
    pub(super) errno: AtomicI32,
    /// Set where `close_range` was refused, so that the next child need not ask.
    pub(super) no_close_range: AtomicI32,
}

/// All that the child needs, in memory that the parent keeps alive.
pub(super) struct Plan<'a> {
    /// What was asked for. What is below has been made of it, in the form that system calls take.
    pub(super) options: &'a SpawnOptions,
    pub(super) argv: Pointers<'a>,
    pub(super) envp: Pointers<'a>,
    /// The paths to try, in order.
    pub(super) candidates: &'a [&'a CStr],
    /// argv for a script without `#!`: `/bin/sh`, a place for its path, the arguments from argv[1] on.
    pub(super) shell_argv: Pointers<'a>,
    /// What each descriptor of the child is a copy of, if anything. Working space: the child moves them out of the way here.
    pub(super) sources: Vec<Option<c_int>>,
    /// The signals whose dispositions may not be the default, one bit each.
    pub(super) signals: u64,
    pub(super) close_range: bool,
    /// What becomes of the descriptors that are not in the plan.
    pub(super) close: Close,
    /// The child is made with the parent's table of descriptors.
    pub(super) shares_files: bool,
    pub(super) report: &'a Report,
    /// The write end of the error pipe, or -1.
    pub(super) error_pipe: c_int,
}

/// The step that failed, and its errno.
pub(super) type Failed = (Step, c_int);

/// The child's main function.
pub(super) extern "C" fn main(plan: *mut c_void) -> c_int {
    // SAFETY: `clone` passes the plan that its caller keeps alive and leaves alone until we exec or exit.
    let plan = unsafe { &mut *plan.cast::<Plan<'_>>() };
    plan.report.alive.store(1, Relaxed);
    let (step, errno) = match run(plan) {
        Err(failed) => failed,
        Ok(never) => match never {},
    };
    let step = step as i32;
    plan.report.errno.store(errno, Relaxed);
    plan.report.step.store(step, Relaxed);
    if plan.error_pipe >= 0 {
        let [s0, s1, s2, s3] = step.to_ne_bytes();
        let [e0, e1, e2, e3] = errno.to_ne_bytes();
        let _ = kernel::write(plan.error_pipe, &[s0, s1, s2, s3, e0, e1, e2, e3]);
    }
    loop {
        kernel::exit(127);
    }
}

/// The steps, in an order that decides the error where two things are wrong. What Node has too is in libuv's order: session,
/// descriptors, directory, ids. Limits and priority come before the ids, as they may take rights that the new user lacks.
fn run(plan: &mut Plan<'_>) -> Result<Infallible, Failed> {
    let options = plan.options;
    let at = |step| move |errno| (step, errno);
    descriptors::separate(plan).map_err(at(Step::Stdio))?;
    if options.detached {
        kernel::setsid().map_err(at(Step::Session))?;
    }
    if let Some(group) = options.attributes.process_group {
        kernel::setpgid(group).map_err(at(Step::ProcessGroup))?;
    }
    // While its descriptor is there.
    if let Some(base) = &options.base {
        kernel::fchdir(base.as_raw_fd()).map_err(at(Step::Cwd))?;
    }
    descriptors::place(plan).map_err(at(Step::Stdio))?;
    if let Some(cwd) = &options.cwd {
        kernel::chdir(cwd).map_err(at(Step::Cwd))?;
    }
    attributes::set(&options.attributes)?;
    signals::reset(plan.signals);
    signals::unblock_all();
    exec::exec(plan)
}
