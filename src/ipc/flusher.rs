//! Takes messages on when the JS thread does not: during a long computation, and at the end of the process.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Outbox, SharedOutbox, outbox::WeakOutbox};
use crate::{runtime, sys::at_exit};

/// How long a message may lie in the slab while JS computes.
const PERIOD: Duration = Duration::from_millis(1);
/// After so many looks at an empty slab the watch ends, until JS asks for it again.
const IDLE: u32 = 64;

static OPEN: Mutex<Vec<WeakOutbox>> = Mutex::new(Vec::new());

/// Flushes the slab from the runtime's thread until it stays empty. JS asks for it when it puts a message into a slab that
/// nobody watches, which the slab's header tells without a call.
///
/// # Errors
///
/// The runtime cannot be started. JS then has to write by itself.
pub fn watch(outbox: &SharedOutbox) -> std::io::Result<()> {
    let Some(slab) = outbox.with(|outbox| Arc::clone(outbox.slab().memory())) else { return Ok(()) };
    let runtime = runtime::handle()?;
    if slab.set_watched(true) {
        return Ok(());
    }
    let outbox = outbox.downgrade();
    runtime.spawn(async move {
        let mut idle = 0;
        loop {
            tokio::time::sleep(PERIOD).await;
            let Some(open) = outbox.upgrade() else { return };
            match open.with(flush_if_behind) {
                None => return,
                Some(true) => idle = 0,
                Some(false) => idle += 1,
            }
            if idle > IDLE {
                // JS publishes first and asks after; here it is the other way round, so one of both sees the other.
                let _ = slab.set_watched(false);
                if open.with(|outbox| outbox.is_behind()) != Some(true) || slab.set_watched(true) {
                    return;
                }
                idle = 0;
            }
        }
    });
    Ok(())
}

/// Has the outbox flushed when the process ends by `exit(3)`, where no JS runs any more.
pub(super) fn flush_at_exit(outbox: &SharedOutbox) {
    at_exit::at_exit(|| {
        let open = std::mem::take(&mut *OPEN.lock().unwrap_or_else(PoisonError::into_inner));
        for outbox in open.iter().filter_map(WeakOutbox::upgrade) {
            outbox.with(Outbox::flush_from_outside);
        }
    });
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    open.retain(|other| !other.is_gone());
    open.push(outbox.downgrade());
}

fn flush_if_behind(outbox: &mut Outbox) -> bool {
    let behind = outbox.is_behind();
    if behind {
        outbox.flush_from_outside();
    }
    behind
}
