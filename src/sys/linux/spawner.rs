//! Makes a child that shares our memory until it execs: `clone(CLONE_VM | CLONE_VFORK | CLONE_PIDFD)`.
//!
//! `fork()` copies page tables, which takes time in proportion to the parent's memory (65-140 ms at 1 GB of Buffers in
//! Node); this copies nothing. Only the calling thread sleeps, until exec. Where memory is not really shared (qemu-user,
//! WSL 1) the same child runs after a plain fork, and reports through a pipe.
//!
//! See `child.rs` for the rules on the other side. Here: the plan and the stack outlive the child's use of them, because
//! `CLONE_VFORK` holds this thread until exec or exit, and because without shared memory the child has its own copies.
use std::{
    ffi::{CStr, c_int},
    fs::File,
    io::{self, Read},
    iter,
    os::fd::{AsFd, AsRawFd, OwnedFd},
    sync::atomic::Ordering::Relaxed,
};

use rustix::pipe::{PipeFlags, pipe_with};

use super::{
    attributes::changes_user,
    capabilities::capabilities,
    child::{Plan, Report},
    clone::clone,
    close::Close,
    dumpable::KeepDumpable,
    signals::{self, BlockAll},
    stack::Stack,
    wait,
};
use crate::sys::{
    Descriptor, SpawnOptions, StdioSpec, Step, SystemError, environ::Environ, search_path::candidates,
};

/// Where a descriptor of a child has this number there are so many that to close them one by one, which the parent waits for,
/// takes too long. They are closed by exec then, when the parent goes on already: with 5,000, 100 us instead of 300.
const MANY: c_int = 1024;

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
        .map_err(|error| Failure { step: Step::Exec, error })?;
    let candidates: Vec<&CStr> = candidates.iter().collect();
    let capabilities = capabilities();
    // Until sharing has been seen once, the pipe tells what the memory might not.
    let pipe = if capabilities.shared_memory.proven() {
        None
    } else {
        Some(pipe_with(PipeFlags::CLOEXEC).map_err(|errno| at_clone(errno.into()))?)
    };
    let report = Report::default();
    let share = capabilities.shared_memory.maybe();
    let sources = sources(&options.stdio, ends);
    let paths = candidates.iter().copied().chain(options.cwd.as_deref());
    let close = if paths.into_iter().any(names_descriptor) || sources.iter().flatten().any(|fd| *fd >= MANY) {
        Close::AtExec
    } else {
        Close::Now
    };
    let mut plan = Plan {
        options,
        argv: options.args.iter().collect(),
        envp: options.env.pointers(&own),
        candidates: &candidates,
        shell_argv: [c"/bin/sh", c""].into_iter().chain(options.args.iter().skip(1)).collect(),
        sources,
        signals: signals::to_reset(),
        close_range: capabilities.close_range.maybe(),
        close,
        shares_files: share && close == Close::Now && capabilities.close_range.proven(),
        report: &report,
        error_pipe: pipe.as_ref().map_or(-1, |(_, write)| write.as_raw_fd()),
    };
    let kept = changes_user(&options.attributes).then(KeepDumpable::new);
    let made = make(&mut plan, share);
    drop(kept);
    let (pid, pidfd) = made.map_err(at_clone)?;

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
    } else if share && close == Close::Now && failure.is_none() {
        capabilities.close_range.learn(true);
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
fn make(plan: &mut Plan<'_>, share: bool) -> io::Result<(i32, Option<OwnedFd>)> {
    let pidfds = &capabilities().pidfd;
    let stack = Stack::take()?;
    let files = if plan.shares_files { libc::CLONE_FILES } else { 0 };
    let flags = files | if share { libc::CLONE_VM | libc::CLONE_VFORK } else { 0 };
    let mut cloned = Err(io::Error::from_raw_os_error(libc::EINVAL));
    let blocked = BlockAll::new();
    if pidfds.maybe() {
        cloned = clone(plan, &stack, flags | libc::CLONE_PIDFD);
    }
    // A kernel that does not know the flag says EINVAL, a sandbox EPERM or ENOSYS. Every other cause comes again without it, but
    // for the want of a descriptor, which a thread that waits for the child does not need.
    let refused = cloned.as_ref().err().and_then(io::Error::raw_os_error);
    if let Some(libc::EINVAL | libc::EPERM | libc::ENOSYS | libc::EMFILE) = refused {
        cloned = clone(plan, &stack, flags);
        if cloned.is_ok() && refused != Some(libc::EMFILE) {
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
