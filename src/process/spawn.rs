//! From options to a running program.

use super::{Child, SpawnOptions, Step};
use crate::{
    stdio::Pipes,
    sys::{Descriptor, SystemError, spawner},
};

/// A program that runs.
#[derive(Debug)]
pub struct Spawned {
    /// The process.
    pub child: Child,
    /// The parent's ends of pipes and sockets by slot, blocking, close-on-exec.
    pub stdio: Vec<Option<Descriptor>>,
}

/// Why a program does not run. No process and no descriptor is left, but for the parent's ends.
#[derive(Debug, thiserror::Error)]
#[error("{} failed: {error}", step.name())]
pub struct SpawnError {
    /// The system's reason.
    pub error: SystemError,
    /// What was being done.
    pub step: Step,
    /// The parent's ends, whose other ends are closed: Node gives a failed child streams that end. Empty where the pipes
    /// could not be made.
    pub stdio: Vec<Option<Descriptor>>,
}

/// Starts a program. It has been exec'd when this returns: `pid` and errors are known at once, as Node's `spawn()` needs
/// them, and the time does not grow with the parent's memory.
///
/// # Errors
///
/// The reason and step of the first failure.
pub fn spawn(options: &SpawnOptions) -> Result<Spawned, SpawnError> {
    let Pipes { parent: stdio, child: ends } = match Pipes::create(&options.stdio) {
        Ok(pipes) => pipes,
        Err(error) => return Err(SpawnError { error, step: Step::Stdio, stdio: Vec::new() }),
    };
    let started = spawner::start(options, &ends);
    // The child has its own copies.
    drop(ends);
    let (step, error) = match started {
        Ok(started) => match Child::new(started.pid, started.pidfd) {
            Ok(child) => return Ok(Spawned { child, stdio }),
            Err(error) => (Step::Clone, error),
        },
        Err(failure) => (failure.step, failure.error),
    };
    Err(SpawnError { error, step, stdio })
}
