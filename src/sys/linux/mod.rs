//! Linux: a child by `clone`, its end by a pidfd.

mod attributes;
pub mod capabilities;
mod child;
mod clone;
mod close;
mod descriptors;
mod dumpable;
mod exec;
pub mod exit;
mod kernel;
pub mod mapping;
pub mod signals;
pub mod spawner;
mod stack;
pub mod wait;
