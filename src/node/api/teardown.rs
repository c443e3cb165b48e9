//! The end of an environment.

use std::{ffi::c_void, ptr};

use napi::{Env, sys};

use super::{NodeApiError, check};

/// Tells Node that the work begun in an [`on_teardown`] hook is finished.
pub struct TeardownDone(sys::napi_async_cleanup_hook_handle);

impl Drop for TeardownDone {
    fn drop(&mut self) {
        // SAFETY: the handle that the hook was given; removed once.
        unsafe { sys::napi_remove_async_cleanup_hook(self.0) };
    }
}

/// Runs `hook` when the environment ends, before its references and finalizers go. Node keeps its loop running until
/// the [`TeardownDone`] is dropped, so handles can finish closing: needed for a Worker that is terminated.
///
/// # Errors
///
/// The environment is shutting down already.
pub fn on_teardown(env: &Env, hook: impl FnOnce(TeardownDone) + 'static) -> Result<(), NodeApiError> {
    type Hook = Box<dyn FnOnce(TeardownDone)>;
    unsafe extern "C" fn run(handle: sys::napi_async_cleanup_hook_handle, hook: *mut c_void) {
        // SAFETY: the box made below; Node calls a hook at most once.
        let hook = unsafe { Box::from_raw(hook.cast::<Hook>()) };
        hook(TeardownDone(handle));
    }
    let hook: *mut Hook = Box::into_raw(Box::new(Box::new(hook)));
    // SAFETY: `run` takes back the box. The handle is not kept, as the hook is never removed early.
    let added = check("napi_add_async_cleanup_hook", unsafe {
        sys::napi_add_async_cleanup_hook(env.raw(), Some(run), hook.cast(), ptr::null_mut())
    });
    if added.is_err() {
        // SAFETY: Node did not take the box.
        drop(unsafe { Box::from_raw(hook) });
    }
    added
}
