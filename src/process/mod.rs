//! The life of a child: what it is started with, starting it, signalling it, and how it ended.

mod child;
mod environment;
mod orphan;
mod search_path;
pub mod signal;
mod spawn;
mod strings;

pub use self::{
    child::{Child, ExitStatus},
    environment::Environment,
    orphan::adopt,
    spawn::{SpawnError, SpawnOptions, Spawned, spawn},
    strings::CStringBlock,
};
pub use crate::sys::clone::Step;
