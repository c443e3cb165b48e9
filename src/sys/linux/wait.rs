//! Waiting for one child and signalling it, and no other: other code in this process has children too.
//!
//! # Safety
//!
//! `waitid` writes one `siginfo_t`, whose fields are read only after success. `pidfd_send_signal` and `kill` take numbers.
#![allow(unsafe_code)]

use std::{
    io,
    mem::zeroed,
    os::fd::{AsRawFd, BorrowedFd},
    ptr,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// It has not exited.
    Running,
    /// It called exit with this code.
    Exited(i32),
    /// This signal ended it.
    Killed(i32),
    /// Somebody else has reaped it (`waitpid(-1)` elsewhere in the process, or SIGCHLD is ignored).
    Stolen,
}

/// How a child is named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of<'a> {
    /// By a descriptor that means no other process, and by the pid where the kernel or a sandbox does not take that.
    Pidfd(BorrowedFd<'a>, i32),
    /// By the pid, which is the child's until it has been reaped; should other code have done so, it may be a stranger's.
    Pid(i32),
}

/// Asks whether a child has exited, and reaps it if so.
pub(super) fn try_reap(child: Of<'_>) -> Waited {
    let options = libc::WEXITED | libc::WNOHANG;
    match child {
        Of::Pidfd(pidfd, pid) => match wait(libc::P_PIDFD, pidfd.as_raw_fd().unsigned_abs(), options) {
            // Before Linux 5.4, or by a sandbox.
            Err(Errno::INVAL | Errno::NOSYS | Errno::PERM) => try_reap(Of::Pid(pid)),
            waited => waited.unwrap_or(Waited::Stolen),
        },
        Of::Pid(pid) => wait(libc::P_PID, pid.unsigned_abs(), options).unwrap_or(Waited::Stolen),
    }
}

/// Reaps a child that is exiting because its start failed, or because it was killed for that. It has no stop or wait of its
/// own left.
pub fn reap_failed(pid: i32) {
    let _ = wait(libc::P_PID, pid.unsigned_abs(), libc::WEXITED);
}

/// Waits until a child has ended, and leaves it to be reaped.
pub(super) fn until_end(pid: i32) {
    let _ = wait(libc::P_PID, pid.unsigned_abs(), libc::WEXITED | libc::WNOWAIT);
}

fn wait(kind: libc::idtype_t, id: u32, options: i32) -> Result<Waited, Errno> {
    loop {
        // SAFETY: all zero is a valid siginfo_t.
        let mut info: libc::siginfo_t = unsafe { zeroed() };
        // SAFETY: `info` is valid for writing.
        if unsafe { libc::waitid(kind, id, &raw mut info, options) } == 0 {
            // SAFETY: waitid filled these fields, or left them zero (Running).
            let (changed, status) = unsafe { (info.si_pid(), info.si_status()) };
            return Ok(match (changed, info.si_code) {
                (0, _) => Waited::Running,
                (_, libc::CLD_EXITED) => Waited::Exited(status),
                _ => Waited::Killed(status),
            });
        }
        match last_errno() {
            Errno::INTR => {}
            errno => return Err(errno),
        }
    }
}

/// Sends a signal; 0 only asks whether that would be possible.
///
/// # Errors
///
/// What the system call gives.
pub(super) fn signal(child: Of<'_>, signal: i32) -> Result<(), Errno> {
    let result = match child {
        Of::Pidfd(pidfd, _) => {
            let none = ptr::null::<libc::siginfo_t>();
            // SAFETY: an open pidfd, no information of ours and no flags.
            unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd.as_raw_fd(), signal, none, 0) }
        }
        // SAFETY: takes numbers. A pid above 0 means one process.
        Of::Pid(pid) => unsafe { libc::kill(pid, signal) }.into(),
    };
    if result == 0 {
        return Ok(());
    }
    match (last_errno(), child) {
        // A sandbox may refuse the newer call. EPERM is also the true answer for a child of another user: kill(2) says it again.
        (Errno::NOSYS | Errno::PERM, Of::Pidfd(_, pid)) => self::signal(Of::Pid(pid), signal),
        (errno, _) => Err(errno),
    }
}

fn last_errno() -> Errno {
    Errno::from_io_error(&io::Error::last_os_error()).unwrap_or(Errno::INVAL)
}

/// Whether a pidfd becomes readable at the exit, which it does from Linux 5.3 on. In 5.2, the first to make them, they have no
/// poll operation, and poll(2) calls such a file ready for everything; a pidfd proper is never writable.
#[must_use]
pub fn can_be_polled(pidfd: BorrowedFd<'_>) -> bool {
    let mut fds = [PollFd::from_borrowed_fd(pidfd, PollFlags::OUT)];
    // A signal that interrupts the call leaves the answer at yes, which is what all but one kernel give.
    let _ = poll(&mut fds, Some(&Timespec::default()));
    !fds[0].revents().contains(PollFlags::OUT)
}

#[cfg(test)]
mod tests {
    use std::{fs::File, os::fd::AsFd};

    use rustix::process::{PidfdFlags, getpid, pidfd_open};

    use super::*;

    #[test]
    #[expect(clippy::unwrap_used, reason = "a test that cannot set the scene should stop there")]
    fn a_file_that_is_always_ready_tells_of_no_exit() {
        // What a pidfd is in Linux 5.2: a file without a poll operation of its own.
        assert!(!can_be_polled(File::options().write(true).open("/dev/null").unwrap().as_fd()));
        if let Ok(pidfd) = pidfd_open(getpid(), PidfdFlags::empty()) {
            assert!(can_be_polled(pidfd.as_fd()));
        }
    }
}
