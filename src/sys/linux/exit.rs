//! The end of a child: by its pidfd, or, where there is none, by a thread that waits for it.
//!
//! A pidfd means this child and no other, whatever becomes of the number. It costs a descriptor for as long as the child runs,
//! and where descriptors are short the thread takes its place: it costs none.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use rustix::{
    event::{EventfdFlags, epoll, eventfd},
    io::Errno,
};

use super::{
    signals::BlockAll,
    wait::{self, Of, Waited},
};
use crate::sys::SystemError;

/// What tells the end of one child, for as long as it has not been reaped.
#[derive(Debug)]
pub struct Exit {
    pid: i32,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Pidfd(OwnedFd),
    Thread(Arc<Waiter>),
}

/// A child that a thread waits for.
#[derive(Debug, Default)]
struct Waiter(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    ended: bool,
    then: Option<Then>,
}

/// What the thread does at the end.
#[derive(Debug)]
enum Then {
    Tell(Arc<Told>, u64),
    Reap,
}

impl Exit {
    /// Takes charge of a process that has just been made.
    ///
    /// # Errors
    ///
    /// Without a pidfd the thread could not be made (EAGAIN). The process is then killed and reaped, as nobody could learn of
    /// its end.
    pub fn new(pid: i32, pidfd: Option<OwnedFd>) -> io::Result<Self> {
        let source = match pidfd {
            Some(pidfd) => Source::Pidfd(pidfd),
            None => Source::Thread(Waiter::start(pid).inspect_err(|_| {
                let _ = wait::signal(Of::Pid(pid), libc::SIGKILL);
                wait::reap_failed(pid);
            })?),
        };
        Ok(Self { pid, source })
    }

    /// Asks whether the child has ended, and reaps it if so.
    #[must_use]
    pub fn try_reap(&self) -> Waited {
        wait::try_reap(self.of())
    }

    /// Sends a signal; 0 only asks whether that would be possible. The child must not have been reaped.
    ///
    /// # Errors
    ///
    /// What `kill(2)` gives. ESRCH where other code has reaped the child.
    pub fn signal(&self, signal: i32) -> Result<(), SystemError> {
        Ok(wait::signal(self.of(), signal)?)
    }

    /// What becomes readable at the end, where that costs nothing.
    #[must_use]
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        match &self.source {
            Source::Pidfd(pidfd) => Some(pidfd.as_fd()),
            Source::Thread(_) => None,
        }
    }

    /// Frees the descriptor, if there is one. True if that has happened.
    pub fn give_up_descriptor(&mut self) -> bool {
        if let Source::Pidfd(_) = self.source
            && let Ok(waiter) = Waiter::start(self.pid)
        {
            self.source = Source::Thread(waiter);
            return true;
        }
        false
    }

    /// Has the child reaped by a thread, when it ends.
    ///
    /// # Errors
    ///
    /// What was given, if the thread could not be made.
    pub fn reap_by_thread(self) -> Result<(), Self> {
        let waiter = match &self.source {
            Source::Thread(waiter) => Arc::clone(waiter),
            Source::Pidfd(_) => match Waiter::start(self.pid) {
                Ok(waiter) => waiter,
                Err(_) => return Err(self),
            },
        };
        waiter.then(self.pid, Then::Reap);
        Ok(())
    }

    /// The descriptor itself, for who waits for it elsewhere; or what was given, if there is none.
    ///
    /// # Errors
    ///
    /// See above.
    pub fn into_descriptor(self) -> Result<OwnedFd, Self> {
        match self.source {
            Source::Pidfd(pidfd) => Ok(pidfd),
            Source::Thread(_) => Err(self),
        }
    }

    fn of(&self) -> Of<'_> {
        match &self.source {
            Source::Pidfd(pidfd) => Of::Pidfd(pidfd.as_fd(), self.pid),
            Source::Thread(_) => Of::Pid(self.pid),
        }
    }
}

/// Reaps a child by what [`Exit::into_descriptor`] gave, if it has ended.
#[must_use]
pub fn try_reap_by_descriptor(descriptor: BorrowedFd<'_>, pid: i32) -> Waited {
    wait::try_reap(Of::Pidfd(descriptor, pid))
}

