//! The children of one environment, and the one handle on Node's loop that watches them all.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    io,
    rc::{Rc, Weak},
};

use super::running::Running;
use crate::{
    binding::scope::Scope,
    node::{
        api::{AsyncContext, Persistent},
        uv::{Check, Events, Poll, Timer},
    },
    process::{Child, adopt},
    sys::exit::ExitSet,
};

/// Descriptors for a start: three pairs, those of its pidfd and of the pipe that tells of its failure, and some extra pipes.
const ENOUGH: usize = 16;

/// The children that are being watched. Their handles may be all that JS has of them.
pub struct Children {
    this: Weak<Self>,
    scope: Scope,
    /// Made for the first child.
    watch: RefCell<Option<Watch>>,
    running: RefCell<HashMap<u64, Rc<Running>>>,
    next_token: Cell<u64>,
    /// How many of them keep the loop alive.
    referenced: Cell<usize>,
    /// Those that have ended, until the check phase.
    ended: RefCell<Vec<u64>>,
    /// Those that have ended and could not be reaped.
    held: RefCell<Vec<u64>>,
}

/// A handle for each child would cost five system calls a child, and quadratic time where thousands end at once: libuv polls up
/// to 48 times in a turn when a thousand descriptors are ready, and reports every one each time.
struct Watch {
    // The poll comes first: it is dropped before the set that it watches.
    poll: Poll,
    /// Raises the exits that have been noted.
    check: Check,
    /// Looks again at those that could not be reaped.
    again: RefCell<Option<Timer>>,
    set: ExitSet,
}

