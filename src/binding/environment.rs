//! What belongs to one JS environment: the main thread's, or a Worker's.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use napi::{Env, Error, Result, Status};

use super::{channel::Channels, in_transit::Transit, output::Gatherings, process::Children, scope::Scope};
use crate::{
    node::{
        api::{TeardownDone, on_teardown},
        uv::{self, Loop},
    },
    process,
};

/// One environment's state. It ends before the environment does, and closes all that was opened on the loop.
pub struct EnvState {
    env: Env,
    lp: Rc<Loop>,
    children: Rc<Children>,
    channels: Channels,
    gatherings: Gatherings,
    transit: Transit,
}

thread_local! {
    /// An environment lives on one thread. A thread has one, but for embedders.
    static STATES: RefCell<HashMap<usize, Rc<EnvState>>> = RefCell::default();
}

impl EnvState {
    /// The state of the environment that is calling, made at the first call.
    ///
    /// # Errors
    ///
    /// The environment is ending, or is not Node's.
    pub fn of(env: &Env) -> Result<Rc<Self>> {
        let key = env.raw() as usize;
        if let Some(state) = STATES.with_borrow(|states| states.get(&key).cloned()) {
            return Ok(state);
        }
        if !uv::is_there() {
            return Err(Error::new(
                Status::GenericFailure,
                "libuv's functions cannot be found in this runtime",
            ));
        }
        let lp = Loop::of(env)?;
        let scope = Scope { env: *env, event_loop: Rc::clone(&lp) };
        let transit = Transit::new(lp.is_main());
        let state = Rc::new(Self {
            env: *env,
            lp,
            children: Children::new(scope),
            channels: Channels::default(),
            gatherings: Gatherings::default(),
            transit,
        });
        on_teardown(env, move |done| {
            let state = STATES.with_borrow_mut(|states| states.remove(&key));
            if let Some(state) = state {
                state.end(done);
            }
        })
        .map_err(|error| Error::new(Status::Closing, error.to_string()))?;
        STATES.with_borrow_mut(|states| states.insert(key, Rc::clone(&state)));
        Ok(state)
    }

    /// Node's loop.
    pub fn event_loop(&self) -> &Rc<Loop> {
        &self.lp
    }

    /// The children that are being watched.
    pub fn children(&self) -> &Rc<Children> {
        &self.children
    }

    /// The channels that are open.
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// Output that is being gathered.
    pub fn gatherings(&self) -> &Gatherings {
        &self.gatherings
    }

    /// Descriptors on their way to JS.
    pub fn transit(&self) -> &Transit {
        &self.transit
    }

    /// The environment, for the thread it belongs to.
    pub fn env(&self) -> Env {
        self.env
    }

    /// Gives up everything that is tied to the environment. Children run on; those of a Worker are reaped in the background,
    /// while those of the main thread become init's when the process ends.
    fn end(&self, done: TeardownDone) {
        self.gatherings.end();
        self.transit.end();
        self.channels.end();
        for child in self.children.end() {
            if !self.lp.is_main() {
                process::adopt(child);
            }
        }
        self.lp.close_all(move || drop(done));
    }
}
