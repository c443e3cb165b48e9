//! An open IPC channel on Node's loop: what JS has not closed, and the environment keeps.

use std::{
    cell::{Cell, RefCell},
    os::fd::OwnedFd,
    rc::Rc,
};

use super::{channels::Memory, frames};
use crate::{
    binding::environment::EnvState,
    ipc::{Flushed, Framing, Inbox, Outbox, SharedOutbox, socket},
    node::{
        api::{AsyncContext, HandleScope, Persistent},
        uv::{Events, Poll},
    },
    sys::{SystemError, slab::Slab},
};
use napi::{Env, Result, Unknown, bindgen_prelude::ToNapiValue};

/// Bytes that JS may collect before it must flush. More would make a message wait longer without saving much: at this
/// size the system call is a twentieth of what the messages cost.
const SLAB: usize = 64 * 1024;
/// Reads in one go while a frame is incomplete, as many as libuv makes.
const READS: usize = 32;

/// The JS side of a channel, which lives as long as the channel is open.
pub struct Listeners {
    pub context: AsyncContext,
    pub channel: Persistent,
    pub onmessages: Persistent,
    pub onwritten: Persistent,
    pub onend: Persistent,
}

/// A channel with its socket.
pub struct OpenChannel {
    env: Env,
    framing: Framing,
    /// Watches the socket that `outbox` owns.
    poll: RefCell<Option<Poll>>,
    /// Also held by the watcher's callback, which lives until libuv has let go of the watcher.
    pub watched: Rc<()>,
    pub outbox: SharedOutbox,
    pub inbox: RefCell<Inbox>,
    memory: Memory,
    /// What came along with the last read.
    pub descriptor: RefCell<Option<OwnedFd>>,
    /// What to call in JS, until the channel is closed.
    listeners: RefCell<Option<Listeners>>,
    /// What JS has asked for by `ref()` and `unref()`.
    pub keeps_alive: Cell<bool>,
    reading: Cell<bool>,
    writing: Cell<bool>,
}

impl OpenChannel {
    /// Starts watching a socket.
    pub fn open(
        state: &EnvState,
        socket: OwnedFd,
        framing: Framing,
        listeners: Listeners,
    ) -> std::io::Result<Rc<Self>> {
        let memory = state.channels().memory();
        let open = Rc::new(Self {
            env: state.env(),
            framing,
            poll: RefCell::default(),
            watched: Rc::default(),
            outbox: SharedOutbox::new(socket, Slab::new(SLAB)?),
            inbox: RefCell::new(Inbox::new(framing, memory.room.clone())),
            memory,
            descriptor: RefCell::default(),
            listeners: RefCell::new(Some(listeners)),
            keeps_alive: Cell::new(true),
            reading: Cell::new(true),
            writing: Cell::new(false),
        });
        open.watch(state)?;
        Ok(open)
    }

    /// Gives up everything: the watcher first, then the socket it watches.
    pub fn close(&self) {
        self.poll.take();
        self.listeners.take();
        self.outbox.close();
        self.descriptor.take();
    }

    fn watch(self: &Rc<Self>, state: &EnvState) -> std::io::Result<()> {
        let (this, watched) = (Rc::downgrade(self), Rc::clone(&self.watched));
        let poll = self.outbox.with(|outbox| {
            Poll::new(state.event_loop(), outbox.socket(), move |events| {
                let _ = &watched;
                if let Some(open) = this.upgrade() {
                    open.on_ready(events);
                }
            })
        });
        *self.poll.borrow_mut() = poll.transpose()?;
        self.listen();
        Ok(())
    }

    /// Sets whether the channel keeps the event loop alive. While bytes wait it does so anyway: in libuv it is the handle that
    /// is unref'd, never a request.
    pub fn set_keeps_alive(&self, on: bool) {
        self.keeps_alive.set(on);
        self.hold();
    }

    fn hold(&self) {
        if let Some(poll) = &*self.poll.borrow() {
            poll.set_ref(self.keeps_alive.get() || self.writing.get());
        }
    }

    /// Tells libuv what is of interest.
    fn listen(&self) {
        if let Some(poll) = &*self.poll.borrow() {
            // A failure to change the interest is out of memory inside epoll; the events then stay as they were.
            let _ = match (self.reading.get(), self.writing.get()) {
                (true, true) => poll.start(Events::READABLE | Events::WRITABLE),
                (true, false) => poll.start(Events::READABLE),
                (false, true) => poll.start(Events::WRITABLE),
                (false, false) => {
                    poll.stop();
                    Ok(())
                }
            };
        }
    }

