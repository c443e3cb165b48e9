//! JS values in native hands.

use std::ptr;

use napi::{Env, JsValue, Unknown, sys};

use super::{NodeApiError, check};

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
    pub fn open(env: &Env) -> Result<Self, NodeApiError> {
        let env = env.raw();
        let mut scope = ptr::null_mut();
        // SAFETY: the current environment, on its own thread (module contract).
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
    pub fn new<'scope>(value: &impl JsValue<'scope>) -> Result<Self, NodeApiError> {
        Self::from_raw(value.value().env, value.raw())
    }

    pub(super) fn from_raw(env: sys::napi_env, value: sys::napi_value) -> Result<Self, NodeApiError> {
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
    pub fn get(&self) -> Result<Unknown<'_>, NodeApiError> {
        let mut value = ptr::null_mut();
        // SAFETY: the reference is alive until drop, and so is the value.
        unsafe {
            check(
                "napi_get_reference_value",
                sys::napi_get_reference_value(self.env, self.reference, &raw mut value),
            )?;
            Ok(Unknown::from_raw_unchecked(self.env, value))
        }
    }
}

impl Drop for Persistent {
    fn drop(&mut self) {
        // SAFETY: created in `new`, deleted once.
        unsafe { sys::napi_delete_reference(self.env, self.reference) };
    }
}

/// Writes into a JS `Int32Array`, as much as fits.
///
/// # Errors
///
/// The value is not an `Int32Array`.
pub fn fill_int32_array<'scope>(array: &impl JsValue<'scope>, values: &[i32]) -> Result<(), NodeApiError> {
    let (env, array) = (array.value().env, array.raw());
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
