//! Output that is being gathered for JS: on the loop while it is small, in the background once it is not.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    io,
    os::fd::{AsFd, OwnedFd},
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    binding::environment::EnvState,
    capture::{Background, Collector, End, Gathered, Rules, Turn},
    node::{
        api::{AsyncContext, Bytes, HandleScope, Persistent},
        uv::{Async, Events, Poll, Waker},
    },
    sys::SystemError,
};
use napi::{
    Env, Result, Unknown,
    bindgen_prelude::{Null, ToNapiValue},
};

/// From here on a stream costs the JS thread more time than a hand-over to another thread does.
const LARGE: usize = 256 * 1024;

/// One stream that is being gathered.
pub struct Gathering {
    id: u64,
    mode: RefCell<Mode>,
    /// The JS object, which stays alive until the end.
    handle: RefCell<Option<(Persistent, Rc<AsyncContext>)>>,
}

enum Mode {
    // The poll comes first: it is dropped before the descriptor that it watches.
    OnLoop(Option<Poll>, OwnedFd, Collector),
    InBackground(Background),
    /// Stopped by a rule; the bytes have been handed over.
    Stopped(OwnedFd),
    Over,
}

/// The streams of one environment, and the way back from the background.
#[derive(Default)]
pub struct Gatherings {
    active: RefCell<HashMap<u64, Rc<Gathering>>>,
    next_id: Cell<u64>,
    in_background: Cell<usize>,
    wakeup: RefCell<Option<Async>>,
    /// The ids of those that are over in the background.
    over: Arc<Mutex<Vec<u64>>>,
}

impl Gatherings {
    /// Lets go of one that has been taken back.
    pub fn forget(&self, gathering: &Gathering) {
        if self.active.borrow_mut().remove(&gathering.id).is_some()
            && matches!(*gathering.mode.borrow(), Mode::InBackground(_))
        {
            self.count_background(-1);
        }
    }

    /// Stops them all: the environment ends.
    pub fn end(&self) {
        for (_, gathering) in self.active.take() {
            drop(gathering.take());
        }
        self.wakeup.take();
    }

    /// Work in the background must keep the loop alive, as an open pipe does.
    fn count_background(&self, change: isize) {
        let count = self.in_background.get().saturating_add_signed(change);
        self.in_background.set(count);
        if let Some(wakeup) = &*self.wakeup.borrow() {
            wakeup.set_ref(count > 0);
        }
    }

    fn waker(&self, state: &Rc<EnvState>) -> io::Result<Waker> {
        let mut wakeup = self.wakeup.borrow_mut();
        if wakeup.is_none() {
            let state_of = Rc::downgrade(state);
            *wakeup = Some(Async::new(state.event_loop(), move || {
                if let Some(state) = state_of.upgrade() {
                    state.gatherings().raise_ends(&state);
                }
            })?);
        }
        wakeup.as_ref().map(Async::waker).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn raise_ends(&self, state: &Rc<EnvState>) {
        let over = std::mem::take(&mut *self.over.lock().unwrap_or_else(PoisonError::into_inner));
        for id in over {
            let gathering = self.active.borrow().get(&id).cloned();
            if let Some(gathering) = gathering {
                self.count_background(-1);
                let mode = gathering.mode.replace(Mode::Over);
                if let Mode::InBackground(background) = mode
                    && let Some((fd, collector, end)) = background.take()
                {
                    gathering.finish(state, fd, collector, end.unwrap_or(End::OfStream));
                }
            }
        }
    }
}

impl Gathering {
    /// Starts on the loop. On failure the descriptor comes back: who reads it in another way may have more luck.
    pub fn start(
        state: &Rc<EnvState>,
        fd: OwnedFd,
        rules: Rules,
        handle: Persistent,
        context: Rc<AsyncContext>,
    ) -> std::result::Result<Rc<Self>, (io::Error, OwnedFd)> {
        let gatherings = state.gatherings();
        let id = gatherings.next_id.get();
        gatherings.next_id.set(id + 1);
        let handle = RefCell::new(Some((handle, context)));
        let gathering = Rc::new(Self { id, mode: RefCell::new(Mode::Over), handle });
        let (this, of) = (Rc::downgrade(&gathering), Rc::downgrade(state));
        let poll = Poll::new(state.event_loop(), fd.as_fd(), move |_| {
            if let (Some(gathering), Some(state)) = (this.upgrade(), of.upgrade()) {
                gathering.turn(&state);
            }
        });
        match poll.and_then(|poll| poll.start(Events::READABLE).map(|()| poll)) {
            Ok(poll) => {
                gathering.mode.replace(Mode::OnLoop(Some(poll), fd, Collector::new(rules)));
                gatherings.active.borrow_mut().insert(id, Rc::clone(&gathering));
                Ok(gathering)
            }
            Err(error) => Err((error, fd)),
        }
    }

