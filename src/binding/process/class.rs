//! `child._handle`: the native side of one child.

use std::{mem::take, rc::Rc};

use napi::{
    Env, Result,
    bindgen_prelude::{Function, Int32ArraySlice, This},
};
use napi_derive::napi;

use super::running::Running;
use crate::{
    binding::{environment::EnvState, into_napi, request::spawn_options},
    node::{
        api::{AsyncContext, HandleScope, Persistent, fill_int32_array},
        uv::Check,
    },
    process::{self, SpawnError, Step, SystemError},
    stdio::StdioSpec,
    sys::exit::is_short_of_descriptors,
};

/// One child process. Made without any system resource; `spawn` starts it. JS sets `onexit` and `pid` on it.
#[napi(js_name = "Process")]
pub struct Process {
    running: Option<Rc<Running>>,
    /// Until the handle is closed or collected.
    context: Option<Rc<AsyncContext>>,
    failed_step: Option<Step>,
    /// Something was started, if with no success, and the handle has not been closed.
    open: bool,
}

#[napi]
impl Process {
    /// A handle without a process. The asynchronous context of its callbacks is the one it is made in, as in Node, and not
    /// the one it is started in. From Node 25 on a context keeps its resource alive, so a handle that is neither started nor
    /// closed stays; Node's own does in every version.
    #[napi(constructor)]
    pub fn new(this: This<'_>) -> Result<Self> {
        let context = Some(async_context(&this)?);
        Ok(Self { running: None, context, failed_step: None, open: false })
    }

    /// Starts a program; it has been exec'd when this returns.
    ///
    /// `args` and `env` are lists of strings, each ended by NUL. `stdio` has a pair `[kind, fd]` for each descriptor of
    /// the child: 0 ignore, 1 socket pair, 2 pipe, 3 a copy of `fd`, 4 socket pair for output that is gathered, 5 socket pair for a
    /// channel. For 1, 2, 4 and 5 `fd` is set to the parent's end, or -1.
    /// `flags`: 1 a session of its own, 2 `env` comes behind the process's own variables.
    ///
    /// `attributes` is the JSON of the core's `Attributes`.
    ///
    /// Gives the pid, or a negative errno. After EACCES, EAGAIN and ENOENT the parent's ends stay open (theirs are
    /// closed, so they read as ended), after every other error nothing does.
    #[napi(ts_args_type = "file: string, args: string, cwd: string | null, env: string, stdio: Int32Array, \
                            flags: number, attributes: string | null")]
    #[allow(clippy::too_many_arguments, reason = "reading an options object costs a call for each property")]
    pub fn spawn(
        &mut self,
        env: Env,
        this: This<'_>,
        file: String,
        args: String,
        cwd: Option<String>,
        variables: String,
        stdio: Int32ArraySlice<'_>,
        flags: u32,
        attributes: Option<String>,
    ) -> Result<i32> {
        let state = EnvState::of(&env)?;
        let context = self.context(&this)?;
        let handle = Persistent::new(&this.object).map_err(into_napi)?;
        let Some(options) = spawn_options(file, args, cwd, variables, &stdio, flags, attributes) else {
            return Ok(-libc::EINVAL);
        };
        (self.failed_step, self.open) = (None, true);
        let children = state.children();
        let unwatched =
            |error: std::io::Error| SpawnError { error: error.into(), step: Step::Clone, stdio: Vec::new() };
        let spawned = match children.prepare().map_err(unwatched).and_then(|()| process::spawn(&options)) {
            // A child that is waited for by a thread beats one that fails.
            Err(error) if is_short_of_descriptors(error.error) && children.give_up_descriptors() => {
                process::spawn(&options)
            }
            spawned => spawned,
        };
        let (result, ends) = match spawned {
            Ok(spawned) => {
                let pid = spawned.child.pid();
                match children.watch(spawned.child, handle, context) {
                    Ok(running) => {
                        self.running = Some(running);
                        (pid, spawned.stdio)
                    }
                    Err(error) => (-SystemError::from(error).code(), Vec::new()),
                }
            }
            Err(error) => {
                self.failed_step = Some(error.step);
                let errno = error.error.code();
                let soft = matches!(errno, libc::EACCES | libc::EAGAIN | libc::ENOENT);
                (-errno, if soft { error.stdio } else { Vec::new() })
            }
        };
        let mut filled = stdio.to_vec();
        let mut ends = ends.into_iter();
        for (pair, spec) in filled.chunks_exact_mut(2).zip(&options.stdio) {
            let end = ends.next().flatten();
            if !matches!(spec, StdioSpec::Ignore | StdioSpec::Fd(_)) {
                pair[1] = state.transit().hand_over(end);
            }
        }
        fill_int32_array(&stdio, &filled).map_err(into_napi)?;
        Ok(result)
    }

