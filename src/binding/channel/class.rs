//! The native side of one IPC channel: reads messages for JS, writes what JS has put into the slab.

use std::{
    os::fd::AsRawFd,
    rc::{Rc, Weak},
    sync::Arc,
};

use super::open::{Listeners, OpenChannel};
use crate::{
    binding::{environment::EnvState, into_napi},
    ipc::{self, Flushed, Framing, Outbox},
    node::api::{AsyncContext, GivenFd, Persistent, SharedArrayBuffer},
    sys::{SystemError, fd},
};
use napi::{
    Env, Result,
    bindgen_prelude::{Function, This, Uint8Array},
};
use napi_derive::napi;

/// One end of an IPC channel.
#[napi(js_name = "Channel")]
#[derive(Default)]
pub struct Channel {
    open: Option<Rc<OpenChannel>>,
    /// Alive until libuv has let go of the watcher.
    watched: Weak<()>,
}

#[napi]
impl Channel {
    /// A channel without a socket.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over a socket, and starts reading. Gives 0 or a negative errno; the descriptor is closed then.
    ///
    /// From the next turn of the loop on `onmessages(data, count, sound, hasDescriptor)` is called for every batch of
    /// messages, arguments that are 1, true and false left out: for json a line, or an array of `count` lines that is `sound`
    /// if its length vouches for each, or a JS array of lines, null where one is longer than a string can be; otherwise
    /// a Buffer, `sound` if it is the body of one frame, else of frames with their length fields, or undefined if there is
    /// no memory for it. `onwritten(result)` is called with what
    /// the function of [`Channel::flusher`] would give whenever the socket has taken more, `onend()` once at the end. They must not throw.
    #[napi(ts_args_type = "fd: number, advanced: boolean, \
                            onmessages: (data: any, count?: number, sound?: boolean, hasDescriptor?: boolean) => void, \
                            onwritten: (result: number) => void, onend: () => void")]
    #[allow(clippy::too_many_arguments, reason = "they are positional in JS")]
    pub fn open(
        &mut self,
        env: Env,
        this: This<'_>,
        fd: GivenFd,
        advanced: bool,
        onmessages: Function<'_>,
        onwritten: Function<'_>,
        onend: Function<'_>,
    ) -> Result<i32> {
        let state = EnvState::of(&env)?;
        let listeners = Listeners {
            context: AsyncContext::new(&this.object, c"PIPEWRAP").map_err(into_napi)?,
            channel: Persistent::new(&this.object).map_err(into_napi)?,
            onmessages: Persistent::new(&onmessages).map_err(into_napi)?,
            onwritten: Persistent::new(&onwritten).map_err(into_napi)?,
            onend: Persistent::new(&onend).map_err(into_napi)?,
        };
        let socket = match state.transit().take(fd) {
            Ok(socket) => socket,
            Err(errno) => return Ok(-errno.code()),
        };
        let framing = if advanced { Framing::Lengths } else { Framing::Lines };
        match OpenChannel::open(&state, socket, framing, listeners) {
            Ok(open) => {
                state.channels().add(&open);
                self.watched = Rc::downgrade(&open.watched);
                self.open = Some(open);
                Ok(0)
            }
            Err(error) => Ok(-error.raw_os_error().unwrap_or(libc::EINVAL)),
        }
    }

    /// The memory that messages may be written into (see src/sys/unix/slab.rs for its layout), or undefined if the engine cannot
    /// share memory.
    #[napi(ts_return_type = "ArrayBuffer | undefined")]
    pub fn memory(&self) -> Option<SharedArrayBuffer> {
        let memory = |outbox: &mut Outbox| Arc::clone(outbox.slab().memory());
        self.open.as_ref().and_then(|open| open.outbox.with(memory)).map(SharedArrayBuffer)
    }

    /// A function that writes the slab, and whatever waits before it. It gives the number of bytes that the kernel has not
    /// taken, or a negative errno; after an error nothing waits any more.
    ///
    /// It is a function and no method because it is called for every message that is sent alone, and napi's check of `this`
    /// takes as long as half of the system call.
    #[napi(ts_return_type = "() => number")]
    pub fn flusher<'env>(&self, env: &'env Env) -> Result<Function<'env, (), i64>> {
        let open = self.open.as_ref().map(Rc::downgrade).unwrap_or_default();
        env.create_function_from_closure("flush", move |_| {
            Ok(open.upgrade().map_or(-i64::from(libc::EBADF), |open| open.write(Outbox::flush)))
        })
    }

    /// Writes one frame behind everything else, with a copy of the descriptor `fd` unless it is -1. Gives what the function
    /// of [`Channel::flusher`] does. The frame must not be changed any more.
    #[napi]
    pub fn write_frame(&self, frame: Uint8Array, fd: i32) -> i64 {
        if fd == -1 {
            return self.write(|outbox| outbox.push_lent(frame));
        }
        // A copy, because JS may close its own while the frame waits.
        match fd::duplicate(fd) {
            Ok(copy) => self.write(|outbox| outbox.push(frame.to_vec(), Some(copy))),
            Err(errno) => -i64::from(errno.code()),
        }
    }

    /// Has the slab flushed from another thread while JS is busy. Gives false if that is not possible.
    #[napi]
    pub fn watch(&self) -> bool {
        self.open.as_ref().is_none_or(|open| ipc::watch(&open.outbox).is_ok())
    }

    /// Takes the descriptor that came with the last messages, or -1. One that nobody takes is closed.
    #[napi]
    pub fn take_descriptor(&self, env: Env) -> Result<i32> {
        let descriptor = self.open.as_ref().and_then(|open| open.descriptor.take());
        Ok(EnvState::of(&env)?.transit().hand_over(descriptor))
    }

    /// Whether part of a message has arrived and its rest has not.
    #[napi(getter)]
    pub fn buffering(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.inbox.borrow().is_partial())
    }

    /// The socket's number. Once closed it is -1, and -EINVAL when libuv has let go of it: as of a handle of Node's.
    #[napi(getter)]
    pub fn fd(&self) -> i32 {
        let fd = |outbox: &mut Outbox| outbox.socket().as_raw_fd();
        let closed = if self.watched.strong_count() > 0 { -1 } else { -libc::EINVAL };
        self.open.as_ref().and_then(|open| open.outbox.with(fd)).unwrap_or(closed)
    }

    /// Makes the channel keep the event loop alive.
    #[napi(js_name = "ref")]
    pub fn keep_alive(&self) {
        if let Some(open) = &self.open {
            open.set_keeps_alive(true);
        }
    }

    /// Lets the event loop end although the channel is open, once nothing waits to be written.
    #[napi]
    pub fn unref(&self) {
        if let Some(open) = &self.open {
            open.set_keeps_alive(false);
        }
    }

    /// Whether the channel keeps the event loop alive, if only for what may arrive.
    #[napi]
    pub fn has_ref(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.keeps_alive.get())
    }

    /// Writes what can be written at once, and closes the socket. No callback comes after that.
    #[napi]
    pub fn close(&mut self, env: Env) -> Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        EnvState::of(&env)?.channels().remove(&open);
        open.close();
        Ok(())
    }

    fn write(&self, write: impl FnOnce(&mut Outbox) -> std::result::Result<Flushed, SystemError>) -> i64 {
        let Some(open) = &self.open else { return -i64::from(libc::EBADF) };
        open.write(write)
    }
}
