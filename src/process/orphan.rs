//! Children whose owner has gone.

use std::{io, os::fd::OwnedFd, time::Duration};

use tokio::{io::Interest, time::sleep};

use super::Child;
use crate::{runtime, sys::async_fd};

/// How often to look at a child that cannot be watched.
const LOOK: Duration = Duration::from_millis(100);

/// Reaps a child in the background, so that it does not stay a zombie. It is for children whose handle was closed and for
/// those of a terminated Worker, which Node leaves unreaped.
///
/// # Errors
///
/// The runtime could not be started or a descriptor not be made; the child then stays a zombie until this process ends.
pub fn adopt(child: Child) -> io::Result<()> {
    let exit_fd = child.exit_fd().try_clone_to_owned()?;
    runtime::handle()?.spawn(reap(child, exit_fd));
    Ok(())
}

/// Waits for the end of a child, which `exit_fd` tells.
async fn reap(mut child: Child, exit_fd: OwnedFd) {
    // It fails where the kernel has no memory for it, or the user no watch left.
    let exit = async_fd::register(exit_fd, Interest::READABLE).ok();
    while child.try_wait().is_none() {
        match &exit {
            Some(exit) => match exit.readable().await {
                Ok(mut ready) => ready.clear_ready(),
                // The runtime ends, and with it the process.
                Err(_) => return,
            },
            None => sleep(LOOK).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use tokio::time::timeout;

    use super::*;
    use crate::process::{CStringBlock, SpawnOptions, spawn};

    #[test]
    fn a_child_that_cannot_be_watched_is_reaped_all_the_same() {
        let options = SpawnOptions::new(c"true".into(), ["true"].iter().collect::<CStringBlock>());
        let spawned = spawn(&options).unwrap();
        let pid = spawned.child.pid();
        // epoll does not take a file.
        let file = OwnedFd::from(File::open("/proc/self/exe").unwrap());
        let runtime = runtime::handle().unwrap();
        let reaped = async { timeout(Duration::from_secs(20), reap(spawned.child, file)).await };
        runtime.block_on(runtime.spawn(reaped)).unwrap().expect("an end");
        assert!(!std::fs::exists(format!("/proc/{pid}")).unwrap());
    }
}
