//! Waiting for one child, by its own pid only: other code in this process has children too.
//!
//! # Safety
//!
//! `waitid` writes one `siginfo_t`, whose fields are read only after success.
#![allow(unsafe_code)]

use std::{io, mem::zeroed, thread};

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use std::os::fd::{BorrowedFd, OwnedFd};

use super::signals::BlockAll;

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

/// Asks whether a child has exited, and reaps it if so.
#[must_use]
pub fn try_reap(pid: i32) -> Waited {
    wait(pid, libc::WEXITED | libc::WNOHANG)
}

/// Reaps a child that is exiting because its start failed, or because it was killed for that. It has no stop or wait of its
/// own left.
pub fn reap_failed(pid: i32) {
    wait(pid, libc::WEXITED);
}

fn wait(pid: i32, options: i32) -> Waited {
    loop {
        // SAFETY: all zero is a valid siginfo_t.
        let mut info: libc::siginfo_t = unsafe { zeroed() };
        // SAFETY: `info` is valid for writing.
        let result = unsafe { libc::waitid(libc::P_PID, pid.unsigned_abs(), &raw mut info, options) };
        if result == 0 {
            // SAFETY: waitid filled these fields, or left them zero (Running).
            let (changed, status) = unsafe { (info.si_pid(), info.si_status()) };
            return match (changed, info.si_code) {
                (0, _) => Waited::Running,
                (_, libc::CLD_EXITED) => Waited::Exited(status),
                _ => Waited::Killed(status),
            };
        }
        if io::Error::last_os_error().raw_os_error() != Some(libc::EINTR) {
            return Waited::Stolen;
        }
    }
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

/// The stand-in for a pidfd where there is none: an eventfd that a thread makes readable once the child has exited. The
/// thread only looks (`WNOWAIT`); reaping stays with the owner, so the pid cannot be reused under a pending kill.
///
/// # Errors
///
/// The eventfd or the thread could not be made.
pub fn exit_event(pid: i32) -> io::Result<OwnedFd> {
    let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
    let for_thread = event.try_clone()?;
    let _blocked = BlockAll::new();
    thread::Builder::new().name("rs-cp-waiter".into()).stack_size(64 * 1024).spawn(move || {
        wait(pid, libc::WEXITED | libc::WNOWAIT);
        // Only a full counter could make this fail, and it is written once.
        let _ = rustix::io::write(for_thread, &1_u64.to_ne_bytes());
    })?;
    Ok(event)
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
