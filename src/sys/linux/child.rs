//! What runs between clone and exec.
//!
//! # Safety
//!
//! This code runs in the parent's memory while the parent's thread sleeps (`CLONE_VM|CLONE_VFORK`), beside the
//! parent's other threads, which do not sleep and may hold any lock. So, as after a fork in a threaded process but more so:
//!
//! - it allocates nothing, takes no lock and calls no libc function but `syscall()`. That sets `errno`, which is the
//!   sleeping thread's own. (glibc's `setuid` would send SIGSETXID to the parent's threads.)
//! - it returns by `exit_group` or not at all, and unwinds never;
//! - signals stay blocked until the parent's handlers have been reset, as a handler would run on the parent's data.
//!
//! Everything it reads was prepared before the clone.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    ptr,
    sync::atomic::{AtomicI32, Ordering::Relaxed},
};

use super::{
    close_at_exec::{close_at_exec_by_proc, close_range},
    signals::{DEFAULT_ACTION, SIGSET_SIZE, unblock_all},
    syscall::syscall,
};

/// The step that failed. The numbers travel through the error pipe of the fork fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Step {
    /// Making the child's stdio descriptors, or putting them into place.
    Stdio = 1,
    /// Making the process itself.
    Clone = 2,
    /// `setsid()`.
    Session = 3,
    /// `chdir()` to the `cwd` option.
    Cwd = 4,
    /// `setgid()`.
    Gid = 5,
    /// `setuid()`.
    Uid = 6,
    /// `execve()`: the file is missing or cannot be run.
    Exec = 7,
    /// `execve()`: the file is there, but its interpreter (`#!` line or dynamic linker) is not.
    Interpreter = 8,
}

impl Step {
    pub(super) fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Stdio,
            3 => Self::Session,
            4 => Self::Cwd,
            5 => Self::Gid,
            6 => Self::Uid,
            7 => Self::Exec,
            8 => Self::Interpreter,
            _ => Self::Clone,
        }
    }
}

/// Where the child says how it went: in shared memory, and through `pipe` where memory is not shared.
pub(super) struct Report {
    pub(super) alive: AtomicI32,
    pub(super) step: AtomicI32,
    pub(super) errno: AtomicI32,
    /// Set where `close_range` was refused, so that the next child need not ask.
    pub(super) no_close_range: AtomicI32,
}

/// One slot of the child's stdio.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    /// `/dev/null` below 3; above, nothing: whatever is there is closed at exec.
    Ignore,
    /// A copy of this descriptor. `foreign`: the caller's, so on 0-2 it is made blocking, for children that expect it.
    Fd { fd: c_int, foreign: bool },
}

/// All that the child needs, in memory that the parent keeps alive.
pub(super) struct Plan<'a> {
    /// Null-terminated, ready for execve.
    pub(super) argv: &'a [*const c_char],
    pub(super) envp: &'a [*const c_char],
    /// The paths to try, in order.
    pub(super) candidates: &'a [&'a CStr],
    /// argv for a script without `#!`: `/bin/sh`, a slot for its path, the arguments from argv[1] on.
    pub(super) shell_argv: *mut *const c_char,
    pub(super) cwd: Option<&'a CStr>,
    /// Working space: the child moves descriptors out of the way here.
    pub(super) slots: *mut Slot,
    pub(super) slot_count: c_int,
    /// The signals whose dispositions may not be the default, one bit each.
    pub(super) signals: u64,
    pub(super) new_session: bool,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) close_range: bool,
    pub(super) report: &'a Report,
    /// The write end of the error pipe, or -1.
    pub(super) error_pipe: c_int,
}

impl Plan<'_> {
    /// Whether the child becomes another user or group than the parent's.
    pub(super) fn changes_user(&self) -> bool {
        self.uid.is_some() || self.gid.is_some()
    }
}

