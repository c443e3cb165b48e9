//! A child on Node's loop: watched from its start, raised as `onexit` at its end.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use napi::bindgen_prelude::{Null, ToNapiValue};

use crate::{
    binding::environment::EnvState,
    node::{
        api::{AsyncContext, HandleScope, Persistent},
        uv::{Events, Poll, Timer},
    },
    process::{self, Child, ExitStatus},
};

/// A child that is being watched.
#[derive(Default)]
pub struct Running {
    // Before `child`, whose descriptor it watches: fields are dropped in order.
    pub(super) poll: RefCell<Option<Poll>>,
    /// Starts `poll` again, where it had to be stopped.
    again: RefCell<Option<Timer>>,
    pub(super) child: RefCell<Option<Child>>,
    /// The JS handle, which stays alive as long as the child.
    handle: RefCell<Option<(Persistent, Rc<AsyncContext>)>>,
    /// Its end is on the list of those to be raised.
    pub(super) noted: Cell<bool>,
}

impl Running {
    /// Starts watching on the environment's loop. A child that cannot be watched is killed: nobody would learn of its end.
    ///
    /// # Errors
    ///
    /// The errno of the watcher.
    pub fn watch(
        state: &Rc<EnvState>,
        child: Child,
        handle: Persistent,
        context: Rc<AsyncContext>,
    ) -> std::result::Result<Rc<Self>, i32> {
        let running = Rc::new(Self {
            child: RefCell::new(Some(child)),
            handle: RefCell::new(Some((handle, context))),
            ..Self::default()
        });
        match running.start_watching(state) {
            Ok(()) => {
                state.children().remember(&running);
                Ok(running)
            }
            Err(error) => {
                if let Some(child) = running.release() {
                    let _ = child.kill(libc::SIGKILL);
                    let _ = process::adopt(child);
                }
                Err(error.raw_os_error().unwrap_or(libc::ENOMEM))
            }
        }
    }

    fn start_watching(self: &Rc<Self>, state: &Rc<EnvState>) -> std::io::Result<()> {
        let child = self.child.borrow();
        let Some(child) = &*child else { return Ok(()) };
        let (this, of) = (Rc::downgrade(self), Rc::downgrade(state));
        let poll = Poll::new(state.event_loop(), child.exit_fd(), move |_| {
            if let (Some(running), Some(state)) = (this.upgrade(), of.upgrade()) {
                state.note_exit(&running);
            }
        })?;
        poll.start(Events::READABLE)?;
        *self.poll.borrow_mut() = Some(poll);
        Ok(())
    }

    /// Lets the child keep the loop alive, or not.
    pub fn set_ref(&self, on: bool) {
        if let Some(poll) = &*self.poll.borrow() {
            poll.set_ref(on);
        }
        if let Some(again) = &*self.again.borrow() {
            again.set_ref(on);
        }
    }

    /// Whether it does.
    pub fn has_ref(&self) -> bool {
        self.poll.borrow().as_ref().is_some_and(Poll::has_ref)
    }

    /// Gives up the child and everything that ties it to JS.
    pub fn release(&self) -> Option<Child> {
        self.stop_watching();
        self.handle.take();
        self.child.take()
    }

    fn stop_watching(&self) {
        self.poll.take();
        self.again.take();
    }

    /// Reaps the child and calls `onexit`. Not before: until here `kill()` finds a zombie, and succeeds as in Node.
    pub fn raise_exit(self: &Rc<Self>, state: &EnvState) {
        let status = self.child.borrow_mut().as_mut().map(Child::try_wait);
        match status {
            Some(Some(status)) => {
                self.stop_watching();
                state.children().forget(self);
                let handle = self.handle.take();
                if let Some((handle, context)) = handle {
                    call_onexit(state, &handle, &context, status);
                }
            }
            Some(None) => self.look_again(state),
            // close() was called in between.
            None => {}
        }
    }

    /// A dead child that a debugger holds cannot be reaped until it lets go (ptrace(2): the tracer is told first), while the
    /// pidfd is readable all the time. The loop would do nothing but poll it.
    fn look_again(self: &Rc<Self>, state: &EnvState) {
        let poll = self.poll.borrow();
        let Some(poll) = &*poll else { return };
        let mut again = self.again.borrow_mut();
        if again.is_none() {
            let this = Rc::downgrade(self);
            let restart = move || {
                if let Some(running) = this.upgrade()
                    && let Some(poll) = &*running.poll.borrow()
                {
                    // What was stopped can be started: its descriptor is open, and libuv has kept its place.
                    let _ = poll.start(Events::READABLE);
                }
            };
            *again = Timer::new(state.event_loop(), restart).ok();
        }
        // Without memory for a timer it goes on polling.
        if let Some(again) = &*again {
            poll.stop();
            again.set_ref(poll.has_ref());
            again.start(Child::AGAIN);
        }
    }
}

/// `handle.onexit(exitCode, signalCode)` as Node's `ProcessWrap` calls it: code 0 with a signal, '' without one. An unknown
/// status is `(null, '')`.
fn call_onexit(state: &EnvState, handle: &Persistent, context: &AsyncContext, status: ExitStatus) {
    let env = state.env();
    let Ok(_scope) = HandleScope::open(&env) else { return };
    let (code, signal) = match status {
        ExitStatus::Code(code) => (code.into_unknown(&env), ""),
        ExitStatus::Signal(signal) => (0.into_unknown(&env), process::signal::name(signal)),
        ExitStatus::Unknown => (Null.into_unknown(&env), ""),
    };
    if let (Ok(this), Ok(code), Ok(signal)) = (handle.get(), code, signal.into_unknown(&env)) {
        context.call_method(&this, c"onexit", &[code, signal]);
    }
}
