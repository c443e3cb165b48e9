//! Entering JS from outside, the way Node's own handles do.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    ffi::CStr,
    ptr,
    rc::Rc,
};

use napi::{Env, JsValue, Unknown, sys};

use super::{NodeApiError, Persistent, check, on_teardown};

/// An async context: what `AsyncWrap` is in Node's own handles. Calls made through it run in the async scope, the
/// `AsyncLocalStorage` state and the domain of the place that created it, and drain nextTicks and microtasks after.
pub struct AsyncContext {
    env: sys::napi_env,
    context: sys::napi_async_context,
    guard: OnceCell<Option<Rc<Persistent>>>,
    /// What `own` has made.
    _resource: Option<Persistent>,
}

impl AsyncContext {
    /// Announces an async resource: `async_hooks` init with the type `name` and `resource` as its object.
    ///
    /// The resource must live as long: Node refers to it weakly, and before Node 24 the `AsyncLocalStorage` state is kept on
    /// it.
    ///
    /// # Errors
    ///
    /// The environment is shutting down.
    pub fn new<'scope>(resource: &impl JsValue<'scope>, name: &CStr) -> Result<Self, NodeApiError> {
        Self::init(resource, name, None)
    }

    fn init<'scope>(
        resource: &impl JsValue<'scope>,
        name: &CStr,
        kept: Option<Persistent>,
    ) -> Result<Self, NodeApiError> {
        let (env, resource) = (resource.value().env, resource.raw());
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
        Ok(Self { env, context, guard: OnceCell::new(), _resource: kept })
    }

    /// The same with an object that is made for it.
    ///
    /// # Errors
    ///
    /// The environment is shutting down.
    pub fn own(env: &Env, name: &CStr) -> Result<Self, NodeApiError> {
        let mut resource = ptr::null_mut();
        // SAFETY: the current environment, on its own thread (module contract).
        let resource = unsafe {
            check("napi_create_object", sys::napi_create_object(env.raw(), &raw mut resource))?;
            Unknown::from_raw_unchecked(env.raw(), resource)
        };
        Self::init(&resource, name, Some(Persistent::new(&resource)?))
    }

    /// Calls a function from JS as `call` does from outside: in the async scope of the place that created it.
    ///
    /// # Errors
    ///
    /// The function has thrown; the exception is pending, and for the caller.
    pub fn enter(&self, recv: &Unknown<'_>, function: &Unknown<'_>) -> Result<(), NodeApiError> {
        // SAFETY: both values are alive in the current scope, and the context until drop. A result is not wanted.
        check("napi_make_callback", unsafe {
            sys::napi_make_callback(
                self.env,
                self.context,
                recv.raw(),
                function.raw(),
                0,
                ptr::null(),
                ptr::null_mut(),
            )
        })
    }

    /// Calls `recv[name](...args)` from outside JS. An exception becomes an uncaught one, as from any event; a property
    /// that is no function is passed over.
    pub fn call_method(&self, recv: &Unknown<'_>, name: &CStr, args: &[Unknown<'_>]) {
        let (recv, mut method, mut kind) = (recv.raw(), ptr::null_mut(), 0);
        // SAFETY: `recv` is an object of the current scope, `name` NUL-terminated; napi_typeof reads a live value.
        let status = unsafe {
            match sys::napi_get_named_property(self.env, recv, name.as_ptr(), &raw mut method) {
                sys::Status::napi_ok => sys::napi_typeof(self.env, method, &raw mut kind),
                status => status,
            }
        };
        if status == sys::Status::napi_ok {
            if kind == sys::ValueType::napi_function {
                self.call_raw(recv, method, args);
            }
        } else {
            report_exception(self.env);
        }
    }

    /// Calls a function from outside JS. An exception becomes an uncaught one, as from any event.
    ///
    /// The call goes through [`guarded_call`], inside the async scope: `napi_make_callback` alone would leave the scope
    /// before the exception can be reported, and `AsyncLocalStorage` would be empty in 'uncaughtException' listeners,
    /// which it is not in Node. (`napi_open_callback_scope` does not restore it at all from Node 24 on.)
    pub fn call(&self, recv: &Unknown<'_>, function: &Unknown<'_>, args: &[Unknown<'_>]) {
        self.call_raw(recv.raw(), function.raw(), args);
    }

    /// Calls a function of lib/ that does not throw, and saves the way through the guard, which is as long as the rest of the
    /// call. What nextTicks throw is reported as always.
    pub fn call_unguarded(&self, recv: &Unknown<'_>, function: &Unknown<'_>, args: &[Unknown<'_>]) {
        let mut raw = [ptr::null_mut(); MAX_ARGS];
        for (to, from) in raw.iter_mut().zip(args) {
            *to = from.raw();
        }
        // SAFETY: all values are alive in the current scope, and the context until drop. A result is not wanted.
        let status = unsafe {
            sys::napi_make_callback(
                self.env,
                self.context,
                recv.raw(),
                function.raw(),
                args.len().min(MAX_ARGS),
                raw.as_ptr(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok {
            report_exception(self.env);
        }
    }

    fn call_raw(&self, recv: sys::napi_value, function: sys::napi_value, args: &[Unknown<'_>]) {
        let guard = self.guard.get_or_init(|| guard_function(self.env).ok());
        let Some(Ok(guard)) = guard.as_ref().map(|guard| guard.get()) else { return };
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(function);
        all.extend(args.iter().map(JsValue::raw));
        // SAFETY: all values are alive in the current scope, and the context until drop. A result is not wanted.
        let status = unsafe {
            sys::napi_make_callback(
                self.env,
                self.context,
                recv,
                guard.raw(),
                all.len(),
                all.as_ptr(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok {
            // What nextTicks and microtasks threw after the call.
            report_exception(self.env);
        }
    }
}

/// The most arguments that a native callback takes.
const MAX_ARGS: usize = 8;

/// `(function, ...args) => function.apply(this, args)`, which reports an exception instead of throwing it.
unsafe extern "C" fn guarded_call(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    let mut args = [ptr::null_mut(); MAX_ARGS + 1];
    let (mut count, mut recv) = (args.len(), ptr::null_mut());
    // SAFETY: Node calls this with a valid env and info, and fills at most `count` arguments; `call` passes at least one.
    unsafe {
        let read = sys::napi_get_cb_info(
            env,
            info,
            &raw mut count,
            args.as_mut_ptr(),
            &raw mut recv,
            ptr::null_mut(),
        );
        if read == sys::Status::napi_ok
            && sys::napi_call_function(env, recv, args[0], count - 1, args[1..].as_ptr(), ptr::null_mut())
                != sys::Status::napi_ok
        {
            report_exception(env);
        }
    }
    ptr::null_mut()
}

thread_local! {
    /// One for all contexts of an environment: to make one takes as long as a call.
    static GUARDS: RefCell<HashMap<usize, Rc<Persistent>>> = RefCell::default();
}

fn guard_function(env: sys::napi_env) -> Result<Rc<Persistent>, NodeApiError> {
    let key = env as usize;
    if let Some(guard) = GUARDS.with_borrow(|guards| guards.get(&key).cloned()) {
        return Ok(guard);
    }
    let guard = Rc::new(make_guard(env)?);
    on_teardown(&Env::from_raw(env), move |_done| {
        GUARDS.with_borrow_mut(|guards| guards.remove(&key));
    })?;
    GUARDS.with_borrow_mut(|guards| guards.insert(key, Rc::clone(&guard)));
    Ok(guard)
}

fn make_guard(env: sys::napi_env) -> Result<Persistent, NodeApiError> {
    let mut function = ptr::null_mut();
    // SAFETY: an anonymous function without data.
    check("napi_create_function", unsafe {
        sys::napi_create_function(env, ptr::null(), 0, Some(guarded_call), ptr::null_mut(), &raw mut function)
    })?;
    Persistent::from_raw(env, function)
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
