//! Makes both ends of what connects parent and child.

use std::os::fd::{AsRawFd, OwnedFd};

use rustix::{
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, socketpair},
    pipe::{PipeFlags, pipe_with},
};

use super::{Room, StdioSpec};
use crate::sys::clone::Source;

/// The ends of a child's stdio, all close-on-exec, by slot.
#[derive(Debug, Default)]
pub struct Pipes {
    /// The parent's ends; none where the slot is no pipe.
    pub parent: Vec<Option<OwnedFd>>,
    child: Vec<Option<OwnedFd>>,
    /// Held by the child as long as it runs; none where its pipes are of the usual size.
    pub room: Option<Room>,
}

impl Pipes {
    /// Makes all that the specs ask for, or nothing.
    ///
    /// Pipes, not the socket pairs that libuv makes: a socket cannot be opened through `/dev/stdin`
    /// (nodejs/node#21941). With `roomy` they hold more, if there is room.
    ///
    /// # Errors
    ///
    /// EMFILE, ENFILE or ENOMEM; what had been made is closed again.
    pub fn create(specs: &[StdioSpec], roomy: bool) -> Result<Self, Errno> {
        let room = if roomy && specs.contains(&StdioSpec::Pipe) { Room::take() } else { None };
        let mut pipes = Self { room, ..Self::default() };
        for (slot, spec) in specs.iter().enumerate() {
            let (parent, child) = match spec {
                StdioSpec::Ignore | StdioSpec::Fd(_) => (None, None),
                StdioSpec::Pipe => {
                    let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
                    if let Some(room) = &pipes.room {
                        room.enlarge(&read);
                    }
                    if slot == 0 { (Some(write), Some(read)) } else { (Some(read), Some(write)) }
                }
                StdioSpec::Duplex => {
                    let (parent, child) =
                        socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
                    (Some(parent), Some(child))
                }
            };
            pipes.parent.push(parent);
            pipes.child.push(child);
        }
        Ok(pipes)
    }

    /// Where each descriptor of the child comes from.
    #[must_use]
    pub fn sources(&self, specs: &[StdioSpec]) -> Vec<Source> {
        let source = |(spec, child): (&StdioSpec, &Option<OwnedFd>)| match (spec, child) {
            (_, Some(end)) => Source::Own(end.as_raw_fd()),
            (StdioSpec::Fd(fd), None) => Source::Foreign(*fd),
            _ => Source::Ignore,
        };
        specs.iter().zip(&self.child).map(source).collect()
    }

    /// Closes the child's ends, which the child has its own copies of, and gives the parent's.
    #[must_use]
    pub fn into_parent(self) -> Vec<Option<OwnedFd>> {
        self.parent
    }
}
