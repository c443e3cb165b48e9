//! The end of the process by `exit(3)`, which is how `process.exit()` ends: without finishing the environment.
//!
//! # Safety
//!
//! The handler is code of this image, which is never unloaded (build.rs).
#![allow(unsafe_code)]

use std::sync::OnceLock;

/// Runs `handler` when the process exits. Only the first call counts. The handler runs while other threads do.
pub fn at_exit(handler: fn()) {
    static HANDLER: OnceLock<fn()> = OnceLock::new();
    extern "C" fn run() {
        if let Some(handler) = HANDLER.get() {
            handler();
        }
    }
    if HANDLER.set(handler).is_ok() {
        // SAFETY: a function without arguments that does not unwind. Failure means no memory, and no handler.
        unsafe { libc::atexit(run) };
    }
}
