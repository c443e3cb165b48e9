//! Node's `child_process` on a Rust core.
//!
//! `binding` is what JS sees, and the only room that names napi types. It stands on the core, which is plain Rust:
//! `process` and `stdio`, the life of a child, and `ipc`, the channel to it. `sys` is the floor: system calls, libuv and raw Node-API.
//! ARCHITECTURE.md has the whole picture.
#![deny(unsafe_code)]

mod binding;
pub mod blocking;
pub mod capture;
pub mod ipc;
pub mod process;
pub mod runtime;
pub mod stdio;
pub mod sys;
