//! The only room with `unsafe`: system calls, libuv and raw Node-API, each behind a safe face.

pub mod async_fd;
pub mod at_exit;
pub mod capabilities;
mod child;
pub mod clone;
mod close_at_exec;
mod dumpable;
pub mod environ;
pub mod fd;
pub mod image;
pub mod mapping;
pub mod node_api;
pub mod signals;
pub mod slab;
mod stack;
mod syscall;
pub mod uv;
pub mod wait;
