//! The few Node-API calls for which napi-rs has no safe wrapper: callbacks in an async context, strong references,
//! and the hook that may finish later.
//!
//! # Safety
//!
//! Every value here belongs to one environment and is `!Send`, so it is used on that environment's thread. The
//! environment outlives them: [`on_teardown`] is where their owners must drop them. `napi_value`s passed in must come
//! from the current handle scope, which is what napi-rs hands to `#[napi]` functions.
#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_void},
    ptr,
};

use napi::sys;

/// A Node-API failure, by the function that failed.
#[derive(Debug, thiserror::Error)]
#[error("{function} failed with status {status}")]
pub struct NodeApiError {
    function: &'static str,
    status: sys::napi_status,
}

fn check(function: &'static str, status: sys::napi_status) -> Result<(), NodeApiError> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(NodeApiError { function, status }) }
}

/// Frees the handles made while it lives. Needed wherever native code is entered from libuv and not from JS.
pub struct HandleScope {
    env: sys::napi_env,
    scope: sys::napi_handle_scope,
}

impl HandleScope {
    /// Opens a scope.
    ///
    /// # Errors
    ///
    /// The environment is shutting down.
    pub fn open(env: sys::napi_env) -> Result<Self, NodeApiError> {
        let mut scope = ptr::null_mut();
        // SAFETY: `env` is the current environment, on its own thread.
        check("napi_open_handle_scope", unsafe { sys::napi_open_handle_scope(env, &raw mut scope) })?;
        Ok(Self { env, scope })
    }
}

impl Drop for HandleScope {
    fn drop(&mut self) {
        // SAFETY: opened in `open`; scopes are values on the stack, so they close in reverse order.
        unsafe { sys::napi_close_handle_scope(self.env, self.scope) };
    }
}

/// A strong reference: the JS value lives at least as long.
pub struct Persistent {
    env: sys::napi_env,
    reference: sys::napi_ref,
}

impl Persistent {
    /// Keeps an object, function, or external alive.
    ///
    /// # Errors
    ///
    /// The value is a primitive, or the environment is shutting down.
    pub fn new(env: sys::napi_env, value: sys::napi_value) -> Result<Self, NodeApiError> {
        let mut reference = ptr::null_mut();
        // SAFETY: `value` is alive in the current scope (module contract).
        check("napi_create_reference", unsafe {
            sys::napi_create_reference(env, value, 1, &raw mut reference)
        })?;
        Ok(Self { env, reference })
    }

    /// The value, in the current handle scope.
    ///
    /// # Errors
    ///
    /// The environment is shutting down.
    pub fn get(&self) -> Result<sys::napi_value, NodeApiError> {
        let mut value = ptr::null_mut();
        // SAFETY: the reference is alive until drop.
        check("napi_get_reference_value", unsafe {
            sys::napi_get_reference_value(self.env, self.reference, &raw mut value)
        })?;
        Ok(value)
    }
}

impl Drop for Persistent {
    fn drop(&mut self) {
        // SAFETY: created in `new`, deleted once.
        unsafe { sys::napi_delete_reference(self.env, self.reference) };
    }
}

/// An async context: what `AsyncWrap` is in Node's own handles. Calls made through it run in the async scope, the
/// `AsyncLocalStorage` state and the domain of the place that created it, and drain nextTicks and microtasks after.
pub struct AsyncContext {
    env: sys::napi_env,
    context: sys::napi_async_context,
}

impl AsyncContext {
    /// Announces an async resource: `async_hooks` init with the type `name` and `resource` as its object.
    ///
    /// # Errors
    ///
    /// The environment is shutting down.
    pub fn new(env: sys::napi_env, resource: sys::napi_value, name: &CStr) -> Result<Self, NodeApiError> {
        let (mut type_name, mut context) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: `name` is NUL-terminated, its length is passed.
        check("napi_create_string_latin1", unsafe {
            sys::napi_create_string_latin1(
                env,
                name.as_ptr(),
                name.count_bytes().cast_signed(),
                &raw mut type_name,
            )
        })?;
        // SAFETY: both values are alive in the current scope.
        check("napi_async_init", unsafe {
            sys::napi_async_init(env, resource, type_name, &raw mut context)
        })?;
        Ok(Self { env, context })
    }

