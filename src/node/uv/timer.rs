//! A handle for later.

use std::{io, rc::Rc, time::Duration};

use super::{
    api::{HandleType, RawHandle, check},
    handle::{Handle, Loop},
};

/// Runs a function once some time has passed (`uv_timer_t`). Dropping it closes the handle.
pub struct Timer(Rc<Handle>);

impl Timer {
    /// Makes a timer that is not running.
    ///
    /// # Errors
    ///
    /// Unsupported outside Node.
    pub fn new(lp: &Rc<Loop>, mut callback: impl FnMut() + 'static) -> io::Result<Self> {
        let callback = Box::new(move |_, _| callback());
        Handle::open(lp, HandleType::Timer, callback, |api, lp, handle| {
            // SAFETY: `handle` is memory of the size of uv_timer_t and `lp` Node's loop.
            check(unsafe { (api.uv_timer_init)(lp, handle) })
        })
        .map(Self)
    }

    /// Runs the function once, after so many milliseconds from now. Until then it keeps the loop alive, unless
    /// [`Timer::set_ref`] says otherwise.
    pub fn start(&self, delay: Duration) {
        unsafe extern "C" fn on_timer(handle: RawHandle) {
            // SAFETY: libuv calls this for handles that were started below.
            unsafe { Handle::dispatch(handle, 0, 0) };
        }
        if !self.0.is_closed() {
            let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
            // SAFETY: initialised and not closing; fails only without a callback.
            unsafe { (self.0.api.uv_timer_start)(self.0.raw, on_timer, delay, 0) };
        }
    }

    /// Makes a started timer keep the loop alive (the default), or not.
    pub fn set_ref(&self, on: bool) {
        self.0.set_ref(on);
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.close(None);
    }
}
