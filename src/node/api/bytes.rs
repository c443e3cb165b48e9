//! Bytes that become a Buffer without being copied.

use std::{ffi::c_void, ptr, sync::Arc};

use napi::{bindgen_prelude::ToNapiValue, sys};

/// Below this a copy costs less than the finalizer that foreign memory needs.
pub const EXTERNAL: usize = 64 * 1024;

/// Bytes on their way to JS, where they become a `Buffer`. Many lie on in the memory where they are, which is given back
/// when the Buffer is collected; where the engine takes no foreign memory (Electron), and for few, they are copied.
pub struct Bytes<T>(pub T);

impl<T: AsRef<[u8]> + 'static> ToNapiValue for Bytes<T> {
    unsafe fn to_napi_value(env: sys::napi_env, bytes: Self) -> napi::Result<sys::napi_value> {
        unsafe extern "C" fn release<T>(_: sys::napi_env, _: *mut c_void, owner: *mut c_void) {
            // SAFETY: one of the two shares below, given back once.
            drop(unsafe { Arc::from_raw(owner.cast::<T>()) });
        }
        if bytes.0.as_ref().len() >= EXTERNAL {
            // Two shares: whether a call that fails has run the finalizer depends on why it fails.
            let owner = Arc::new(bytes.0);
            let slice = (*owner).as_ref();
            let (start, length) = (slice.as_ptr().cast_mut().cast(), slice.len());
            let lent = Arc::into_raw(Arc::clone(&owner)).cast_mut();
            let mut buffer = ptr::null_mut();
            // SAFETY: the bytes stay where they are as long as their owner, which lives until the finalizer runs. Once JS has
            // them nobody in Rust looks at them any more, so it may write to them.
            let status = unsafe {
                sys::napi_create_external_buffer(
                    env,
                    length,
                    start,
                    Some(release::<T>),
                    lent.cast(),
                    &raw mut buffer,
                )
            };
            if status == sys::Status::napi_ok {
                return Ok(buffer);
            }
            if status == sys::Status::napi_no_external_buffers_allowed {
                // SAFETY: refused without a look at it.
                drop(unsafe { Arc::from_raw(lent) });
                // SAFETY: as the caller vouches for `env`.
                return unsafe { copy(env, (*owner).as_ref()) };
            }
            // More than a Buffer can have: Node has run the finalizer, and thrown. The environment ends: it has not, and the
            // memory goes with the process.
            // SAFETY: as the caller vouches for `env`.
            return Err(unsafe { no_room(env, length) });
        }
        // SAFETY: as the caller vouches for `env`.
        unsafe { copy(env, bytes.0.as_ref()) }
    }
}

unsafe fn copy(env: sys::napi_env, bytes: &[u8]) -> napi::Result<sys::napi_value> {
    let mut buffer = ptr::null_mut();
    // SAFETY: the bytes are read before the call returns; `env` is the current environment.
    let status = unsafe {
        sys::napi_create_buffer_copy(
            env,
            bytes.len(),
            bytes.as_ptr().cast(),
            ptr::null_mut(),
            &raw mut buffer,
        )
    };
    if status != sys::Status::napi_ok {
        // SAFETY: as the caller vouches for `env`.
        return Err(unsafe { no_room(env, bytes.len()) });
    }
    Ok(buffer)
}

/// What is thrown instead of Node's exception, or handled.
unsafe fn no_room(env: sys::napi_env, length: usize) -> napi::Error {
    let mut error = ptr::null_mut();
    // SAFETY: an out-pointer of the right type; fails where there is no exception.
    unsafe { sys::napi_get_and_clear_last_exception(env, &raw mut error) };
    napi::Error::from_reason(format!("no room for a Buffer of {length} bytes"))
}
