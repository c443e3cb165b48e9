//! Linux: a child by `clone`, its end by a pidfd.

pub mod capabilities;
mod child;
pub mod clone;
mod close_at_exec;
mod dumpable;
pub mod mapping;
pub mod signals;
mod stack;
mod syscall;
pub mod wait;