    /// Writes by `write`, and watches for room while anything waits. Gives the bytes that do, or a negative errno.
    pub fn write(&self, write: impl FnOnce(&mut Outbox) -> std::result::Result<Flushed, SystemError>) -> i64 {
        let result = match self.outbox.with(write) {
            Some(Ok(Flushed::All)) => 0,
            Some(Ok(Flushed::Waiting(bytes))) => i64::try_from(bytes).unwrap_or(i64::MAX),
            Some(Err(errno)) => -i64::from(errno.code()),
            None => -i64::from(libc::EBADF),
        };
        if self.writing.replace(result > 0) != (result > 0) {
            self.listen();
            self.hold();
        }
        result
    }

    fn on_ready(&self, events: Events) {
        if events.contains(Events::STOPPED) {
            // The other end has closed without reading everything. What it wrote before comes first, and may take several
            // reads until the error itself is read.
            self.listen();
        }
        if events.contains(Events::READABLE) && self.reading.get() {
            self.read();
        }
        if events.contains(Events::WRITABLE) && self.writing.get() {
            let result = self.write(Outbox::flush);
            self.call(|to| &to.onwritten, |env| Ok(vec![result.into_unknown(env)?]));
        }
    }

    fn read(&self) {
        for _ in 0..READS {
            let mut inbox = self.inbox.borrow_mut();
            let room = inbox.room();
            let size = room.len();
            match self.outbox.with(|outbox| socket::receive(outbox.socket(), room)) {
                Some(Ok(received)) if received.bytes > 0 => {
                    inbox.advance(received.bytes);
                    if let Some(descriptor) = received.descriptor {
                        self.descriptor.replace(Some(descriptor));
                    }
                    if inbox.complete().frames > 0 {
                        drop(inbox);
                        return self.deliver();
                    }
                    if received.bytes < size {
                        return;
                    }
                }
                Some(Err(SystemError::AGAIN)) | None => return inbox.give_back(),
                // The end; or a reset, which comes when the other end left something unread.
                Some(_) => {
                    drop(inbox);
                    self.reading.set(false);
                    self.listen();
                    return self.call(|to| &to.onend, |_| Ok(Vec::new()));
                }
            }
        }
    }

    /// Hands all complete frames to JS in one call.
    fn deliver(&self) {
        self.call(
            |to| &to.onmessages,
            |env| {
                let frames = u32::try_from(self.inbox.borrow().complete().frames).unwrap_or(u32::MAX);
                let made = match self.framing {
                    Framing::Lines => {
                        let inbox = &mut self.inbox.borrow_mut();
                        self.memory.with_joined(|joined| frames::lines(env, inbox, joined))
                    }
                    Framing::Lengths => frames::lengths(env, &mut self.inbox.borrow_mut()),
                };
                // JS has to hear of it: the frames are gone.
                let (data, sound) = made.or_else(|_| Ok::<_, napi::Error>((().into_unknown(env)?, false)))?;
                let has_descriptor = self.descriptor.borrow().is_some();
                let mut arguments = vec![data];
                if frames != 1 || !sound || has_descriptor {
                    arguments.push(frames.into_unknown(env)?);
                    arguments.push(sound.into_unknown(env)?);
                    arguments.push(has_descriptor.into_unknown(env)?);
                }
                Ok(arguments)
            },
        );
        // The descriptor belongs to one of these messages, or to the one that has begun. Nobody else has asked for it.
        if !self.inbox.borrow().is_partial() {
            self.descriptor.take();
        }
    }

    /// Calls a listener, unless the channel has been closed.
    fn call<'env>(
        &'env self,
        listener: impl FnOnce(&Listeners) -> &Persistent,
        arguments: impl FnOnce(&'env Env) -> Result<Vec<Unknown<'env>>>,
    ) {
        let Ok(_scope) = HandleScope::open(&self.env) else { return };
        // JS may close the channel from inside the call, which must not find the cell borrowed.
        let Some(listeners) = self.listeners.take() else { return };
        if let (Ok(channel), Ok(function), Ok(arguments)) =
            (listeners.channel.get(), listener(&listeners).get(), arguments(&self.env))
        {
            listeners.context.call_unguarded(&channel, &function, &arguments);
        }
        if self.poll.borrow().is_some() {
            self.listeners.replace(Some(listeners));
        }
    }
}
