//! The process's own environment, as the C library holds it.
//!
//! # Safety
//!
//! `environ` may be changed by `setenv` on another thread. Node changes it on its main thread, which is the one that asks
//! for it here, and in Workers that were started with `SHARE_ENV`, under a mutex that is Node's own. So lib/ does not let
//! the core read it while there is a Worker (`lib/options/threads.js`).
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_char},
    ptr,
};

unsafe extern "C" {
    // From the C library; std::env copies every string, which is what this is here to avoid.
    static environ: *const *const c_char;
}

/// Pointers to the `NAME=value` strings, in the C library's order and without the closing null. They stay valid until
/// this thread next runs code that may change the environment.
#[must_use]
pub fn pointers() -> Vec<*const c_char> {
    let mut pointers = Vec::with_capacity(64);
    // SAFETY: see the module: a null-terminated array that nobody changes meanwhile, or null after clearenv().
    unsafe {
        let mut entry = environ;
        while !entry.is_null() && !(*entry).is_null() {
            pointers.push(*entry);
            entry = entry.add(1);
        }
    }
    pointers
}

/// The value of a variable, copied.
#[must_use]
pub fn get(name: &CStr) -> Option<Vec<u8>> {
    // SAFETY: getenv gives null or a NUL-terminated string that nobody changes meanwhile.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        (!ptr::eq(value, ptr::null())).then(|| CStr::from_ptr(value).to_bytes().to_vec())
    }
}
