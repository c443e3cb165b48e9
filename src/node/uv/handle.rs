//! What every handle shares: memory, the callback, closing, and the loop's list of what is open.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    cell::{Cell, RefCell},
    collections::HashMap,
    ffi::{c_int, c_void},
    io,
    rc::{Rc, Weak},
};

use napi::Env;

use super::api::{Api, HandleType, RawHandle, RawLoop, api};

/// Node's event loop, as this environment uses it.
///
/// It knows every handle opened on it, so that an environment that ends (a Worker being terminated) can close them
/// all and learn when libuv has let go of the last: a loop that is destroyed with open handles aborts the process.
pub struct Loop {
    raw: RawLoop,
    open: RefCell<HashMap<usize, Weak<Handle>>>,
    closing: Cell<usize>,
    drained: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl Loop {
    /// The loop of an environment, which is Node's own.
    ///
    /// # Errors
    ///
    /// The environment has none, or is ending.
    pub fn of(env: &Env) -> napi::Result<Rc<Self>> {
        let raw = env.get_uv_event_loop()?.cast();
        Ok(Rc::new(Self {
            raw,
            open: RefCell::default(),
            closing: Cell::new(0),
            drained: RefCell::default(),
        }))
    }

    /// Whether this is the main thread's loop, which ends with the process.
    #[must_use]
    pub fn is_main(&self) -> bool {
        // SAFETY: initialises the default loop at most, which Node's main thread has done.
        api().is_ok_and(|api| unsafe { (api.uv_default_loop)() } == self.raw)
    }

    /// Closes every open handle and calls `drained` once libuv has released them all, at once if there are none.
    pub fn close_all(&self, drained: impl FnOnce() + 'static) {
        let open: Vec<_> = self.open.borrow().values().filter_map(Weak::upgrade).collect();
        for handle in open {
            handle.close(None);
        }
        if self.closing.get() == 0 {
            drained();
        } else {
            *self.drained.borrow_mut() = Some(Box::new(drained));
        }
    }
}

/// What a handle's events are passed to: `(status, events)`, both 0 for kinds that have none.
pub(super) type Callback = Box<dyn FnMut(c_int, c_int)>;

/// A libuv handle: the memory libuv works on, and what to call.
pub(super) struct Handle {
    pub(super) raw: RawHandle,
    layout: Layout,
    pub(super) api: &'static Api,
    lp: Rc<Loop>,
    callback: RefCell<Callback>,
    closed: Cell<bool>,
    before_close: RefCell<Option<Box<dyn FnOnce()>>>,
    on_close: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl Handle {
    /// Allocates a handle of a type, initialises it with `init` and gives libuv its share of the ownership.
    pub(super) fn open(
        lp: &Rc<Loop>,
        kind: HandleType,
        callback: Callback,
        init: impl FnOnce(&'static Api, RawLoop, RawHandle) -> io::Result<()>,
    ) -> io::Result<Rc<Self>> {
        let api = api()?;
        // SAFETY: a pure function of a valid handle type.
        let size = unsafe { (api.uv_handle_size)(kind as c_int) };
        // 16 is malloc's alignment, which is what libuv's users give it.
        let layout = Layout::from_size_align(size, 16).map_err(io::Error::other)?;
        // SAFETY: no handle type has size 0.
        let raw = unsafe { alloc_zeroed(layout) }.cast::<c_void>();
        if raw.is_null() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        if let Err(error) = init(api, lp.raw, raw) {
            // SAFETY: allocated above with this layout; a failed init leaves nothing registered with libuv.
            unsafe { dealloc(raw.cast(), layout) };
            return Err(error);
        }
        let handle = Rc::new(Self {
            raw,
            layout,
            api,
            lp: Rc::clone(lp),
            callback: RefCell::new(callback),
            closed: Cell::new(false),
            before_close: RefCell::default(),
            on_close: RefCell::default(),
        });
        lp.open.borrow_mut().insert(raw as usize, Rc::downgrade(&handle));
        let share = Rc::into_raw(Rc::clone(&handle));
        // SAFETY: `raw` was initialised by `init`; the share is taken back in `on_closed`.
        unsafe { (api.uv_handle_set_data)(raw, share.cast_mut().cast()) };
        Ok(handle)
    }

    /// Starts closing, once. `then` runs when libuv has let go of the handle, and not at all if it was closing already.
    pub(super) fn close(&self, then: Option<Box<dyn FnOnce()>>) {
        if self.closed.replace(true) {
            return;
        }
        *self.on_close.borrow_mut() = then;
        if let Some(before) = self.before_close.borrow_mut().take() {
            before();
        }
        self.lp.open.borrow_mut().remove(&(self.raw as usize));
        self.lp.closing.set(self.lp.closing.get() + 1);
        // SAFETY: initialised, and not yet closing.
        unsafe { (self.api.uv_close)(self.raw, on_closed) };
    }

    /// Sets what must happen before libuv is told to close, whoever closes.
    pub(super) fn before_close(&self, run: impl FnOnce() + 'static) {
        *self.before_close.borrow_mut() = Some(Box::new(run));
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Makes the handle keep the loop alive, or not.
    pub(super) fn set_ref(&self, on: bool) {
        let change = if on { self.api.uv_ref } else { self.api.uv_unref };
        // SAFETY: the handle is initialised; both calls are idempotent and allowed while closing.
        unsafe { change(self.raw) };
    }

    pub(super) fn has_ref(&self) -> bool {
        // SAFETY: the handle is initialised.
        !self.is_closed() && unsafe { (self.api.uv_has_ref)(self.raw) } != 0
    }

    /// Runs the handle's callback, unless it is closing.
    ///
    /// # Safety
    ///
    /// `raw` must be a handle made by [`Handle::open`] that libuv still knows.
    pub(super) unsafe fn dispatch(raw: RawHandle, status: c_int, events: c_int) {
        let Ok(api) = api() else { return };
        // SAFETY: the data pointer is the share made in `open`, alive until `on_closed`, which cannot have run.
        let handle = unsafe {
            let share = (api.uv_handle_get_data)(raw).cast_const().cast::<Self>();
            Rc::increment_strong_count(share);
            Rc::from_raw(share)
        };
        if handle.is_closed() {
            return;
        }
        // A callback that enters JS can run the loop again (Atomics.wait does not, but a nested uv_run by an embedder does).
        // What a poll handle tells of then comes again, as it is level-triggered. A timer's or a check's turn, or a wake, is
        // passed over: that call is running.
        if let Ok(mut callback) = handle.callback.try_borrow_mut() {
            callback(status, events);
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: allocated in `open` with this layout. libuv's share is gone, so it no longer uses the memory.
        unsafe { dealloc(self.raw.cast(), self.layout) };
    }
}

unsafe extern "C" fn on_closed(raw: RawHandle) {
    let Ok(api) = api() else { return };
    // SAFETY: takes back the share made in `Handle::open`; libuv calls this once, last of all.
    let handle = unsafe { Rc::from_raw((api.uv_handle_get_data)(raw).cast_const().cast::<Handle>()) };
    let then = handle.on_close.borrow_mut().take();
    let lp = Rc::clone(&handle.lp);
    drop(handle);
    if let Some(then) = then {
        then();
    }
    lp.closing.set(lp.closing.get() - 1);
    if lp.closing.get() == 0 {
        let drained = lp.drained.borrow_mut().take();
        if let Some(drained) = drained {
            drained();
        }
    }
}
