//! Bytes that become a Buffer without being copied.

use std::{ffi::c_void, ptr};

use napi::{bindgen_prelude::ToNapiValue, sys};

/// Below this a copy costs less than the finalizer that foreign memory needs.
const EXTERNAL: usize = 64 * 1024;

/// Bytes on their way to JS, where they become a `Buffer`. Many lie on in the memory where they are, which is given back
/// when the Buffer is collected; where the engine takes no foreign memory (Electron), and for few, they are copied.
pub struct Bytes<T>(pub T);

impl<T: AsRef<[u8]> + 'static> ToNapiValue for Bytes<T> {
    unsafe fn to_napi_value(env: sys::napi_env, bytes: Self) -> napi::Result<sys::napi_value> {
        unsafe extern "C" fn release<T>(_: sys::napi_env, _: *mut c_void, owner: *mut c_void) {
            // SAFETY: the box made below, given back once.
            drop(unsafe { Box::from_raw(owner.cast::<T>()) });
        }
        if bytes.0.as_ref().len() >= EXTERNAL {
            let owner = Box::new(bytes.0);
            let slice = (*owner).as_ref();
            let (start, length) = (slice.as_ptr().cast_mut().cast(), slice.len());
            let owner = Box::into_raw(owner);
            let mut buffer = ptr::null_mut();
            // SAFETY: the bytes stay where they are as long as their owner, which only the finalizer takes back. Nobody in
            // Rust looks at them any more, so JS may write to them.
            let status = unsafe {
                sys::napi_create_external_buffer(
                    env,
                    length,
                    start,
                    Some(release::<T>),
                    owner.cast(),
                    &raw mut buffer,
                )
            };
            if status == sys::Status::napi_ok {
                return Ok(buffer);
            }
            // SAFETY: Node did not take it.
            let owner = unsafe { Box::from_raw(owner) };
            // SAFETY: as the caller vouches for `env`.
            return unsafe { copy(env, (*owner).as_ref()) };
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
    napi::check_status!(status, "no room for a Buffer of {} bytes", bytes.len())?;
    Ok(buffer)
}
