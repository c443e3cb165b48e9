//! The process's own environment, as the C library holds it.
//!
//! # Safety
//!
//! Reading is what Rust calls safe: whoever changes the environment vouches that nobody reads it meanwhile
//! (`std::env::set_var`). Node changes it on its main thread, which is the one that asks for it here, and in Workers that were
//! started with `SHARE_ENV`, under a mutex that is Node's own. So lib/ does not let the core read it while there is a Worker
//! (`lib/options/threads.js`).
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_char},
    iter::from_fn,
    marker::PhantomData,
};

unsafe extern "C" {
    // From the C library; std::env copies every string, which is what this is here to avoid.
    static environ: *const *const c_char;
}

/// The environment for as long as nobody changes it. The strings that it lends must not outlive the call that reads them, so
/// it stays on its thread.
pub struct Environ(PhantomData<*const ()>);

impl Environ {
    /// Reads the environment from here on.
    #[must_use]
    pub fn read() -> Self {
        Self(PhantomData)
    }

    /// The `NAME=value` strings, in the C library's order.
    pub fn iter(&self) -> impl Iterator<Item = &CStr> {
        // SAFETY: see the module. A null-terminated array, or null after clearenv().
        let mut entry = unsafe { environ };
        from_fn(move || {
            // SAFETY: as above; `entry` has not passed the null at the end.
            let string = unsafe { entry.as_ref() }.filter(|string| !string.is_null())?;
            // SAFETY: so the next element is within the array.
            entry = unsafe { entry.add(1) };
            // SAFETY: NUL-terminated, and there as long as the borrow (module).
            Some(unsafe { CStr::from_ptr(*string) })
        })
    }
}
