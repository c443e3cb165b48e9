//! The operating system and nothing of Node, each call behind a safe face. With `node` it is the only room with `unsafe`.
//!
//! `unix` is what POSIX systems share; `linux` is what only Linux has. This file is the only one that chooses between
//! systems: the core names `sys::clone`, never `sys::linux::clone`, so that another system is another folder with the same
//! names.

mod unix;
pub use self::unix::{async_fd, at_exit, environ, fd, image, slab};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use self::linux::{capabilities, clone, mapping, signals, wait};
