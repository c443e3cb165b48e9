//! Memory of the core's that JS reads and writes.

use std::{ffi::c_void, ptr, sync::Arc};

use napi::{
    bindgen_prelude::ToNapiValue,
    sys::{self, Status},
};

use crate::sys::slab::SlabMemory;

/// A slab's memory on its way to JS, where it becomes an `ArrayBuffer`, or undefined where V8 cannot share memory (Electron's
/// sandbox). It is kept until the buffer is collected.
pub struct SharedArrayBuffer(pub Arc<SlabMemory>);

impl ToNapiValue for SharedArrayBuffer {
    unsafe fn to_napi_value(env: sys::napi_env, shared: Self) -> napi::Result<sys::napi_value> {
        unsafe extern "C" fn release(_: sys::napi_env, _: *mut c_void, owner: *mut c_void) {
            // SAFETY: the share made below, given back once.
            drop(unsafe { Arc::from_raw(owner.cast::<SlabMemory>()) });
        }
        let (start, size) = (shared.0.start(), shared.0.size());
        let share = Arc::into_raw(shared.0);
        let mut buffer = ptr::null_mut();
        // SAFETY: the memory lives as long as the share, which the finalizer takes back.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(
                env,
                start.as_ptr().cast(),
                size,
                Some(release),
                share.cast_mut().cast(),
                &raw mut buffer,
            )
        };
        if status == Status::napi_ok {
            return Ok(buffer);
        }
        // SAFETY: Node did not take the share; `env` is the current environment.
        unsafe {
            drop(Arc::from_raw(share));
            <()>::to_napi_value(env, ())
        }
    }
}
