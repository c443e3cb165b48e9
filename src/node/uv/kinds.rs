//! The three kinds of handle in use: a descriptor, the check phase, and a wake-up from another thread.

use std::{
    ffi::c_int,
    io,
    ops::BitOr,
    os::fd::{AsRawFd, BorrowedFd},
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    api::{HandleType, RawHandle, check},
    handle::{Handle, Loop},
};

/// What a [`Poll`] watches for, and what it found (`enum uv_poll_event`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Events(c_int);

impl Events {
    /// Data, the end of the stream, or an error can be read.
    pub const READABLE: Self = Self(1);
    /// Room for writing, or an error.
    pub const WRITABLE: Self = Self(2);
    /// The descriptor has an error (a reset connection), for which libuv has stopped watching. What arrived before can still
    /// be read; [`Poll::start`] watches on.
    pub const STOPPED: Self = Self(1 << 16);

    /// Whether every event of `other` is in this set.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Events {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Watches a descriptor (`uv_poll_t`). Dropping it stops at once and closes the handle.
pub struct Poll(Rc<Handle>);

impl Poll {
    /// Makes a stopped watcher. `callback` runs on the loop's thread, outside any JS scope. An error in the
    /// descriptor is reported as every event and [`Events::STOPPED`], so that the next read or write tells what it was.
    ///
    /// The descriptor must stay open until the `Poll` is dropped; libuv puts it into non-blocking mode.
    ///
    /// # Errors
    ///
    /// What `uv_poll_init` gives: EPERM for a descriptor that cannot be polled, ENOMEM, or Unsupported outside Node.
    pub fn new(
        lp: &Rc<Loop>,
        fd: BorrowedFd<'_>,
        mut callback: impl FnMut(Events) + 'static,
    ) -> io::Result<Self> {
        let fd = fd.as_raw_fd();
        let callback = Box::new(move |status, events| {
            let failed = Events::READABLE | Events::WRITABLE | Events::STOPPED;
            callback(if status < 0 { failed } else { Events(events) });
        });
        Handle::open(lp, HandleType::Poll, callback, |api, lp, handle| {
            // SAFETY: `handle` is memory of the size of uv_poll_t and `lp` Node's loop.
            check(unsafe { (api.uv_poll_init)(lp, handle, fd) })
        })
        .map(Self)
    }

    /// Starts watching, or changes what is watched.
    ///
    /// # Errors
    ///
    /// EBADF or ENOMEM from libuv. A closed watcher stays silent.
    pub fn start(&self, events: Events) -> io::Result<()> {
        unsafe extern "C" fn on_poll(handle: RawHandle, status: c_int, events: c_int) {
            // SAFETY: libuv calls this for handles that were started below.
            unsafe { Handle::dispatch(handle, status, events) };
        }
        if self.0.is_closed() {
            return Ok(());
        }
        // SAFETY: initialised and not closing.
        check(unsafe { (self.0.api.uv_poll_start)(self.0.raw, events.0, on_poll) })
    }

    /// Stops watching; [`Poll::start`] may be called again.
    pub fn stop(&self) {
        if !self.0.is_closed() {
            // SAFETY: initialised and not closing. The call cannot fail.
            unsafe { (self.0.api.uv_poll_stop)(self.0.raw) };
        }
    }

    /// Makes a started watcher keep the loop alive (the default), or not.
    pub fn set_ref(&self, on: bool) {
        self.0.set_ref(on);
    }

    /// Whether the watcher would keep the loop alive.
    #[must_use]
    pub fn has_ref(&self) -> bool {
        self.0.has_ref()
    }

