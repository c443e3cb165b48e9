//! Children whose owner has gone.

use std::{
    os::fd::{AsFd, OwnedFd},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{io::Interest, time::sleep};

use super::Child;
use crate::{
    runtime,
    sys::{
        async_fd,
        exit::{Exit, try_reap_by_descriptor},
        wait::Waited,
    },
};

/// How often to look at a child that cannot be watched.
const LOOK: Duration = Duration::from_millis(100);

/// Those for whom there was neither a descriptor nor a thread. The next orphan brings another try.
static LEFT: Mutex<Vec<Exit>> = Mutex::new(Vec::new());

/// Reaps a child in the background, so that it does not stay a zombie. It is for children whose handle was closed and for
/// those of a terminated Worker, which Node leaves unreaped.
///
/// This takes no new descriptor unless it is the first: a process that has none left must not collect zombies.
pub fn adopt(child: Child) {
    let pid = child.pid();
    let Some(exit) = child.into_exit() else { return };
    let left = std::mem::take(&mut *LEFT.lock().unwrap_or_else(PoisonError::into_inner));
    for exit in left.into_iter().filter(|exit| exit.try_reap() == Waited::Running) {
        reap_by_thread(exit);
    }
    match (runtime::handle(), exit.into_descriptor()) {
        (Ok(runtime), Ok(descriptor)) => drop(runtime.spawn(reap(pid, descriptor))),
        (Err(_), Ok(descriptor)) => {
            // Only a descriptor that is there already makes this fail.
            if let Ok(exit) = Exit::new(pid, Some(descriptor)) {
                reap_by_thread(exit);
            }
        }
        (_, Err(exit)) => reap_by_thread(exit),
    }
}

fn reap_by_thread(exit: Exit) {
    if let Err(exit) = exit.reap_by_thread() {
        LEFT.lock().unwrap_or_else(PoisonError::into_inner).push(exit);
    }
}

/// Waits for the end of a child, which its descriptor tells.
async fn reap(pid: i32, descriptor: OwnedFd) {
    let running = |descriptor: &OwnedFd| try_reap_by_descriptor(descriptor.as_fd(), pid) == Waited::Running;
    match async_fd::register(descriptor, Interest::READABLE) {
        Ok(exit) => {
            while running(exit.get_ref()) {
                match exit.readable().await {
                    // tokio watches for edges: a dead child that a debugger holds is told of once, and again when it is let go.
                    Ok(mut ready) => ready.clear_ready(),
                    // The runtime ends, and with it the process.
                    Err(_) => return,
                }
            }
        }
        // The kernel has no memory for it, or the user no watch left.
        Err((_, descriptor)) => {
            while running(&descriptor) {
                sleep(LOOK).await;
            }
        }
    }
}
