//! An outbox that several threads reach.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::Outbox;
use crate::{
    ipc::flusher,
    sys::{Descriptor, slab::Slab},
};

/// An [`Outbox`] that the JS thread, the runtime and the end of the process may flush; empty once the channel is closed.
#[derive(Clone)]
pub struct SharedOutbox(Arc<Mutex<Option<Outbox>>>);

/// Does not keep the outbox open.
pub struct WeakOutbox(Weak<Mutex<Option<Outbox>>>);

impl SharedOutbox {
    /// Takes over a socket. It should be close-on-exec.
    #[must_use]
    pub fn new(socket: Descriptor, slab: Slab) -> Self {
        let outbox = Self(Arc::new(Mutex::new(Some(Outbox::new(socket, slab)))));
        flusher::flush_at_exit(&outbox);
        outbox
    }

    /// Runs `with` on the outbox, unless it is closed. No writer blocks, so the lock is held for a system call or two.
    pub fn with<T>(&self, with: impl FnOnce(&mut Outbox) -> T) -> Option<T> {
        self.lock().as_mut().map(with)
    }

    /// Writes what can be written without waiting, and closes the socket.
    pub fn close(&self) {
        let outbox = self.lock().take();
        if let Some(mut outbox) = outbox {
            // A failure leaves nothing to be done: the other end is gone.
            let _ = outbox.flush();
        }
    }

    pub(in crate::ipc) fn downgrade(&self) -> WeakOutbox {
        WeakOutbox(Arc::downgrade(&self.0))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Outbox>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WeakOutbox {
    pub(in crate::ipc) fn upgrade(&self) -> Option<SharedOutbox> {
        self.0.upgrade().map(SharedOutbox)
    }

    /// Whether nobody has it any more.
    pub(in crate::ipc) fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }
}
