//! libuv handles on Node's own loop, behind a safe face.
//!
//! Latency lives on the JS thread, so descriptors that matter to it are watched by the loop that Node already
//! runs. libuv documents its ABI as stable within a major version and gives handle sizes at run time
//! (`uv_handle_size`), which is why no libuv header is needed here.
//!
//! # Safety
//!
//! The functions are resolved from the running process by `dlsym`, so that test binaries link without Node. A
//! handle's memory is owned twice: by the Rust value that users hold, and by libuv until its close callback has
//! run. Dropping the value calls `uv_close`; the memory goes when both owners are done. Nothing here is `Send`,
//! except [`Waker`], whose pointer is guarded by a lock that closing takes as well.
#![allow(unsafe_code)]

mod api;
mod handle;
mod kinds;
mod timer;

/// Whether the functions of libuv are to be found in this process.
#[must_use]
pub fn is_there() -> bool {
    api::api().is_ok()
}

pub use self::{
    handle::Loop,
    kinds::{Async, Check, Events, Poll, Waker},
    timer::Timer,
};
