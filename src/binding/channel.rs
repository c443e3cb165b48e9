//! The native side of one IPC channel: reads messages for JS, writes what JS has put into the slab.

use std::{
    os::fd::{AsRawFd, IntoRawFd},
    rc::Rc,
};

use napi::{
    Env, Result,
    bindgen_prelude::{This, Uint8ArraySlice},
};
use napi_derive::napi;
use rustix::io::Errno;

use super::{environment::EnvState, into_napi, open_channel::OpenChannel};
use crate::{
    ipc::{self, Flushed, Framing, Outbox},
    sys::{
        fd,
        node_api::{AsyncContext, Persistent},
        slab::SlabMemory,
        uv::Poll,
    },
};

/// One end of an IPC channel. JS sets `onmessages`, `onwritten` and `onend` on it.
#[napi(js_name = "Channel")]
#[derive(Default)]
pub struct Channel {
    open: Option<Rc<OpenChannel>>,
}

#[napi]
impl Channel {
    /// A channel without a socket.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over a socket, and starts reading: `onmessages` may be called from the next turn of the loop on. Gives 0 or a
    /// negative errno; the descriptor is closed then.
    #[napi]
    pub fn open(&mut self, env: Env, this: This<'_>, fd: i32, advanced: bool) -> Result<i32> {
        let state = EnvState::of(&env)?;
        let context = AsyncContext::new(&this.object, c"PIPEWRAP").map_err(into_napi)?;
        let handle = Persistent::new(&this.object).map_err(into_napi)?;
        let socket = match fd::take(fd) {
            Ok(socket) => socket,
            Err(errno) => return Ok(-errno.raw_os_error()),
        };
        let framing = if advanced { Framing::Lengths } else { Framing::Lines };
        match OpenChannel::open(&state, socket, framing, handle, context) {
            Ok(open) => {
                state.add_channel(&open);
                self.open = Some(open);
                Ok(0)
            }
            Err(error) => Ok(-error.raw_os_error().unwrap_or(libc::EINVAL)),
        }
    }

    /// The memory that messages may be written into (see src/sys/slab.rs for its layout), or undefined if the engine cannot
    /// share memory.
    #[napi(ts_return_type = "ArrayBuffer | undefined")]
    pub fn memory(&self) -> Option<SlabMemory> {
        let slab = self.open.as_ref().and_then(|open| open.outbox.with(|outbox| outbox.slab().clone()));
        slab.map(SlabMemory)
    }

    /// Writes the slab, and whatever waits before it. Gives the number of bytes that the kernel has not taken, or a
    /// negative errno; after an error nothing waits any more.
    #[napi]
    pub fn flush(&self) -> i64 {
        self.write(Outbox::flush)
    }

    /// Writes one line behind everything else, with a copy of the descriptor `fd` unless it is -1. Gives what
    /// [`Channel::flush`] does.
    #[napi]
    pub fn write_line(&self, text: String, fd: i32) -> i64 {
        let mut bytes = text.into_bytes();
        bytes.push(b'\n');
        self.push(bytes, fd)
    }

    /// Writes one frame as it is, as [`Channel::write_line`] does.
    #[napi]
    pub fn write_frame(&self, frame: Uint8ArraySlice<'_>, fd: i32) -> i64 {
        self.push(frame.to_vec(), fd)
    }

    /// Has the slab flushed from another thread while JS is busy. Gives false if that is not possible.
    #[napi]
    pub fn watch(&self) -> bool {
        self.open.as_ref().is_none_or(|open| ipc::watch(&open.outbox).is_ok())
    }

    /// Takes the descriptor that came with the last messages, or -1. One that nobody takes is closed.
    #[napi]
    pub fn take_descriptor(&self) -> i32 {
        let descriptor = self.open.as_ref().and_then(|open| open.descriptor.take());
        descriptor.map_or(-1, IntoRawFd::into_raw_fd)
    }

    /// Whether part of a message has arrived and its rest has not.
    #[napi(getter)]
    pub fn buffering(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.inbox.borrow().is_partial())
    }

    /// The socket's number, or -1 once closed.
    #[napi(getter)]
    pub fn fd(&self) -> i32 {
        let fd = |outbox: &mut Outbox| outbox.socket().as_raw_fd();
        self.open.as_ref().and_then(|open| open.outbox.with(fd)).unwrap_or(-1)
    }

    /// Makes the channel keep the event loop alive.
    #[napi(js_name = "ref")]
    pub fn keep_alive(&self) {
        self.set_ref(true);
    }

    /// Lets the event loop end although the channel is open.
    #[napi]
    pub fn unref(&self) {
        self.set_ref(false);
    }

    /// Whether the channel keeps the event loop alive.
    #[napi]
    pub fn has_ref(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.poll.borrow().as_ref().is_some_and(Poll::has_ref))
    }

    /// Writes what can be written at once, and closes the socket. No callback comes after that.
    #[napi]
    pub fn close(&mut self, env: Env) -> Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        EnvState::of(&env)?.remove_channel(&open);
        open.close();
        Ok(())
    }

    fn set_ref(&self, on: bool) {
        if let Some(open) = &self.open
            && let Some(poll) = &*open.poll.borrow()
        {
            poll.set_ref(on);
        }
    }

    fn push(&self, bytes: Vec<u8>, fd: i32) -> i64 {
        let descriptor = match fd {
            -1 => None,
            // A copy, because JS may close its own while the frame waits.
            fd => match fd::duplicate(fd) {
                Ok(copy) => Some(copy),
                Err(errno) => return -i64::from(errno.raw_os_error()),
            },
        };
        self.write(|outbox| outbox.push(bytes, descriptor))
    }

    fn write(&self, write: impl FnOnce(&mut Outbox) -> std::result::Result<Flushed, Errno>) -> i64 {
        let Some(open) = &self.open else { return -i64::from(libc::EBADF) };
        open.write(write)
    }
}
