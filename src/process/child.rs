//! A child that has been started.

use std::time::Duration;

use super::SystemError;
use crate::sys::{Descriptor, exit::Exit, wait::Waited};

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

impl ExitStatus {
    /// None while it runs.
    pub(super) fn of(waited: Waited) -> Option<Self> {
        match waited {
            Waited::Running => None,
            Waited::Exited(code) => Some(Self::Code(code)),
            Waited::Killed(signal) => Some(Self::Signal(signal)),
            Waited::Stolen => Some(Self::Unknown),
        }
    }
}

/// A child, from its start until it has been reaped. Until then its pid cannot mean another process, which is what makes
/// signalling safe.
#[derive(Debug)]
pub struct Child {
    pid: i32,
    exit: Exit,
    status: Option<ExitStatus>,
}

impl Child {
    /// So long a dead child is left alone that cannot be reaped.
    pub const AGAIN: Duration = Duration::from_millis(10);

    /// Takes charge of a process that has just been made.
    ///
    /// # Errors
    ///
    /// Where the system gave nothing to wait by, the means could not be made (EAGAIN). The process is then killed and reaped,
    /// as nobody could learn of its end.
    pub(super) fn new(pid: i32, exit: Option<Descriptor>) -> Result<Self, SystemError> {
        Ok(Self { pid, exit: Exit::new(pid, exit)?, status: None })
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// What tells its end, for an `ExitSet` that watches it.
    #[must_use]
    pub fn exit(&self) -> &Exit {
        &self.exit
    }

    /// Frees the descriptor that it is watched by, if it has one: another way costs more, but none. A set that watches the
    /// child forgets it.
    pub fn give_up_descriptor(&mut self) -> bool {
        self.exit.give_up_descriptor()
    }

    /// Sends a signal; 0 only asks whether that would be possible.
    ///
    /// # Errors
    ///
    /// ESRCH once the child has been reaped, EINVAL for a number that is no signal, EPERM.
    pub fn kill(&self, signal: i32) -> Result<(), SystemError> {
        if self.status.is_some() {
            return Err(SystemError::SRCH);
        }
        self.exit.signal(signal)
    }

    /// Reaps the child if it has exited, and remembers how it ended.
    pub fn try_wait(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = ExitStatus::of(self.exit.try_reap());
        }
        self.status
    }

    /// Gives up the child; none if it has been reaped.
    pub(super) fn into_exit(self) -> Option<Exit> {
        self.status.is_none().then_some(self.exit)
    }
}
