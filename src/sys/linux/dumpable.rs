//! The mark on this process's memory that lets others of its user trace it and read it through `/proc`.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};

/// One at a time: restoring the mark for one child would expose the memory to the user that another is about to become.
static CHANGING_USER: Mutex<()> = Mutex::new(());

/// Held while a child that shares the memory changes its user and execs, which takes the mark off; gives it back at the end.
/// Without it the parent could no longer be traced, and would own none of its `/proc` files.
pub(super) struct KeepDumpable {
    before: Option<DumpableBehavior>,
    _only: MutexGuard<'static, ()>,
}

impl KeepDumpable {
    pub(super) fn new() -> Self {
        // A panic elsewhere leaves nothing half done: there is nothing behind the lock.
        let only = CHANGING_USER.lock().unwrap_or_else(PoisonError::into_inner);
        Self { before: dumpable_behavior().ok(), _only: only }
    }
}

impl Drop for KeepDumpable {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            // "Readable by root only" is the system's to set, and is refused here: it has not been taken off either.
            let _ = set_dumpable_behavior(before);
        }
    }
}
