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
    ffi::{CStr, c_char, c_int, c_void},
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd},
    ptr,
    sync::atomic::{AtomicI32, Ordering::Relaxed},
};

use rustix::pipe::{PipeFlags, pipe_with};

pub use super::child::Step;
use super::{
    capabilities::capabilities,
    child::{self, Plan, Report, Slot},
    dumpable::KeepDumpable,
    signals::{self, BlockAll},
    stack::Stack,
    wait,
};

/// What a child is started with. All strings are ready for execve.
pub struct Image<'a> {
    /// Null-terminated.
    pub argv: &'a [*const c_char],
    /// Null-terminated.
    pub envp: &'a [*const c_char],
    /// Paths to try, in order.
    pub candidates: &'a [&'a CStr],
    /// The directory to start in; the parent's if none.
    pub cwd: Option<&'a CStr>,
    /// What descriptors 0, 1, … become.
    pub slots: &'a [Source],
    /// Start a session (and with it a process group) of its own.
    pub new_session: bool,
    /// The user to become.
    pub uid: Option<u32>,
    /// The group to become.
    pub gid: Option<u32>,
}

/// Where a descriptor of the child comes from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// `/dev/null` on 0-2, closed above.
    Ignore,
    /// An end that was made for this child.
    Own(RawFd),
    /// A descriptor of the caller's, made blocking on 0-2.
    Foreign(RawFd),
}

/// A child that has exec'd.
pub struct Cloned {
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
    pub errno: c_int,
}

/// Starts a program. When this returns, it has been exec'd, or is gone and reaped.
///
/// # Errors
///
/// The first step that failed.
pub fn clone_and_exec(image: &Image<'_>) -> Result<Cloned, Failure> {
    let at_clone =
        |error: io::Error| Failure { step: Step::Clone, errno: error.raw_os_error().unwrap_or(libc::EAGAIN) };
    let capabilities = capabilities();
    // Until sharing has been seen once, the pipe tells what the memory might not.
    let pipe = if capabilities.shared_memory.proven() {
        None
    } else {
        Some(pipe_with(PipeFlags::CLOEXEC).map_err(|errno| at_clone(errno.into()))?)
    };
    let mut slots: Vec<Slot> = image
        .slots
        .iter()
        .map(|source| match *source {
            Source::Ignore => Slot::Ignore,
            Source::Own(fd) => Slot::Fd { fd, foreign: false },
            Source::Foreign(fd) => Slot::Fd { fd, foreign: true },
        })
        .collect();
    let mut shell_argv = vec![c"/bin/sh".as_ptr(), ptr::null()];
    // An argv may be empty, and so have nothing but its own null.
    shell_argv.extend(image.argv.iter().skip(1).filter(|argument| !argument.is_null()));
    shell_argv.push(ptr::null());
    let report = Report {
        alive: AtomicI32::new(0),
        step: AtomicI32::new(0),
        errno: AtomicI32::new(0),
        no_close_range: AtomicI32::new(0),
    };
    let mut plan = Plan {
        argv: image.argv,
        envp: image.envp,
        candidates: image.candidates,
        shell_argv: shell_argv.as_mut_ptr(),
        cwd: image.cwd,
        slot_count: c_int::try_from(slots.len()).unwrap_or(c_int::MAX),
        slots: slots.as_mut_ptr(),
        signals: signals::to_reset(),
        new_session: image.new_session,
        uid: image.uid,
        gid: image.gid,
        close_range: capabilities.close_range.maybe(),
        report: &report,
        error_pipe: pipe.as_ref().map_or(-1, |(_, write)| write.as_raw_fd()),
    };
    let kept = plan.changes_user().then(KeepDumpable::new);
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
        None => Ok(Cloned { pid, pidfd }),
    }
}

/// The clone itself, with every signal blocked: a handler must not run in the child before it has reset them.
fn clone(plan: &mut Plan<'_>, share: bool) -> io::Result<(i32, Option<OwnedFd>)> {
    let pidfds = &capabilities().pidfd;
    let with_pidfd = pidfds.maybe();
    let stack = Stack::take()?;
    let mut flags = libc::SIGCHLD;
    if share {
        flags |= libc::CLONE_VM | libc::CLONE_VFORK;
    }
    if with_pidfd {
        flags |= libc::CLONE_PIDFD;
    }
    let mut pidfd: c_int = -1;
    let blocked = BlockAll::new();
    // SAFETY: see the module. The kernel stores the pidfd (close-on-exec) through the pointer before it returns.
    let pid = unsafe {
        libc::clone(child::main, stack.top(), flags, ptr::from_mut(plan).cast::<c_void>(), &raw mut pidfd)
    };
    let error = io::Error::last_os_error();
    drop(blocked);
    stack.give_back();
    if pid < 0 {
        // A kernel or a sandbox that does not know the flag says so here; every other cause comes again without it.
        if with_pidfd && !pidfds.proven() && error.raw_os_error() == Some(libc::EINVAL) {
            pidfds.learn(false);
            return clone(plan, share);
        }
        return Err(error);
    }
    // SAFETY: the kernel made it for us.
    let pidfd = (with_pidfd && pidfd >= 0).then(|| unsafe { OwnedFd::from_raw_fd(pidfd) });
    if with_pidfd && !pidfds.proven() {
        pidfds.learn(pidfd.as_ref().is_some_and(|pidfd| wait::can_be_polled(pidfd.as_fd())));
    }
    // One that says nothing of the exit is as good as none.
    Ok((pid, pidfd.filter(|_| pidfds.maybe())))
}

fn failure_in(report: &Report) -> Option<Failure> {
    let step = report.step.load(Relaxed);
    (step != 0).then(|| Failure { step: Step::from_number(step), errno: report.errno.load(Relaxed) })
}

/// Waits until exec has closed the other end, or a failure has come through.
fn failure_through(read: OwnedFd) -> Option<Failure> {
    let mut words = [0; 8];
    File::from(read).read_exact(&mut words).ok()?;
    let [s0, s1, s2, s3, e0, e1, e2, e3] = words;
    Some(Failure {
        step: Step::from_number(i32::from_ne_bytes([s0, s1, s2, s3])),
        errno: i32::from_ne_bytes([e0, e1, e2, e3]),
    })
}
