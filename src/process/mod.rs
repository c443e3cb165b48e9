//! The life of a child: starting it, signalling it, and how it ended. What it is started with is described in `sys`, as the
//! child itself reads it.

mod child;
mod orphan;
pub mod signal;
mod spawn;

pub use self::{
    child::{Child, ExitStatus},
    orphan::adopt,
    spawn::{SpawnError, Spawned, spawn},
};
pub use crate::sys::{
    Attributes, CStringBlock, Environment, ResourceLimits, SpawnOptions, Step, SystemError,
};