    /// Calls `recv[name](...args)` from outside JS. An exception becomes an uncaught one, as from any event; a property
    /// that is no function is passed over.
    pub fn call_method(&self, recv: sys::napi_value, name: &CStr, args: &[sys::napi_value]) {
        let (mut method, mut kind) = (ptr::null_mut(), 0);
        // SAFETY: `recv` is an object of the current scope, `name` NUL-terminated; napi_typeof reads a live value.
        let status = unsafe {
            match sys::napi_get_named_property(self.env, recv, name.as_ptr(), &raw mut method) {
                sys::Status::napi_ok => sys::napi_typeof(self.env, method, &raw mut kind),
                status => status,
            }
        };
        if status == sys::Status::napi_ok {
            if kind == sys::ValueType::napi_function {
                self.call(recv, method, args);
            }
        } else {
            report_exception(self.env);
        }
    }

    /// Calls a function from outside JS. An exception becomes an uncaught one, as from any event.
    pub fn call(&self, recv: sys::napi_value, function: sys::napi_value, args: &[sys::napi_value]) {
        // SAFETY: all values are alive in the current scope, and the context until drop. A result is not wanted.
        let status = unsafe {
            sys::napi_make_callback(
                self.env,
                self.context,
                recv,
                function,
                args.len(),
                args.as_ptr(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok {
            report_exception(self.env);
        }
    }
}

impl Drop for AsyncContext {
    fn drop(&mut self) {
        // SAFETY: created in `new`, destroyed once.
        unsafe { sys::napi_async_destroy(self.env, self.context) };
    }
}

/// Hands a pending exception to `process.on('uncaughtException')`. Where the environment can no longer run JS there is
/// none, and nothing to do.
fn report_exception(env: sys::napi_env) {
    let (mut pending, mut error) = (false, ptr::null_mut());
    // SAFETY: out-pointers of the right types; `error` is used only after napi_ok.
    unsafe {
        if sys::napi_is_exception_pending(env, &raw mut pending) == sys::Status::napi_ok
            && pending
            && sys::napi_get_and_clear_last_exception(env, &raw mut error) == sys::Status::napi_ok
        {
            sys::napi_fatal_exception(env, error);
        }
    }
}

/// Writes into a JS `Int32Array`, as much as fits.
///
/// # Errors
///
/// The value is not an `Int32Array`.
pub fn fill_int32_array(
    env: sys::napi_env,
    array: sys::napi_value,
    values: &[i32],
) -> Result<(), NodeApiError> {
    let (mut kind, mut length, mut data) = (0, 0, ptr::null_mut());
    // SAFETY: out-pointers of the right types; the array buffer and the offset are not asked for.
    check("napi_get_typedarray_info", unsafe {
        sys::napi_get_typedarray_info(
            env,
            array,
            &raw mut kind,
            &raw mut length,
            &raw mut data,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    })?;
    if kind != sys::TypedarrayType::int32_array {
        return Err(NodeApiError { function: "fill_int32_array", status: sys::Status::napi_invalid_arg });
    }
    let count = length.min(values.len());
    // SAFETY: `data` has `length` elements of i32, and no JS runs while they are written.
    unsafe { ptr::copy_nonoverlapping(values.as_ptr(), data.cast::<i32>(), count) };
    Ok(())
}

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
pub fn on_teardown(
    env: sys::napi_env,
    hook: impl FnOnce(TeardownDone) + 'static,
) -> Result<(), NodeApiError> {
    type Hook = Box<dyn FnOnce(TeardownDone)>;
    unsafe extern "C" fn run(handle: sys::napi_async_cleanup_hook_handle, hook: *mut c_void) {
        // SAFETY: the box made below; Node calls a hook at most once.
        let hook = unsafe { Box::from_raw(hook.cast::<Hook>()) };
        hook(TeardownDone(handle));
    }
    let hook: *mut Hook = Box::into_raw(Box::new(Box::new(hook)));
    // SAFETY: `run` takes back the box. The handle is not kept, as the hook is never removed early.
    let added = check("napi_add_async_cleanup_hook", unsafe {
        sys::napi_add_async_cleanup_hook(env, Some(run), hook.cast(), ptr::null_mut())
    });
    if added.is_err() {
        // SAFETY: Node did not take the box.
        drop(unsafe { Box::from_raw(hook) });
    }
    added
}
