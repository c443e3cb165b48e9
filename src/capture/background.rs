//! Gathering on the runtime's thread.

use std::{
    io,
    os::fd::AsFd,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use tokio::{
    io::Interest,
    task::{AbortHandle, yield_now},
};

use super::{Collector, End, Turn};
use crate::{
    runtime,
    sys::{Descriptor, async_fd},
};

/// A stream that is gathered in the background. Dropping it stops that, and closes the stream.
#[derive(Debug)]
pub struct Background {
    /// Ours until it is taken back.
    fd: Option<Descriptor>,
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    work: Mutex<Work>,
    /// Somebody waits for the lock. Without it a fast stream would not let go of it.
    unwanted: AtomicBool,
}

#[derive(Debug)]
struct Work {
    /// None once it has been taken back.
    collector: Option<Collector>,
    end: Option<End>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Background {
    /// Goes on with a stream in the background. `done` is called there, once, when it is over, and not after
    /// [`Background::take`].
    ///
    /// # Errors
    ///
    /// What was given, if the runtime could not be started or the descriptor not be doubled.
    pub fn start(
        fd: Descriptor,
        collector: Collector,
        done: impl FnOnce() + Send + 'static,
    ) -> Result<Self, (Descriptor, Collector)> {
        // The runtime closes its descriptor when it gets to it; ours can be given back at once.
        let (Ok(runtime), Ok(double)) = (runtime::handle(), fd.try_clone()) else {
            return Err((fd, collector));
        };
        let work = Mutex::new(Work { collector: Some(collector), end: None });
        let shared = Arc::new(Shared { work, unwanted: AtomicBool::new(false) });
        let task = runtime.spawn(gather(double, Arc::clone(&shared), done)).abort_handle();
        Ok(Self { fd: Some(fd), shared, task })
    }

    /// Takes everything back, from under a read that is under way. The end is there if it has come.
    #[must_use]
    pub fn take(mut self) -> Option<(Descriptor, Collector, Option<End>)> {
        let (collector, end) = self.stop();
        Some((self.fd.take()?, collector?, end))
    }

    fn stop(&self) -> (Option<Collector>, Option<End>) {
        self.task.abort();
        self.shared.unwanted.store(true, Relaxed);
        let mut work = self.shared.lock();
        (work.collector.take(), work.end)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn gather(fd: Descriptor, shared: Arc<Shared>, done: impl FnOnce()) {
    let end = until_end(fd, &shared).await.unwrap_or_else(|error| Some(End::Failed(error.into())));
    let still_wanted = {
        let mut work = shared.lock();
        work.end = end;
        work.collector.is_some()
    };
    if still_wanted {
        done();
    }
}

/// None if the stream has been taken back.
async fn until_end(fd: Descriptor, shared: &Shared) -> io::Result<Option<End>> {
    let fd = async_fd::register(fd, Interest::READABLE).map_err(|(error, _)| error)?;
    while !shared.unwanted.load(Relaxed) {
        let mut ready = fd.readable().await?;
        let turn = match &mut shared.lock().collector {
            Some(collector) => collector.advance(fd.get_ref().as_fd()),
            None => return Ok(None),
        };
        match turn {
            // A descriptor that stays readable costs none of tokio's budget, so that nothing else would get its turn.
            Turn::More => yield_now().await,
            Turn::Empty => ready.clear_ready(),
            Turn::Over(end) => return Ok(Some(end)),
        }
    }
    Ok(None)
}
