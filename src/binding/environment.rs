//! What belongs to one JS environment: the main thread's, or a Worker's.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use napi::{Env, Error, Result, Status};

use super::{
    channel::OpenChannel,
    in_transit::Transit,
    output::Gatherings,
    process::{Children, Running},
};
use crate::{
    node::{
        api::{TeardownDone, on_teardown},
        uv::{Check, Loop},
    },
    process,
};

/// So many children are reaped before timers, immediates and other descriptors get their turn: a thousand that exit at once
/// would hold them up for 60 to 120 ms.
const EXITS_PER_TURN: usize = 64;

/// One environment's state. It ends before the environment does, and closes all that was opened on the loop.
pub struct EnvState {
    env: Env,
    lp: Rc<Loop>,
    /// Raises the exits that have been noted.
    check: RefCell<Option<Check>>,
    children: Children,
    channels: RefCell<Vec<Rc<OpenChannel>>>,
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
        let lp = Loop::of(env)?;
        let main = lp.is_main();
        let state = Rc::new_cyclic(|this: &std::rc::Weak<Self>| {
            let this = this.clone();
            let check = Check::new(&lp, move || {
                if let Some(state) = this.upgrade() {
                    state.raise_exits();
                }
            });
            Self {
                env: *env,
                lp,
                check: RefCell::new(check.ok()),
                children: Children::default(),
                channels: RefCell::default(),
                gatherings: Gatherings::default(),
                transit: Transit::new(main),
            }
        });
        if state.check.borrow().is_none() {
            return Err(Error::new(
                Status::GenericFailure,
                "libuv's functions cannot be found in this runtime",
            ));
        }
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
    pub fn children(&self) -> &Children {
        &self.children
    }

    /// Keeps an open channel: as in Node, it goes on although JS may have lost sight of it.
    pub fn add_channel(&self, channel: &Rc<OpenChannel>) {
        self.channels.borrow_mut().push(Rc::clone(channel));
    }

    /// Lets go of a channel that is being closed.
    pub fn remove_channel(&self, channel: &Rc<OpenChannel>) {
        self.channels.borrow_mut().retain(|other| !Rc::ptr_eq(other, channel));
    }

    /// Output that is being gathered.
    pub fn gatherings(&self) -> &Gatherings {
        &self.gatherings
    }

    /// Descriptors on their way to JS.
    pub fn transit(&self) -> &Transit {
        &self.transit
    }

    /// Notes that a child can be reaped. 'exit' is raised in the check phase, after everything else that was ready in
    /// this poll round: output that the child has written must come before it (libuv gets the same order by handling
    /// SIGCHLD last).
    pub fn note_exit(&self, running: &Rc<Running>) {
        self.children.note_exit(running);
        if let Some(check) = &*self.check.borrow() {
            check.start();
        }
    }

    fn raise_exits(&self) {
        if let Some(check) = &*self.check.borrow() {
            check.stop();
        }
        // The others' descriptors stay readable, so that they are noted again in the next poll round.
        for running in self.children.take_exited().iter().take(EXITS_PER_TURN) {
            running.raise_exit(self);
        }
    }

    /// The environment, for the thread it belongs to.
    pub fn env(&self) -> Env {
        self.env
    }

    /// Gives up everything that is tied to the environment. Children run on; those of a Worker are reaped in the background,
    /// while those of the main thread become init's when the process ends.
    fn end(&self, done: TeardownDone) {
        self.check.take();
        self.gatherings.end();
        self.transit.end();
        for channel in self.channels.take() {
            channel.close();
        }
        for running in self.children.take() {
            if let Some(child) = running.release()
                && !self.lp.is_main()
            {
                // On failure the child stays a zombie, which is what Node leaves.
                let _ = process::adopt(child);
            }
        }
        self.lp.close_all(move || drop(done));
    }
}
