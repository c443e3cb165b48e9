//! From options to a running program.

use std::{
    ffi::{CStr, CString},
    os::fd::OwnedFd,
};

use rustix::io::Errno;

use super::{CStringBlock, Child, Environment, Step, search_path};
use crate::{
    stdio::{Pipes, StdioSpec},
    sys::clone::{Image, clone_and_exec},
};

/// What to start, and how.
#[derive(Clone, Debug)]
pub struct SpawnOptions {
    /// A path, or a name to look for along the child's PATH.
    pub file: CString,
    /// The whole argv, `argv[0]` included.
    pub args: CStringBlock,
    /// The directory to start in; the parent's if none.
    pub cwd: Option<CString>,
    /// The child's variables.
    pub env: Environment,
    /// The child's descriptors from 0 on; all others are closed at exec.
    pub stdio: Vec<StdioSpec>,
    /// Start a session of its own, so that it outlives the terminal and can be signalled as a group.
    pub detached: bool,
    /// The user to become. Supplementary groups are dropped with it, or with `gid`, as Node does.
    pub uid: Option<u32>,
    /// The group to become.
    pub gid: Option<u32>,
}

impl SpawnOptions {
    /// A program with its whole argv, and nothing else of its own: environment, directory and user are this process's, and it
    /// has no descriptors.
    #[must_use]
    pub fn new(file: CString, args: CStringBlock) -> Self {
        Self {
            file,
            args,
            cwd: None,
            env: Environment::Inherit(CStringBlock::default()),
            stdio: Vec::new(),
            detached: false,
            uid: None,
            gid: None,
        }
    }
}

/// A program that runs.
#[derive(Debug)]
pub struct Spawned {
    /// The process.
    pub child: Child,
    /// The parent's ends of pipes and sockets by slot, blocking, close-on-exec.
    pub stdio: Vec<Option<OwnedFd>>,
}

/// Why a program does not run. No process and no descriptor is left, but for the parent's ends.
#[derive(Debug, thiserror::Error)]
#[error("{step:?} failed: {errno}")]
pub struct SpawnError {
    /// The system's reason.
    pub errno: Errno,
    /// What was being done.
    pub step: Step,
    /// The parent's ends, whose other ends are closed: Node gives a failed child streams that end. Empty where the pipes
    /// could not be made.
    pub stdio: Vec<Option<OwnedFd>>,
}

/// Starts a program. It has been exec'd when this returns: `pid` and errors are known at once, as Node's `spawn()` needs
/// them, and the time does not grow with the parent's memory.
///
/// # Errors
///
/// The errno and step of the first failure.
pub fn spawn(options: &SpawnOptions) -> Result<Spawned, SpawnError> {
    let pipes = Pipes::create(&options.stdio).map_err(|errno| SpawnError {
        errno,
        step: Step::Stdio,
        stdio: Vec::new(),
    })?;
    match start(options, &pipes) {
        Ok(child) => Ok(Spawned { child, stdio: pipes.into_parent() }),
        Err((step, errno)) => Err(SpawnError { errno, step, stdio: pipes.into_parent() }),
    }
}

fn start(options: &SpawnOptions, pipes: &Pipes) -> Result<Child, (Step, Errno)> {
    let path = options.env.path();
    let candidates =
        search_path::candidates(&options.file, path.as_deref()).map_err(|errno| (Step::Exec, errno))?;
    let candidates: Vec<&CStr> = candidates.iter().collect();
    let cloned = clone_and_exec(&Image {
        argv: &options.args.to_pointers(),
        envp: &options.env.to_pointers(),
        candidates: &candidates,
        cwd: options.cwd.as_deref(),
        slots: &pipes.sources(&options.stdio),
        new_session: options.detached,
        uid: options.uid,
        gid: options.gid,
    })
    .map_err(|failure| (failure.step, Errno::from_raw_os_error(failure.errno)))?;
    Child::new(cloned.pid, cloned.pidfd).map_err(|errno| (Step::Clone, errno))
}
