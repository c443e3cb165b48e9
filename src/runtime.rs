//! The tokio runtime for bulk and waiting work: one thread, started at first need, that lives as long as the process.
//!
//! It is not napi-rs's runtime: that one has a thread per core, and ends with the last environment, while orphans of a
//! terminated Worker still have to be reaped.

use std::{
    io,
    sync::{Mutex, OnceLock, PoisonError},
    thread,
};

use tokio::runtime::{Builder, Handle};

use crate::sys::signals;

static HANDLE: OnceLock<Handle> = OnceLock::new();

/// The runtime, if something has needed it.
#[must_use]
pub fn started() -> Option<&'static Handle> {
    HANDLE.get()
}

/// The runtime, started by the first call.
///
/// # Errors
///
/// The thread or its epoll instance could not be made (EAGAIN, EMFILE); a later call tries again.
pub fn handle() -> io::Result<&'static Handle> {
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(handle) = HANDLE.get() {
        return Ok(handle);
    }
    let _one_at_a_time = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = HANDLE.get() {
        return Ok(handle);
    }
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let handle = runtime.handle().clone();
    // The process's signals belong to Node's threads.
    let _blocked = signals::BlockAll::new();
    thread::Builder::new()
        .name("rs-child-process".into())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    Ok(HANDLE.get_or_init(|| handle))
}
