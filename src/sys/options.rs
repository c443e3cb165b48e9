//! What a child is started with: one description, which the room above fills and the child itself reads on its way to exec.

use std::{ffi::CString, sync::Arc};

use serde::Deserialize;

use super::{Descriptor, RawDescriptor, strings::CStringBlock};

/// What to start, and how. It is complete and `Send`, so a child can be made from it on any thread, with one exception:
/// [`Environment::Inherit`] has its rule.
#[derive(Clone, Debug)]
pub struct SpawnOptions {
    /// A path, or a name to look for along the child's PATH.
    pub file: CString,
    /// The whole argv, `argv[0]` included.
    pub args: CStringBlock,
    /// The directory to start in; the parent's if none.
    pub cwd: Option<CString>,
    /// A directory held open that takes the place of the parent's: what `cwd` counts from if it is relative. For a child that
    /// is made later, when the parent may have gone elsewhere.
    pub base: Option<Arc<Descriptor>>,
    /// The child's variables.
    pub env: Environment,
    /// The child's descriptors from 0 on. Of 0-2 those that are not listed are the parent's, all others are closed.
    pub stdio: Vec<StdioSpec>,
    /// Start a session of its own, so that it outlives the terminal and can be signalled as a group.
    pub detached: bool,
    /// What few children are given.
    pub attributes: Attributes,
}

impl SpawnOptions {
    /// A program with its whole argv, and nothing else of its own: environment, directory, user and the descriptors 0-2 are
    /// this process's. It has no other descriptors.
    #[must_use]
    pub fn new(file: CString, args: CStringBlock) -> Self {
        Self {
            file,
            args,
            cwd: None,
            base: None,
            env: Environment::Inherit(CStringBlock::default()),
            stdio: Vec::new(),
            detached: false,
            attributes: Attributes::default(),
        }
    }
}

/// The variables of a child, as `NAME=value`.
#[derive(Clone, Debug)]
pub enum Environment {
    /// The process's own, read natively, with these behind it. Only while no other thread may change `environ`: on the main
    /// thread of a Node process that has no Workers, since one with `SHARE_ENV` changes it as well.
    Inherit(CStringBlock),
    /// These and nothing else.
    Given(CStringBlock),
}

/// What one slot of a child's stdio becomes. The slot's number is the descriptor in the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StdioSpec {
    /// `/dev/null` on 0-2; nothing above.
    Ignore,
    /// A socket pair: what Node makes for `'pipe'`.
    Socket,
    /// The same for output that is gathered: it holds more, so that a fast writer and its reader wake each other less often.
    Gathered,
    /// The same for the channel, of which the child's end holds more.
    Channel,
    /// A real pipe, for who asks for it: slot 0 is read by the child, every other written.
    Fifo,
    /// A copy of the parent's descriptor, made blocking on 0-2. It is not checked here: a closed one fails the start with
    /// EBADF.
    Fd(RawDescriptor),
}

/// What few children are given. It crosses from JS as one JSON text, and only if there is anything in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Attributes {
    /// The group to join: 0 for a new one, which has the child's pid for its id.
    pub process_group: Option<i32>,
    /// What the child may use.
    pub limits: ResourceLimits,
    /// The scheduling priority, from -20 (first) to 19 (last).
    pub niceness: Option<i32>,
    /// The permissions that new files do not get.
    pub umask: Option<u32>,
    /// The supplementary groups. If none are given, a child that becomes another user or group has none, as with Node, and
    /// every other one has the parent's.
    pub groups: Option<Vec<u32>>,
    /// The user to become.
    pub uid: Option<u32>,
    /// The group to become.
    pub gid: Option<u32>,
}

/// The resource limits of a child (`setrlimit(2)`), soft and hard. -1 is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ResourceLimits {
    /// Seconds of processor time. At the limit the child gets SIGXCPU, a second later SIGKILL.
    pub cpu_seconds: Option<i64>,
    /// Bytes of address space.
    pub address_space: Option<i64>,
    /// Bytes of data: heap and private memory.
    pub data_size: Option<i64>,
    /// The number that is one above the highest descriptor.
    pub open_files: Option<i64>,
    /// Processes and threads of the child's user.
    pub processes: Option<i64>,
    /// Bytes of a file that is written to.
    pub file_size: Option<i64>,
    /// Bytes of a core file.
    pub core: Option<i64>,
}

/// What was being done when a start failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Step {
    /// Making the process itself.
    Clone = 1,
    /// `setsid()`.
    Session,
    /// `setpgid()`.
    ProcessGroup,
    /// Making the child's stdio descriptors, or putting them into place.
    Stdio,
    /// `chdir()` to the `cwd` option.
    Cwd,
    /// `setrlimit()`.
    Limits,
    /// `setpriority()`.
    Niceness,
    /// `setgroups()` with the groups that were asked for.
    Groups,
    /// `setgid()`.
    Gid,
    /// `setuid()`.
    Uid,
    /// `execve()`: the file is missing or cannot be run.
    Exec,
    /// `execve()`: the file is there, but its interpreter (`#!` line or dynamic linker) is not.
    Interpreter,
}

impl Step {
    /// All of them, each at its number less one.
    const ALL: [Self; 12] = [
        Self::Clone,
        Self::Session,
        Self::ProcessGroup,
        Self::Stdio,
        Self::Cwd,
        Self::Limits,
        Self::Niceness,
        Self::Groups,
        Self::Gid,
        Self::Uid,
        Self::Exec,
        Self::Interpreter,
    ];

    /// What a child has written as a number. An unknown one is none of a child's own steps.
    pub(super) fn from_number(number: i32) -> Self {
        Self::ALL.into_iter().find(|step| *step as i32 == number).unwrap_or(Self::Clone)
    }

    /// The name that JS has for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Clone => "clone",
            Self::Session => "setsid",
            Self::ProcessGroup => "processGroup",
            Self::Stdio => "stdio",
            Self::Cwd => "cwd",
            Self::Limits => "limits",
            Self::Niceness => "niceness",
            Self::Groups => "groups",
            Self::Gid => "gid",
            Self::Uid => "uid",
            Self::Exec => "exec",
            Self::Interpreter => "interpreter",
        }
    }
}
