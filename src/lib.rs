//! Node's `child_process` on a Rust core.
//!
//! `binding` is what JS sees, and the only room that names napi types. It stands on the core, which is plain Rust:
//! `process` and `stdio`, the life of a child, and `ipc`, the channel to it. `sys` is the floor: system calls, libuv and raw Node-API.
//! ARCHITECTURE.md has the whole picture.
//!
//! On systems other than Linux the crate compiles to an addon that says so when it is loaded, and nothing else.

#[cfg(target_os = "linux")]
mod binding;
#[cfg(target_os = "linux")]
pub mod blocking;
#[cfg(target_os = "linux")]
pub mod capture;
#[cfg(target_os = "linux")]
pub mod ipc;
#[cfg(target_os = "linux")]
pub mod process;
#[cfg(target_os = "linux")]
pub mod runtime;
#[cfg(target_os = "linux")]
pub mod stdio;
#[cfg(target_os = "linux")]
pub mod sys;

#[cfg(not(target_os = "linux"))]
#[path = "binding/unsupported.rs"]
mod binding;
#[cfg(not(target_os = "linux"))]
#[path = "sys/unsupported.rs"]
pub mod sys;
