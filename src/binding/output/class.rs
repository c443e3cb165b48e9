//! The parent's end of a pipe that JS has not asked for as a stream.

use std::{cell::RefCell, os::fd::OwnedFd, rc::Rc};

use napi::{
    Env, Error, JsValue, Result, Status, Unknown,
    bindgen_prelude::{Function, This, ToNapiValue},
};
use napi_derive::napi;

use super::gathering::{Gathering, some};
use crate::{
    binding::{environment::EnvState, into_napi, request::to_count},
    capture::{Gathered, Rules},
    node::api::{AsyncContext, GivenFd, Persistent},
};

/// One end of a pipe. JS sets `onend` on it. (In cells, because `run` calls JS, which calls the others.)
#[napi(js_name = "PipeEnd")]
pub struct PipeEnd {
    idle: RefCell<Option<OwnedFd>>,
    /// Announced when Node would make the stream's handle: `async_hooks` see one PIPEWRAP for each pipe of a child.
    context: RefCell<Option<Rc<AsyncContext>>>,
    gathering: RefCell<Option<Rc<Gathering>>>,
}

/// What `PipeEnd.take` gives back.
#[napi(object, object_from_js = false)]
pub struct Taken<'env> {
    /// The descriptor, the caller's from here on. -1 if the stream has ended, or if `bytes` is undefined.
    pub fd: i32,
    /// What has been gathered and not yet been handed to `onend`, null for nothing; undefined if it is more than a Buffer can
    /// hold. Then the stream is closed, as what follows would lack its beginning.
    #[napi(ts_type = "Buffer | null")]
    pub bytes: Option<Unknown<'env>>,
    /// Where in `bytes` the last read began.
    pub last_chunk: f64,
}

#[napi]
impl PipeEnd {
    /// Takes over a descriptor. One that is not open reads as ended.
    #[napi(constructor)]
    pub fn new(env: Env, #[napi(ts_arg_type = "number")] fd: GivenFd) -> Result<Self> {
        let context = AsyncContext::own(&env, c"PIPEWRAP").map_err(into_napi)?;
        Ok(Self {
            idle: RefCell::new(EnvState::of(&env)?.transit().take(fd).ok()),
            context: RefCell::new(Some(Rc::new(context))),
            gathering: RefCell::default(),
        })
    }

    /// Starts to gather what comes, until its end, `maxBuffer` bytes (Infinity for no limit) have been exceeded, or, if
    /// `utf8`, bytes have come that are not UTF-8, which only matters if there is a limit. Then, and not before this has
    /// returned, `onend(stopped, bytes, lastChunk, error)` is called, `stopped` if there may be more, `error` a negative errno
    /// if there was more and could not be read.
    ///
    /// Gives 0, or a negative errno, with which all stays as it was.
    #[napi]
    pub fn gather(&self, env: Env, this: This<'_>, max_buffer: f64, utf8: bool) -> Result<i32> {
        let state = EnvState::of(&env)?;
        let handle = Persistent::new(&this.object).map_err(into_napi)?;
        let (Some(fd), Some(context)) = (self.idle.take(), self.context.borrow().clone()) else {
            return Ok(-libc::EBADF);
        };
        let rules = Rules { max: to_count(max_buffer), utf8 };
        match Gathering::start(&state, fd, rules, handle, context) {
            Ok(gathering) => {
                self.gathering.replace(Some(gathering));
                self.context.take();
                Ok(0)
            }
            Err((error, fd)) => {
                self.idle.replace(Some(fd));
                Ok(-error.raw_os_error().unwrap_or(libc::ENOMEM))
            }
        }
    }

    /// Calls a function in the async context in which the pipe was made, until it has ended; then, as it is.
    #[napi(ts_args_type = "inside: () => void")]
    pub fn run(&self, this: This<'_>, inside: Function<'_, (), ()>) -> Result<()> {
        let gathered = || self.gathering.borrow().as_ref()?.context();
        let context = self.context.borrow().clone().or_else(gathered);
        match context {
            Some(context) => {
                let entered = context.enter(&this.object.to_unknown(), &inside.to_unknown());
                entered.map_err(|error| Error::new(Status::PendingException, error.to_string()))
            }
            None => inside.call(()),
        }
    }

    /// Stops gathering and gives up everything. `onend` is not called any more.
    #[napi]
    pub fn take<'env>(&self, env: &'env Env) -> Result<Taken<'env>> {
        let state = EnvState::of(env)?;
        self.context.take();
        let (fd, bytes, last_chunk) = match (self.idle.take(), self.gathering.take()) {
            (None, Some(gathering)) => {
                state.gatherings().forget(&gathering);
                gathering.take()
            }
            (idle, _) => (idle, Gathered::new(), 0),
        };
        let bytes = some(bytes).into_unknown(env).ok();
        Ok(Taken {
            fd: state.transit().hand_over(fd.filter(|_| bytes.is_some())),
            bytes,
            #[allow(clippy::cast_precision_loss, reason = "no buffer is that long")]
            last_chunk: last_chunk as f64,
        })
    }

    /// Closes the pipe: whoever writes to it gets EPIPE. Gives what has been gathered and not yet been handed to `onend`,
    /// which is not called any more; nothing if that is more than a Buffer can hold.
    #[napi(ts_return_type = "Buffer | null | undefined")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Option<Unknown<'env>>> {
        self.context.take();
        self.idle.take();
        let Some(gathering) = self.gathering.take() else { return Ok(None) };
        EnvState::of(env)?.gatherings().forget(&gathering);
        let (_, bytes, _) = gathering.take();
        Ok(some(bytes).into_unknown(env).ok())
    }
}