impl Waiter {
    /// Starts a thread that only looks (`WNOWAIT`): reaping stays with the owner, so the pid cannot be used again under a
    /// pending kill.
    fn start(pid: i32) -> io::Result<Arc<Self>> {
        let waiter = Arc::new(Self::default());
        let for_thread = Arc::clone(&waiter);
        let _blocked = BlockAll::new();
        thread::Builder::new().name("rs-cp-waiter".into()).stack_size(64 * 1024).spawn(move || {
            wait::until_end(pid);
            let mut waiting = for_thread.lock();
            waiting.ended = true;
            if let Some(then) = waiting.then.take() {
                drop(waiting);
                then.run(pid);
            }
        })?;
        Ok(waiter)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what is done at the end, or does it if the end has come.
    fn then(&self, pid: i32, then: Then) {
        let mut waiting = self.lock();
        if waiting.ended {
            drop(waiting);
            then.run(pid);
        } else {
            waiting.then = Some(then);
        }
    }
}

impl Then {
    fn run(self, pid: i32) {
        match self {
            Self::Tell(told, token) => told.tell(token),
            Self::Reap => {
                let _ = wait::try_reap(Of::Pid(pid));
            }
        }
    }
}

/// Which of many children have ended, behind one descriptor.
#[derive(Debug)]
pub struct ExitSet {
    epoll: OwnedFd,
    told: Arc<Told>,
}

/// What threads have told.
#[derive(Debug)]
struct Told {
    event: OwnedFd,
    tokens: Mutex<Vec<u64>>,
}

/// Stands for the threads. It is no one's token: those count from 0.
const THREADS: u64 = u64::MAX;

impl ExitSet {
    /// An empty set.
    ///
    /// # Errors
    ///
    /// EMFILE, ENFILE or ENOMEM.
    pub fn new() -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        epoll::add(&epoll, &event, epoll::EventData::new_u64(THREADS), epoll::EventFlags::IN)?;
        Ok(Self { epoll, told: Arc::new(Told { event, tokens: Mutex::default() }) })
    }

    /// Readable while there is something to [`ExitSet::take`].
    #[must_use]
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }

    /// Has `token` reported, once, when a child ends, or at once if it has.
    ///
    /// # Errors
    ///
    /// ENOMEM, or ENOSPC for more than the user may watch.
    pub fn add(&self, exit: &Exit, token: u64) -> io::Result<()> {
        match &exit.source {
            // Once: a descriptor that is closed afterwards need not be taken out, although a stranger may hold a copy of it.
            Source::Pidfd(pidfd) => {
                epoll::add(&self.epoll, pidfd, epoll::EventData::new_u64(token), ONCE).map_err(Into::into)
            }
            Source::Thread(waiter) => {
                waiter.then(exit.pid, Then::Tell(Arc::clone(&self.told), token));
                Ok(())
            }
        }
    }

    /// Has a token that was taken reported again.
    ///
    /// # Errors
    ///
    /// ENOMEM.
    pub fn add_again(&self, exit: &Exit, token: u64) -> io::Result<()> {
        match &exit.source {
            Source::Pidfd(pidfd) => {
                epoll::modify(&self.epoll, pidfd, epoll::EventData::new_u64(token), ONCE).map_err(Into::into)
            }
            Source::Thread(_) => self.add(exit, token),
        }
    }

    /// Takes a child out that still runs.
    pub fn remove(&self, exit: &Exit) {
        match &exit.source {
            // Not there any more if it has been reported by a set that is gone.
            Source::Pidfd(pidfd) => drop(epoll::delete(&self.epoll, pidfd)),
            Source::Thread(waiter) => waiter.lock().then = None,
        }
    }

    /// The tokens of `MOST` at the most that have ended.
    #[must_use]
    pub fn take(&self) -> Vec<u64> {
        let mut events = Vec::with_capacity(Self::MOST);
        let now = rustix::event::Timespec::default();
        // Interrupted or not: what is ready is reported the next time.
        let _ = epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut events), Some(&now));
        let mut tokens: Vec<u64> = events.iter().map(|event| event.data.u64()).collect();
        if let Some(threads) = tokens.iter().position(|token| *token == THREADS) {
            tokens.swap_remove(threads);
            self.told.take(Self::MOST - tokens.len(), &mut tokens);
        }
        tokens
    }

    /// So many are reported before the caller's other work gets its turn: a thousand that end at once would hold it up for 60
    /// to 120 ms.
    pub const MOST: usize = 64;
}

const ONCE: epoll::EventFlags = epoll::EventFlags::IN.union(epoll::EventFlags::ONESHOT);

impl Told {
    fn tell(&self, token: u64) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).push(token);
        self.wake();
    }

    fn wake(&self) {
        // Only a full counter could make this fail, and that is readable.
        let _ = rustix::io::write(&self.event, &1_u64.to_ne_bytes());
    }

    fn take(&self, most: usize, taken: &mut Vec<u64>) {
        let _ = rustix::io::read(&self.event, &mut [0; 8]);
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let count = tokens.len().min(most);
        taken.extend(tokens.drain(..count));
        if !tokens.is_empty() {
            self.wake();
        }
    }
}

/// Whether a start failed for want of a descriptor.
#[must_use]
pub fn is_short_of_descriptors(error: SystemError) -> bool {
    error == Errno::MFILE.into()
}