impl Children {
    /// None yet.
    pub fn new(scope: Scope) -> Rc<Self> {
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            scope,
            watch: RefCell::default(),
            running: RefCell::default(),
            next_token: Cell::default(),
            referenced: Cell::default(),
            ended: RefCell::default(),
            held: RefCell::default(),
        })
    }

    /// Watches a child, which keeps the loop alive. One that cannot be watched is killed: nobody would learn of its end.
    ///
    /// # Errors
    ///
    /// The watch could not be enlarged (ENOMEM, ENOSPC), or [`Children::prepare`] has not succeeded.
    pub fn watch(
        &self,
        child: Child,
        handle: Persistent,
        context: Rc<AsyncContext>,
    ) -> io::Result<Rc<Running>> {
        let token = self.next_token.replace(self.next_token.get() + 1);
        let added = self.prepare().and_then(|()| self.with_set(|set| set.add(child.exit(), token)));
        if let Err(error) = added {
            let _ = child.kill(libc::SIGKILL);
            adopt(child);
            return Err(error);
        }
        let running = Rc::new(Running::new(token, child, handle, context));
        self.running.borrow_mut().insert(token, Rc::clone(&running));
        self.count_reference(1);
        Ok(running)
    }

    /// Lets go of a child, and gives it up if it has not been reaped.
    pub fn release(&self, running: &Running) -> Option<Child> {
        self.forget(running);
        let child = running.release()?;
        let _ = self.with_set(|set| {
            set.remove(child.exit());
            Ok(())
        });
        Some(child)
    }

    /// Lets a child keep the loop alive, or not.
    pub fn set_ref(&self, running: &Running, on: bool) {
        if self.running.borrow().contains_key(&running.token) && running.has_ref.replace(on) != on {
            self.count_reference(if on { 1 } else { -1 });
        }
    }

    /// Whether it does.
    pub fn has_ref(&self, running: &Running) -> bool {
        running.has_ref.get() && self.running.borrow().contains_key(&running.token)
    }

    /// Frees some of the descriptors by which children are watched. True if there were any. A thread takes the place of each, and
    /// a process may not have as many threads as it has descriptors, so it is only as many as one start can need.
    pub fn give_up_descriptors(&self) -> bool {
        let mut freed = 0;
        for running in self.running.borrow().values() {
            if freed == ENOUGH {
                break;
            }
            running.with(|child| {
                if child.give_up_descriptor() {
                    freed += 1;
                    // It takes no memory of the kernel's, so it cannot fail.
                    let _ = self.with_set(|set| set.add(child.exit(), running.token));
                }
            });
        }
        freed > 0
    }

    /// Lets go of all that are left, and of the watch: the environment ends.
    pub fn end(&self) -> Vec<Child> {
        self.watch.take();
        self.running.take().into_values().filter_map(|running| running.release()).collect()
    }

    /// Makes what watches the children. It comes before the first child: one that cannot be watched has run a part of its
    /// program by the time it is killed.
    ///
    /// # Errors
    ///
    /// EMFILE, ENFILE or ENOMEM.
    pub fn prepare(&self) -> io::Result<()> {
        if self.watch.borrow().is_some() {
            return Ok(());
        }
        let event_loop = &self.scope.event_loop;
        let set = ExitSet::new()?;
        let of = Weak::clone(&self.this);
        let poll = Poll::new(event_loop, set.descriptor(), move |_| with(&of, Self::note))?;
        poll.start(Events::READABLE)?;
        poll.set_ref(false);
        let of = Weak::clone(&self.this);
        let check = Check::new(event_loop, move || with(&of, Self::raise))?;
        self.watch.replace(Some(Watch { poll, check, again: RefCell::default(), set }));
        Ok(())
    }

    fn with_set(&self, use_set: impl FnOnce(&ExitSet) -> io::Result<()>) -> io::Result<()> {
        self.watch.borrow().as_ref().map_or(Ok(()), |watch| use_set(&watch.set))
    }

    fn forget(&self, running: &Running) {
        if self.running.borrow_mut().remove(&running.token).is_some() && running.has_ref.get() {
            self.count_reference(-1);
        }
    }

    fn count_reference(&self, change: isize) {
        let before = self.referenced.get();
        let now = before.saturating_add_signed(change);
        self.referenced.set(now);
        if (before == 0) != (now == 0)
            && let Some(watch) = &*self.watch.borrow()
        {
            watch.poll.set_ref(now > 0);
        }
    }

    /// Notes those that have ended. 'exit' is raised in the check phase, after everything else that was ready in this poll
    /// round: output that the child has written must come before it (libuv gets the same order by handling SIGCHLD last).
    fn note(&self) {
        if let Some(watch) = &*self.watch.borrow() {
            self.ended.borrow_mut().extend(watch.set.take());
            watch.check.start();
        }
    }

    fn raise(&self) {
        if let Some(watch) = &*self.watch.borrow() {
            watch.check.stop();
        }
        for token in self.ended.take() {
            let running = self.running.borrow().get(&token).cloned();
            // close() was called in between.
            let Some(running) = running else { continue };
            match running.with(Child::try_wait) {
                Some(Some(status)) => {
                    self.forget(&running);
                    running.drop_child();
                    // Not before: until here kill() finds a zombie, and succeeds as in Node.
                    running.call_onexit(self.scope.env, status);
                }
                Some(None) => self.look_again(token),
                None => {}
            }
        }
    }

    /// A dead child that a debugger holds cannot be reaped until it lets go (ptrace(2): the tracer is told first), while its
    /// end is reported all the time. The loop would do nothing but poll it.
    fn look_again(&self, token: u64) {
        let watch = self.watch.borrow();
        let Some(watch) = &*watch else { return };
        self.held.borrow_mut().push(token);
        let mut again = watch.again.borrow_mut();
        if again.is_none() {
            let of = Weak::clone(&self.this);
            *again = Timer::new(&self.scope.event_loop, move || with(&of, Self::watch_held)).ok();
            if let Some(again) = &*again {
                // The poll keeps the loop alive, as far as these children do.
                again.set_ref(false);
            }
        }
        // Without memory for a timer it is polled all the time.
        match &*again {
            Some(again) => again.start(Child::AGAIN),
            None => self.watch_held(),
        }
    }

    fn watch_held(&self) {
        for token in self.held.take() {
            if let Some(running) = self.running.borrow().get(&token) {
                running.with(|child| self.with_set(|set| set.add_again(child.exit(), token)));
            }
        }
    }
}

fn with(of: &Weak<Children>, run: fn(&Children)) {
    if let Some(children) = of.upgrade() {
        run(&children);
    }
}
