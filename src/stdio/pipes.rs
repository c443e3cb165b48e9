//! Makes both ends of what connects parent and child.

use rustix::{
    net::{AddressFamily, SocketFlags, SocketType, socketpair, sockopt::set_socket_send_buffer_size},
    pipe::{PipeFlags, pipe_with},
};

use super::StdioSpec;
use crate::sys::{Descriptor, SystemError};

/// What the child may have written ahead of the parent. Gathering 256 MB takes a third less time than with the default of
/// 208 KB, and more than this gains nothing.
const GATHERED: usize = 1024 * 1024;

/// What the child may have sent ahead of the parent. A child that sends and exits loses what its end of the channel does not
/// hold: libuv writes what fits, tries once more, and leaves the rest for a turn of the loop that never comes. With the default
/// that is everything from 214 KB on, but for what the parent has read between the two tries. The kernel doubles the number
/// and counts its own structures, so that 2 MB fit.
const CHANNEL: usize = 1024 * 1024;

/// The ends of a child's stdio, all close-on-exec, by slot.
#[derive(Debug, Default)]
pub struct Pipes {
    /// The parent's ends; none where the slot is no pipe.
    pub parent: Vec<Option<Descriptor>>,
    /// The child's ends, likewise.
    pub child: Vec<Option<Descriptor>>,
}

impl Pipes {
    /// Makes all that the specs ask for, or nothing.
    ///
    /// Sockets have the kernel's default buffers. libuv 1.51 and 1.52 shrink them, after which a child that nobody reads
    /// from waits sooner.
    ///
    /// # Errors
    ///
    /// EMFILE, ENFILE or ENOMEM; what had been made is closed again.
    pub fn create(specs: &[StdioSpec]) -> Result<Self, SystemError> {
        let mut pipes = Self::default();
        for (slot, spec) in specs.iter().enumerate() {
            let (parent, child) = match spec {
                StdioSpec::Ignore | StdioSpec::Fd(_) => (None, None),
                StdioSpec::Fifo => {
                    let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
                    if slot == 0 { (Some(write), Some(read)) } else { (Some(read), Some(write)) }
                }
                StdioSpec::Socket | StdioSpec::Channel | StdioSpec::Gathered => {
                    let (parent, child) =
                        socketpair(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
                    let ahead = match spec {
                        StdioSpec::Channel => Some(CHANNEL),
                        StdioSpec::Gathered => Some(GATHERED),
                        _ => None,
                    };
                    if let Some(size) = ahead {
                        // The kernel takes less where net.core.wmem_max says so.
                        let _ = set_socket_send_buffer_size(&child, size);
                    }
                    (Some(parent), Some(child))
                }
            };
            pipes.parent.push(parent);
            pipes.child.push(child);
        }
        Ok(pipes)
    }
}
