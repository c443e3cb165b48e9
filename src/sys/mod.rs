//! The operating system and nothing of Node, each call behind a safe face. With `node` it is the only room with `unsafe`.
//!
//! `unix` is what POSIX systems share; `linux` is what only Linux has. This file is the only one that chooses between
//! systems: the core names `sys::spawner`, never `sys::linux::spawner`, so that another system is another folder with the same
//! names. What is beside it here is plain data, the same everywhere.

mod error;
mod options;
mod strings;
pub use self::{
    error::SystemError,
    options::{Attributes, Environment, ResourceLimits, SpawnOptions, StdioSpec, Step},
    strings::CStringBlock,
};

mod unix;
pub use self::unix::{BorrowedDescriptor, Descriptor, RawDescriptor, async_fd, at_exit, fd, slab};
use self::unix::{environ, pointers, search_path};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use self::linux::{capabilities, exit, mapping, signals, spawner, wait};
