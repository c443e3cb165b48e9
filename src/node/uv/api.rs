//! The libuv functions in use, looked up once in the process that loaded us.

use std::{
    ffi::{CStr, c_int, c_void},
    io,
    sync::OnceLock,
};

/// `uv_handle_t*` of any kind.
pub(super) type RawHandle = *mut c_void;
/// `uv_loop_t*`.
pub(super) type RawLoop = *mut c_void;
pub(super) type HandleCallback = unsafe extern "C" fn(RawHandle);
pub(super) type PollCallback = unsafe extern "C" fn(RawHandle, c_int, c_int);

/// `uv_handle_type` of the handles in use (`UV_HANDLE_TYPE_MAP`, stable since libuv 1.0).
#[derive(Clone, Copy)]
pub(super) enum HandleType {
    Async = 1,
    Check = 2,
    Poll = 8,
    Timer = 13,
}

macro_rules! api {
    ($($name:ident: $signature:ty),+ $(,)?) => {
        pub(super) struct Api { $(pub(super) $name: $signature,)+ }

        impl Api {
            fn load() -> Result<Self, &'static str> {
                $(
                    let name = concat!(stringify!($name), "\0");
                    let name = CStr::from_bytes_with_nul(name.as_bytes()).map_err(|_| stringify!($name))?;
                    // SAFETY: `name` is NUL-terminated and RTLD_DEFAULT is always a valid handle.
                    let $name = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
                    if $name.is_null() {
                        return Err(stringify!($name));
                    }
                    // SAFETY: the symbol is libuv's function of that name, whose C signature is the one above.
                    let $name = unsafe { std::mem::transmute::<*mut c_void, $signature>($name) };
                )+
                Ok(Self { $($name,)+ })
            }
        }
    };
}

api! {
    uv_default_loop: unsafe extern "C" fn() -> RawLoop,
    uv_handle_size: unsafe extern "C" fn(c_int) -> usize,
    uv_handle_get_data: unsafe extern "C" fn(RawHandle) -> *mut c_void,
    uv_handle_set_data: unsafe extern "C" fn(RawHandle, *mut c_void),
    uv_close: unsafe extern "C" fn(RawHandle, HandleCallback),
    uv_ref: unsafe extern "C" fn(RawHandle),
    uv_unref: unsafe extern "C" fn(RawHandle),
    uv_has_ref: unsafe extern "C" fn(RawHandle) -> c_int,
    uv_poll_init: unsafe extern "C" fn(RawLoop, RawHandle, c_int) -> c_int,
    uv_poll_start: unsafe extern "C" fn(RawHandle, c_int, PollCallback) -> c_int,
    uv_poll_stop: unsafe extern "C" fn(RawHandle) -> c_int,
    uv_check_init: unsafe extern "C" fn(RawLoop, RawHandle) -> c_int,
    uv_check_start: unsafe extern "C" fn(RawHandle, HandleCallback) -> c_int,
    uv_check_stop: unsafe extern "C" fn(RawHandle) -> c_int,
    uv_timer_init: unsafe extern "C" fn(RawLoop, RawHandle) -> c_int,
    uv_timer_start: unsafe extern "C" fn(RawHandle, HandleCallback, u64, u64) -> c_int,
    uv_async_init: unsafe extern "C" fn(RawLoop, RawHandle, HandleCallback) -> c_int,
    uv_async_send: unsafe extern "C" fn(RawHandle) -> c_int,
}

/// The function table.
///
/// # Errors
///
/// `Unsupported`, naming the missing function, where the process is not a Node with libuv's symbols exported.
pub(super) fn api() -> io::Result<&'static Api> {
    static API: OnceLock<Result<Api, &'static str>> = OnceLock::new();
    API.get_or_init(Api::load).as_ref().map_err(|name| {
        io::Error::new(io::ErrorKind::Unsupported, format!("this runtime does not export {name}"))
    })
}

/// A libuv return value as a result: libuv gives `-errno` on Unix.
pub(super) fn check(status: c_int) -> io::Result<()> {
    if status < 0 { Err(io::Error::from_raw_os_error(-status)) } else { Ok(()) }
}
