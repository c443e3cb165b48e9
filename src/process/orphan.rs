//! Children whose owner has gone.

use std::io;

use tokio::io::Interest;

use super::Child;
use crate::{runtime, sys::async_fd};

/// Reaps a child in the background, so that it does not stay a zombie. It is for children whose handle was closed and for
/// those of a terminated Worker, which Node leaves unreaped.
///
/// # Errors
///
/// The runtime could not be started or a descriptor not be made; the child then stays a zombie until this process ends.
pub fn adopt(mut child: Child) -> io::Result<()> {
    let exit_fd = child.exit_fd().try_clone_to_owned()?;
    runtime::handle()?.spawn(async move {
        let Ok(exit) = async_fd::register(exit_fd, Interest::READABLE) else { return };
        while child.try_wait().is_none() {
            match exit.readable().await {
                Ok(mut ready) => ready.clear_ready(),
                Err(_) => return,
            }
        }
    });
    Ok(())
}
