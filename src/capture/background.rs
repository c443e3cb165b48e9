//! Gathering on the runtime's thread.

use std::{
    io,
    os::fd::{AsFd, OwnedFd},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{io::Interest, task::AbortHandle};

use super::{Collector, End, Turn};
use crate::{runtime, sys::async_fd};

/// A stream that is gathered in the background. Dropping it stops that.
#[derive(Debug)]
pub struct Background {
    fd: OwnedFd,
    shared: Arc<Mutex<Shared>>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    /// None once it has been taken back.
    collector: Option<Collector>,
    end: Option<End>,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Background {
    /// Goes on with a stream in the background. `done` is called there, once, when it is over, and not after
    /// [`Background::take`].
    ///
    /// # Errors
    ///
    /// What was given, if the runtime could not be started or the descriptor not be doubled.
    pub fn start(
        fd: OwnedFd,
        collector: Collector,
        done: impl FnOnce() + Send + 'static,
    ) -> Result<Self, (OwnedFd, Collector)> {
        // The runtime closes its descriptor when it gets to it; ours can be given back at once.
        let (Ok(runtime), Ok(double)) = (runtime::handle(), fd.try_clone()) else {
            return Err((fd, collector));
        };
        let shared = Arc::new(Mutex::new(Shared { collector: Some(collector), end: None }));
        let task = runtime.spawn(gather(double, Arc::clone(&shared), done)).abort_handle();
        Ok(Self { fd, shared, task })
    }

    /// Takes everything back, from under a read that is under way. The end is there if it has come.
    #[must_use]
    pub fn take(self) -> Option<(OwnedFd, Collector, Option<End>)> {
        self.task.abort();
        let mut shared = lock(&self.shared);
        let (collector, end) = (shared.collector.take()?, shared.end);
        drop(shared);
        Some((self.fd, collector, end))
    }
}

async fn gather(fd: OwnedFd, shared: Arc<Mutex<Shared>>, done: impl FnOnce()) {
    let end = until_end(fd, &shared).await.unwrap_or(Some(End::OfStream));
    let still_wanted = {
        let mut shared = lock(&shared);
        shared.end = end;
        shared.collector.is_some()
    };
    if still_wanted {
        done();
    }
}

/// None if the stream has been taken back.
async fn until_end(fd: OwnedFd, shared: &Mutex<Shared>) -> io::Result<Option<End>> {
    let fd = async_fd::register(fd, Interest::READABLE)?;
    loop {
        let mut ready = fd.readable().await?;
        let turn = match &mut lock(shared).collector {
            Some(collector) => collector.advance(fd.get_ref().as_fd()),
            None => return Ok(None),
        };
        match turn {
            Turn::More => {}
            Turn::Empty => ready.clear_ready(),
            Turn::Over(end) => return Ok(Some(end)),
        }
    }
}
