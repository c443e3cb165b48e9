//! Makes a child that shares our memory until it execs: `clone(CLONE_VM | CLONE_VFORK | CLONE_PIDFD)`.
//!
//! `fork()` copies page tables, which takes time in proportion to the parent's memory (65-140 ms at 1 GB of Buffers in
//! Node); this copies nothing. Only the calling thread sleeps, until exec. Where memory is not really shared (qemu-user,
//! WSL 1) the same child runs after a plain fork, and reports through a pipe.
//!
//! # Safety
//!
//! See `child.rs` for the rules on the other side. Here: the plan and the stack outlive the child's use of them, because
//! `CLONE_VFORK` holds this thread until exec or exit, and because without shared memory the child has its own copies.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_int, c_void},
    fs::File,
    io::{self, Read},
    iter,
    os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd},
    ptr,
    sync::atomic::Ordering::Relaxed,
};

use rustix::pipe::{PipeFlags, pipe_with};

use super::{
    attributes::changes_user,
    capabilities::capabilities,
    child::{self, Plan, Report},
    dumpable::KeepDumpable,
    signals::{self, BlockAll},
    stack::Stack,
    wait,
};
use crate::sys::{
    Descriptor, SpawnOptions, StdioSpec, Step, SystemError, environ::Environ, search_path::candidates,
};

/// A child that has exec'd.
pub struct Started {
    /// The process id.
    pub pid: i32,
    /// Becomes readable when it exits; none where the kernel has no pidfds.
    pub pidfd: Option<OwnedFd>,
}

/// Why there is no child.
#[derive(Debug, Clone, Copy)]
pub struct Failure {
    /// What was being done.
    pub step: Step,
    /// The system's reason.
    pub error: SystemError,
}

/// Starts a program. When this returns, it has been exec'd, or is gone and reaped. `ends` has the child's end for each slot of
/// `options.stdio` that is a pipe or a socket pair.
///
/// # Errors
///
/// The first step that failed.
pub fn start(options: &SpawnOptions, ends: &[Option<Descriptor>]) -> Result<Started, Failure> {
    let own = Environ::read();
    let candidates = candidates(&options.file, options.env.path(&own))
        .map_err(|errno| Failure { step: Step::Exec, error: errno.into() })?;
    let candidates: Vec<&CStr> = candidates.iter().collect();
    let capabilities = capabilities();
    // Until sharing has been seen once, the pipe tells what the memory might not.
    let pipe = if capabilities.shared_memory.proven() {
        None
    } else {
        Some(pipe_with(PipeFlags::CLOEXEC).map_err(|errno| at_clone(errno.into()))?)
    };
    let report = Report::default();
    let mut plan = Plan {
        options,
        argv: options.args.iter().collect(),
        envp: options.env.pointers(&own),
        candidates: &candidates,
        shell_argv: [c"/bin/sh", c""].into_iter().chain(options.args.iter().skip(1)).collect(),
        sources: sources(&options.stdio, ends),
        signals: signals::to_reset(),
        close_range: capabilities.close_range.maybe(),
        names_descriptors: candidates.iter().copied().chain(options.cwd.as_deref()).any(names_descriptor),
        report: &report,
        error_pipe: pipe.as_ref().map_or(-1, |(_, write)| write.as_raw_fd()),
    };
    let kept = changes_user(&options.attributes).then(KeepDumpable::new);
    let cloned = clone(&mut plan, capabilities.shared_memory.maybe());
    drop(kept);
    let (pid, pidfd) = cloned.map_err(at_clone)?;

    let failure = match pipe {
        None => failure_in(&report),
        Some((read, write)) => {
            drop(write);
            let told = failure_through(read);
            if capabilities.shared_memory.maybe() {
                capabilities.shared_memory.learn(report.alive.load(Relaxed) == 1);
            }
            told
        }
    };
    if report.no_close_range.load(Relaxed) == 1 {
        capabilities.close_range.learn(false);
    }
    match failure {
        Some(failure) => {
            wait::reap_failed(pid);
            Err(failure)
        }
        None => Ok(Started { pid, pidfd }),
    }
}

fn at_clone(error: io::Error) -> Failure {
    Failure { step: Step::Clone, error: error.into() }
}

fn sources(stdio: &[StdioSpec], ends: &[Option<Descriptor>]) -> Vec<Option<c_int>> {
    let ends = ends.iter().map(Option::as_ref).chain(iter::repeat(None));
    let source = |(spec, end): (&StdioSpec, Option<&Descriptor>)| match (spec, end) {
        (_, Some(end)) => Some(end.as_raw_fd()),
        (StdioSpec::Fd(fd), None) => Some(*fd),
        _ => None,
    };
    stdio.iter().zip(ends).map(source).collect()
}

/// Whether a path may lead through a descriptor, as `/proc/self/fd/3` and `/dev/fd/3` do.
fn names_descriptor(path: &CStr) -> bool {
    path.to_bytes().windows(4).any(|part| part == b"/fd/")
}

/// The clone itself, with every signal blocked: a handler must not run in the child before it has reset them.
fn clone(plan: &mut Plan<'_>, share: bool) -> io::Result<(i32, Option<OwnedFd>)> {
    let pidfds = &capabilities().pidfd;
    let stack = Stack::take()?;
    let flags = libc::SIGCHLD | if share { libc::CLONE_VM | libc::CLONE_VFORK } else { 0 };
    let blocked = BlockAll::new();
    let mut cloned = Err(io::Error::from_raw_os_error(libc::EINVAL));
    if pidfds.maybe() {
        cloned = call(plan, &stack, flags | libc::CLONE_PIDFD);
    }
    // A kernel that does not know the flag says EINVAL, a sandbox EPERM or ENOSYS. Every other cause comes again without it.
    if matches!(&cloned, Err(error) if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::EPERM | libc::ENOSYS)))
    {
        cloned = call(plan, &stack, flags);
        if cloned.is_ok() {
            pidfds.learn(false);
        }
    }
    drop(blocked);
    stack.give_back();
    let (pid, pidfd) = cloned?;
    if let Some(pidfd) = &pidfd
        && !pidfds.proven()
    {
        pidfds.learn(wait::can_be_polled(pidfd.as_fd()));
    }
    // One that says nothing of the exit is as good as none.
    Ok((pid, pidfd.filter(|_| pidfds.maybe())))
}

fn call(plan: &mut Plan<'_>, stack: &Stack, flags: c_int) -> io::Result<(i32, Option<OwnedFd>)> {
    let mut pidfd: c_int = -1;
    // SAFETY: see the module. The kernel stores the pidfd (close-on-exec) through the pointer before it returns.
    let pid = unsafe {
        libc::clone(child::main, stack.top(), flags, ptr::from_mut(plan).cast::<c_void>(), &raw mut pidfd)
    };
    if pid < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel made it for us.
    Ok((pid, (pidfd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(pidfd) })))
}

fn failure_in(report: &Report) -> Option<Failure> {
    let step = report.step.load(Relaxed);
    let error = SystemError::from_code(report.errno.load(Relaxed));
    (step != 0).then(|| Failure { step: Step::from_number(step), error })
}

/// Waits until exec has closed the other end, or a failure has come through.
fn failure_through(read: OwnedFd) -> Option<Failure> {
    let mut words = [0; 8];
    File::from(read).read_exact(&mut words).ok()?;
    let [s0, s1, s2, s3, e0, e1, e2, e3] = words;
    Some(Failure {
        step: Step::from_number(i32::from_ne_bytes([s0, s1, s2, s3])),
        error: SystemError::from_code(i32::from_ne_bytes([e0, e1, e2, e3])),
    })
}