    /// The async context, until the end.
    pub fn context(&self) -> Option<Rc<AsyncContext>> {
        self.handle.borrow().as_ref().map(|(_, context)| Rc::clone(context))
    }

    /// Stops, and gives up the descriptor, the bytes, and where the last read of them began.
    pub fn take(&self) -> (Option<OwnedFd>, Gathered, usize) {
        self.handle.take();
        let (fd, collector, end) = match self.mode.replace(Mode::Over) {
            Mode::OnLoop(poll, fd, collector) => {
                drop(poll);
                (fd, collector, None)
            }
            Mode::InBackground(background) => match background.take() {
                Some(parts) => parts,
                None => return (None, Gathered::new(), 0),
            },
            Mode::Stopped(fd) => return (Some(fd), Gathered::new(), 0),
            Mode::Over => return (None, Gathered::new(), 0),
        };
        let (bytes, last_chunk) = collector.into_parts();
        (matches!(end, None | Some(End::ByRule)).then_some(fd), bytes, last_chunk)
    }

    fn turn(&self, state: &Rc<EnvState>) {
        let mut mode = self.mode.borrow_mut();
        let Mode::OnLoop(_, fd, collector) = &mut *mode else { return };
        let over = match collector.advance(&*fd) {
            Turn::Over(end) => Some(end),
            Turn::More | Turn::Empty if collector.len() >= LARGE => None,
            Turn::More | Turn::Empty => return,
        };
        let Mode::OnLoop(poll, fd, collector) = std::mem::replace(&mut *mode, Mode::Over) else { return };
        drop(mode);
        match over {
            Some(end) => {
                drop(poll);
                self.finish(state, fd, collector, end);
            }
            None => self.go_to_background(state, poll, fd, collector),
        }
    }

    fn go_to_background(&self, state: &Rc<EnvState>, poll: Option<Poll>, fd: OwnedFd, collector: Collector) {
        let gatherings = state.gatherings();
        let Ok(waker) = gatherings.waker(state) else {
            self.mode.replace(Mode::OnLoop(poll, fd, collector));
            return;
        };
        let (id, over) = (self.id, Arc::clone(&gatherings.over));
        let done = move || {
            over.lock().unwrap_or_else(PoisonError::into_inner).push(id);
            waker.wake();
        };
        match Background::start(fd, collector, done) {
            Ok(background) => {
                self.mode.replace(Mode::InBackground(background));
                gatherings.count_background(1);
            }
            Err((fd, collector)) => {
                self.mode.replace(Mode::OnLoop(poll, fd, collector));
            }
        }
    }

    /// Hands over what there is: `handle.onend(stopped, bytes, lastChunk, error)`.
    fn finish(&self, state: &Rc<EnvState>, fd: OwnedFd, collector: Collector, end: End) {
        let env = state.env();
        let Ok(_scope) = HandleScope::open(&env) else { return };
        let (bytes, last_chunk) = collector.into_parts();
        let (bytes, end) = match some(bytes).into_unknown(&env) {
            Ok(bytes) => (Ok(bytes), end),
            // What libuv says where its reader is given no buffer.
            Err(_) => (Null.into_unknown(&env), End::Failed(SystemError::NOBUFS)),
        };
        if end == End::ByRule {
            self.mode.replace(Mode::Stopped(fd));
        } else {
            state.gatherings().forget(self);
            drop(fd);
        }
        let handle = self.handle.take();
        if let Some((handle, context)) = handle
            && let (Ok(this), Ok(bytes), Ok([stopped, last_chunk, error])) =
                (handle.get(), bytes, end_numbers(&env, end, last_chunk))
        {
            context.call_method(&this, c"onend", &[stopped, bytes, last_chunk, error]);
        }
    }
}

fn end_numbers(env: &Env, end: End, last_chunk: usize) -> Result<[Unknown<'_>; 3]> {
    let error = if let End::Failed(errno) = end { -errno.code() } else { 0 };
    #[allow(clippy::cast_precision_loss, reason = "no buffer is that long")]
    let last_chunk = (last_chunk as f64).into_unknown(env)?;
    Ok([(end == End::ByRule).into_unknown(env)?, last_chunk, error.into_unknown(env)?])
}

/// What becomes a Buffer, or nothing for no bytes.
pub fn some(bytes: Gathered) -> Option<Bytes<Gathered>> {
    (!bytes.is_empty()).then_some(Bytes(bytes))
}
