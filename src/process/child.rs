//! A child that has been started.

use std::{
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    time::Duration,
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, kill_process, pidfd_send_signal},
};

use super::SystemError;
use crate::sys::wait::{Waited, exit_event, reap_failed, try_reap};

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It exited with this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
    /// Other code in the process has reaped it, and knows.
    Unknown,
}

/// A child, from its start until it has been reaped. Until then its pid cannot mean another process, which is what makes
/// signalling safe.
#[derive(Debug)]
pub struct Child {
    pid: i32,
    exit_fd: OwnedFd,
    is_pidfd: bool,
    status: Option<ExitStatus>,
}

impl Child {
    /// So long a dead child is left alone that cannot be reaped.
    pub const AGAIN: Duration = Duration::from_millis(10);

    /// Takes charge of a process that has just been made.
    ///
    /// # Errors
    ///
    /// Where there is no pidfd, the means to wait could not be made (EMFILE, EAGAIN). The process is then killed and
    /// reaped, as nobody could learn of its end.
    pub(super) fn new(pid: i32, pidfd: Option<OwnedFd>) -> Result<Self, SystemError> {
        let is_pidfd = pidfd.is_some();
        let exit_fd = match pidfd {
            Some(pidfd) => pidfd,
            None => exit_event(pid).map_err(|error| {
                if let Some(pid) = Pid::from_raw(pid) {
                    let _ = kill_process(pid, Signal::KILL);
                }
                reap_failed(pid);
                SystemError::from(error)
            })?,
        };
        Ok(Self { pid, exit_fd, is_pidfd, status: None })
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Readable once the child has exited. It is for polling only.
    #[must_use]
    pub fn exit_fd(&self) -> BorrowedFd<'_> {
        self.exit_fd.as_fd()
    }

    /// Sends a signal; 0 only asks whether that would be possible.
    ///
    /// # Errors
    ///
    /// ESRCH once the child has been reaped, EINVAL for a number that is no signal, EPERM.
    pub fn kill(&self, signal: i32) -> Result<(), SystemError> {
        if self.status.is_some() {
            return Err(Errno::SRCH.into());
        }
        let pid = Pid::from_raw(self.pid).ok_or(Errno::SRCH)?;
        if signal == 0 {
            return Ok(rustix::process::test_kill_process(pid)?);
        }
        let signal = signal_from_number(signal)?;
        if self.is_pidfd {
            match pidfd_send_signal(&self.exit_fd, signal) {
                // A sandbox may refuse the newer call. The pid is as safe, as the child has not been reaped.
                Err(Errno::NOSYS | Errno::PERM) => {}
                answer => return Ok(answer?),
            }
        }
        Ok(kill_process(pid, signal)?)
    }

    /// Reaps the child if it has exited, and remembers how it ended.
    pub fn try_wait(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = match try_reap(self.pid) {
                Waited::Running => None,
                Waited::Exited(code) => Some(ExitStatus::Code(code)),
                Waited::Killed(signal) => Some(ExitStatus::Signal(signal)),
                Waited::Stolen => Some(ExitStatus::Unknown),
            };
        }
        self.status
    }
}

fn signal_from_number(signal: i32) -> Result<Signal, Errno> {
    Signal::from_named_raw(signal).ok_or(Errno::INVAL)
}