    /// Closes the watcher and runs `then` in the loop's closing phase.
    pub fn close(self, then: impl FnOnce() + 'static) {
        self.0.close(Some(Box::new(then)));
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.0.close(None);
    }
}

/// Runs a function in the check phase, right after the loop has polled (`uv_check_t`). It never keeps the loop alive.
pub struct Check(Rc<Handle>);

impl Check {
    /// Makes a stopped check.
    ///
    /// # Errors
    ///
    /// Unsupported outside Node.
    pub fn new(lp: &Rc<Loop>, mut callback: impl FnMut() + 'static) -> io::Result<Self> {
        let callback = Box::new(move |_, _| callback());
        let handle = Handle::open(lp, HandleType::Check, callback, |api, lp, handle| {
            // SAFETY: `handle` is memory of the size of uv_check_t and `lp` Node's loop.
            check(unsafe { (api.uv_check_init)(lp, handle) })
        })?;
        handle.set_ref(false);
        Ok(Self(handle))
    }

    /// Runs the function in every check phase until [`Check::stop`].
    pub fn start(&self) {
        unsafe extern "C" fn on_check(handle: RawHandle) {
            // SAFETY: libuv calls this for handles that were started below.
            unsafe { Handle::dispatch(handle, 0, 0) };
        }
        if !self.0.is_closed() {
            // SAFETY: initialised and not closing; fails only without a callback.
            unsafe { (self.0.api.uv_check_start)(self.0.raw, on_check) };
        }
    }

    /// Stops running the function.
    pub fn stop(&self) {
        if !self.0.is_closed() {
            // SAFETY: initialised and not closing. The call cannot fail.
            unsafe { (self.0.api.uv_check_stop)(self.0.raw) };
        }
    }

    /// Closes the check and runs `then` in the loop's closing phase.
    pub fn close(self, then: impl FnOnce() + 'static) {
        self.0.close(Some(Box::new(then)));
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        self.0.close(None);
    }
}

/// Lets other threads wake the loop (`uv_async_t`). It keeps the loop alive only while asked to by `set_ref`.
pub struct Async {
    handle: Rc<Handle>,
    target: Arc<Mutex<Target>>,
}

struct Target(Option<RawHandle>);

// SAFETY: the pointer is used only for uv_async_send, the one libuv call that any thread may make, and only while the
// lock shows that the handle has not been closed.
unsafe impl Send for Target {}

/// The part of an [`Async`] that may go to any thread.
#[derive(Clone)]
pub struct Waker(Arc<Mutex<Target>>);

impl Async {
    /// Makes a wake-up that runs `callback` on the loop's thread. Wakes that come together run it once.
    ///
    /// # Errors
    ///
    /// What `uv_async_init` gives (EMFILE when the loop's eventfd cannot be made), or Unsupported outside Node.
    pub fn new(lp: &Rc<Loop>, mut callback: impl FnMut() + 'static) -> io::Result<Self> {
        unsafe extern "C" fn on_async(handle: RawHandle) {
            // SAFETY: libuv calls this for handles that were initialised below.
            unsafe { Handle::dispatch(handle, 0, 0) };
        }
        let callback = Box::new(move |_, _| callback());
        let handle = Handle::open(lp, HandleType::Async, callback, |api, lp, handle| {
            // SAFETY: `handle` is memory of the size of uv_async_t and `lp` Node's loop.
            check(unsafe { (api.uv_async_init)(lp, handle, on_async) })
        })?;
        handle.set_ref(false);
        let target = Arc::new(Mutex::new(Target(Some(handle.raw))));
        let guarded = Arc::clone(&target);
        handle.before_close(move || guarded.lock().unwrap_or_else(PoisonError::into_inner).0 = None);
        Ok(Self { handle, target })
    }

    /// A handle for other threads. It may outlive this value, and then does nothing.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker(Arc::clone(&self.target))
    }

    /// Makes the wake-up keep the loop alive, or not (the default).
    pub fn set_ref(&self, on: bool) {
        self.handle.set_ref(on);
    }
}

impl Drop for Async {
    fn drop(&mut self) {
        self.handle.close(None);
    }
}

impl Waker {
    /// Asks the loop to run the callback soon.
    pub fn wake(&self) {
        let target = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = target.0
            && let Ok(api) = super::api::api()
        {
            // SAFETY: closing empties the target first, which the lock holds off.
            unsafe { (api.uv_async_send)(handle) };
        }
    }
}