    /// What the last `spawn` failed at: the name of a [`Step`].
    #[napi(getter)]
    pub fn failed_step(&self) -> Option<&'static str> {
        self.failed_step.map(Step::name)
    }

    /// Sends a signal. Gives 0 or a negative errno, ESRCH once the child has been reaped: the pid may then be another's.
    #[napi]
    pub fn kill(&self, signal: i32) -> i32 {
        let sent = self.running.as_ref().and_then(|running| running.with(|child| child.kill(signal)));
        match sent {
            Some(Ok(())) => 0,
            Some(Err(error)) => -error.code(),
            None => -libc::ESRCH,
        }
    }

    /// Stops watching the child; one that still runs is reaped in the background. `callback` runs when libuv has let go, in
    /// a later phase of the loop also where there was nothing left to close. It does not run for a handle that nothing was
    /// started with, or that is closed already, as in Node.
    #[napi(ts_args_type = "callback?: () => void")]
    pub fn close(&mut self, env: Env, this: This<'_>, callback: Option<Function<'_, (), ()>>) -> Result<()> {
        let context = self.context.take();
        if !take(&mut self.open) {
            return Ok(());
        }
        let state = EnvState::of(&env)?;
        let running = self.running.take();
        if let (Some(callback), Some(context)) = (callback, context) {
            let callback = Persistent::new(&callback).map_err(into_napi)?;
            let this = Persistent::new(&this.object).map_err(into_napi)?;
            let call = move || {
                let Ok(_scope) = HandleScope::open(&env) else { return };
                if let (Ok(this), Ok(callback)) = (this.get(), callback.get()) {
                    context.call(&this, &callback, &[]);
                }
            };
            // A handle of libuv's own is what is called back in the right phase. Without memory for one nobody is.
            drop(Check::new(state.event_loop(), || {}).map(|check| check.close(call)));
        }
        let Some(running) = running else { return Ok(()) };
        if let Some(mut child) = state.children().release(&running)
            && child.try_wait().is_none()
        {
            process::adopt(child);
        }
        Ok(())
    }

    /// Lets the running child keep the event loop alive.
    #[napi(js_name = "ref")]
    pub fn keep_alive(&self, env: Env) -> Result<()> {
        self.set_ref(env, true)
    }

    /// Lets the event loop end while the child runs.
    #[napi]
    pub fn unref(&self, env: Env) -> Result<()> {
        self.set_ref(env, false)
    }

    /// Whether the child keeps the event loop alive.
    #[napi]
    pub fn has_ref(&self, env: Env) -> Result<bool> {
        let Some(running) = &self.running else { return Ok(false) };
        Ok(EnvState::of(&env)?.children().has_ref(running))
    }

    /// What was made with the handle; a handle that was closed and is used again gets another.
    fn context(&mut self, this: &This<'_>) -> Result<Rc<AsyncContext>> {
        let context = self.context.take().map_or_else(|| async_context(this), Ok)?;
        self.context = Some(Rc::clone(&context));
        Ok(context)
    }

    fn set_ref(&self, env: Env, on: bool) -> Result<()> {
        if let Some(running) = &self.running {
            EnvState::of(&env)?.children().set_ref(running, on);
        }
        Ok(())
    }
}

fn async_context(this: &This<'_>) -> Result<Rc<AsyncContext>> {
    AsyncContext::new(&this.object, c"PROCESSWRAP").map(Rc::new).map_err(into_napi)
}
