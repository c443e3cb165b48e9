//! This shared object in memory.
//!
//! # Safety
//!
//! Only questions to the dynamic linker about our own code.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

/// Keeps the addon's code mapped until the process ends, whoever calls `dlclose`. Does nothing in a test binary, whose
/// code is never unloaded.
pub fn pin() {
    let mut info = MaybeUninit::<libc::Dl_info>::uninit();
    // SAFETY: an address inside this image, and room for the answer, which is read only if dladdr filled it. Opening the
    // image again by its own name with NOLOAD only adds the NODELETE mark; the handle is kept on purpose.
    unsafe {
        if libc::dladdr(pin as *const libc::c_void, info.as_mut_ptr()) != 0 {
            libc::dlopen(
                info.assume_init().dli_fname,
                libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE,
            );
        }
    }
}
