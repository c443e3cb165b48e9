//! Node's `child_process` on a Rust core.
//!
//! `binding` is what JS sees, and the only room that names napi types. It stands on the core, which is plain Rust:
//! `process` and `stdio`, the life of a child, and `ipc`, the channel to it. Below are `node`, which is libuv and raw
//! Node-API, and `sys`, the operating system. ARCHITECTURE.md has the whole picture.
//!
//! On systems that `sys` is not written for (build.rs knows them) the crate compiles to an addon that says so when it is
//! loaded, and nothing else.

#[cfg(supported_system)]
mod binding;
#[cfg(supported_system)]
pub mod blocking;
#[cfg(supported_system)]
pub mod capture;
#[cfg(supported_system)]
pub mod ipc;
#[cfg(supported_system)]
pub mod node;
#[cfg(supported_system)]
pub mod process;
#[cfg(supported_system)]
pub mod runtime;
#[cfg(supported_system)]
pub mod stdio;
#[cfg(supported_system)]
pub mod sys;

#[cfg(not(supported_system))]
mod unsupported;