/// The child's main function.
pub(super) extern "C" fn main(plan: *mut c_void) -> c_int {
    // SAFETY: `clone` passes the plan that its caller keeps alive and leaves alone until we exec or exit.
    let plan = unsafe { &mut *plan.cast::<Plan<'_>>() };
    plan.report.alive.store(1, Relaxed);
    let (step, errno) = match run(plan) {
        Err(failure) => failure,
        Ok(never) => match never {},
    };
    plan.report.errno.store(errno, Relaxed);
    plan.report.step.store(step as i32, Relaxed);
    if plan.error_pipe >= 0 {
        let words = [step as i32, errno];
        let _ = syscall!(SYS_write, plan.error_pipe, words.as_ptr(), size_of_val(&words));
    }
    loop {
        let _ = syscall!(SYS_exit_group, 127);
    }
}

enum Never {}

/// The steps in libuv's order, which decides the error where two things are wrong.
fn run(plan: &mut Plan<'_>) -> Result<Never, (Step, c_int)> {
    let at = |step| move |errno| (step, errno);
    reset_signal_dispositions(plan.signals);
    if plan.new_session {
        syscall!(SYS_setsid).map_err(at(Step::Session))?;
    }
    place_descriptors(plan).map_err(at(Step::Stdio))?;
    if let Some(cwd) = plan.cwd {
        syscall!(SYS_chdir, cwd.as_ptr()).map_err(at(Step::Cwd))?;
    }
    set_credentials(plan)?;
    unblock_all();
    exec(plan)
}

/// Handlers must be gone before signals are unblocked, and an ignored signal would stay ignored in the new program:
/// Node itself ignores SIGPIPE.
fn reset_signal_dispositions(signals: u64) {
    let mut rest = signals;
    while rest != 0 {
        let signal = rest.trailing_zeros() + 1;
        let _ =
            syscall!(SYS_rt_sigaction, signal, DEFAULT_ACTION.as_ptr(), ptr::null::<c_void>(), SIGSET_SIZE);
        rest &= rest - 1;
    }
}

fn place_descriptors(plan: &mut Plan<'_>) -> Result<(), c_int> {
    // SAFETY: `slots` points to `slot_count` slots that only this process looks at until exec.
    let slots =
        unsafe { std::slice::from_raw_parts_mut(plan.slots, plan.slot_count.unsigned_abs() as usize) };
    // Everything from 3 on is closed at exec, whoever opened it; what the child is to have is put over that below.
    if !(plan.close_range && close_range(3)) {
        plan.report.no_close_range.store(1, Relaxed);
        close_at_exec_by_proc(3);
    }
    // Sources that lie where a slot will be filled must not be overwritten before they have been copied.
    if plan.error_pipe >= 0 && plan.error_pipe < plan.slot_count {
        plan.error_pipe = move_up(plan.error_pipe, plan.slot_count)?;
    }
    for (target, slot) in (0..).zip(&mut *slots) {
        if let Slot::Fd { fd, .. } = slot
            && *fd < plan.slot_count
            && *fd != target
        {
            *fd = move_up(*fd, plan.slot_count)?;
        }
    }
    for (target, slot) in (0..).zip(&*slots) {
        match *slot {
            Slot::Ignore if target > 2 => {}
            Slot::Ignore => {
                let flags = if target == 0 { libc::O_RDONLY } else { libc::O_RDWR };
                let null = syscall!(SYS_openat, libc::AT_FDCWD, c"/dev/null".as_ptr(), flags, 0)?;
                if null != target {
                    syscall!(SYS_dup3, null, target, 0)?;
                    syscall!(SYS_close, null)?;
                }
            }
            Slot::Fd { fd, foreign } => {
                if fd == target {
                    // dup3 refuses equal descriptors, and there is only the flag to clear. This is what finds a closed fd.
                    syscall!(SYS_fcntl, fd, libc::F_SETFD, 0)?;
                } else {
                    syscall!(SYS_dup3, fd, target, 0)?;
                }
                if foreign && target <= 2 {
                    set_blocking(target);
                }
            }
        }
    }
    Ok(())
}

fn move_up(fd: c_int, least: c_int) -> Result<c_int, c_int> {
    syscall!(SYS_fcntl, fd, libc::F_DUPFD_CLOEXEC, least)
}

/// As libuv does: a program that is not Node does not expect EAGAIN on its stdio.
fn set_blocking(fd: c_int) {
    if let Ok(flags) = syscall!(SYS_fcntl, fd, libc::F_GETFL)
        && flags & libc::O_NONBLOCK != 0
    {
        let _ = syscall!(SYS_fcntl, fd, libc::F_SETFL, flags & !libc::O_NONBLOCK);
    }
}

/// The kernel takes the dumpable mark off the memory with this, which is the parent's too. It must stay off until exec: a
/// process of the new user could otherwise read and write the parent through `/proc/<child>/mem`. `clone.rs` restores it.
fn set_credentials(plan: &Plan<'_>) -> Result<(), (Step, c_int)> {
    if !plan.changes_user() {
        return Ok(());
    }
    // Node drops all supplementary groups, and does not mind where it may not.
    let _ = syscall!(SYS_setgroups, 0, ptr::null::<u32>());
    if let Some(gid) = plan.gid {
        syscall!(SYS_setgid, gid).map_err(|errno| (Step::Gid, errno))?;
    }
    if let Some(uid) = plan.uid {
        syscall!(SYS_setuid, uid).map_err(|errno| (Step::Uid, errno))?;
    }
    Ok(())
}

/// execvp's rules over the prepared candidates (glibc's `execvpe`): a missing file lets the search go on, a forbidden
/// one too but is remembered, a file that is no binary is a shell script, anything else ends it.
fn exec(plan: &Plan<'_>) -> Result<Never, (Step, c_int)> {
    let mut denied = false;
    let mut missing_interpreter = false;
    let mut last = libc::ENOENT;
    for path in plan.candidates {
        let mut errno = execve(path.as_ptr(), plan.argv.as_ptr(), plan.envp.as_ptr());
        if errno == libc::ENOEXEC {
            // SAFETY: room for the path is at index 1; nobody else looks at the array.
            unsafe { *plan.shell_argv.add(1) = path.as_ptr() };
            errno = execve(c"/bin/sh".as_ptr(), plan.shell_argv.cast_const(), plan.envp.as_ptr());
        }
        match errno {
            libc::EACCES => denied = true,
            libc::ENOENT => missing_interpreter |= exists(path),
            libc::ESTALE | libc::ENOTDIR | libc::ENODEV | libc::ETIMEDOUT => {}
            _ => return Err((Step::Exec, errno)),
        }
        last = errno;
    }
    if denied {
        Err((Step::Exec, libc::EACCES))
    } else if missing_interpreter {
        Err((Step::Interpreter, last))
    } else {
        Err((Step::Exec, last))
    }
}

fn execve(path: *const c_char, argv: *const *const c_char, envp: *const *const c_char) -> c_int {
    match syscall!(SYS_execve, path, argv, envp) {
        Err(errno) => errno,
        Ok(_) => 0,
    }
}

fn exists(path: &CStr) -> bool {
    syscall!(SYS_faccessat, libc::AT_FDCWD, path.as_ptr(), libc::F_OK).is_ok()
}
