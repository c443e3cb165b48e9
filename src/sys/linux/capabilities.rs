//! What this kernel, or the sandbox around us, lets a spawner do. Each answer is learnt in use and then kept.
//!
//! Old container runtimes answer EPERM where a kernel would answer ENOSYS, so both mean "no". Every fallback can be
//! forced with `RS_CHILD_PROCESS_FALLBACK`, a comma-separated list of `fork`, `waiter` and `proc-fd`, so that tests run
//! through it.

use std::{
    env,
    sync::{
        LazyLock,
        atomic::{AtomicU8, Ordering::Relaxed},
    },
};

/// An answer that is unknown until somebody has tried.
pub struct Capability(AtomicU8);

const UNKNOWN: u8 = 0;
const PRESENT: u8 = 1;
const ABSENT: u8 = 2;

impl Capability {
    fn unless(forced_off: bool) -> Self {
        Self(AtomicU8::new(if forced_off { ABSENT } else { UNKNOWN }))
    }

    /// Whether it is worth trying.
    pub fn maybe(&self) -> bool {
        self.0.load(Relaxed) != ABSENT
    }

    /// Whether it has been seen to work.
    pub fn proven(&self) -> bool {
        self.0.load(Relaxed) == PRESENT
    }

    /// Keeps what a try has shown.
    pub fn learn(&self, works: bool) {
        if self.maybe() {
            self.0.store(if works { PRESENT } else { ABSENT }, Relaxed);
        }
    }
}

/// The answers of this process.
pub struct Capabilities {
    /// `clone(CLONE_VM)` really shares memory. Under qemu-user and WSL 1 it is a plain fork.
    pub shared_memory: Capability,
    /// `CLONE_PIDFD` gives a descriptor (Linux 5.2) that becomes readable at the exit (5.3).
    pub pidfd: Capability,
    /// `close_range` (Linux 5.9, or 5.11 where it only marks).
    pub close_range: Capability,
}

/// The answers so far. The first call reads the environment, and so is made when the addon is loaded: later another thread may
/// be changing it.
#[must_use]
pub fn capabilities() -> &'static Capabilities {
    static CAPABILITIES: LazyLock<Capabilities> = LazyLock::new(|| {
        let forced = env::var("RS_CHILD_PROCESS_FALLBACK").unwrap_or_default();
        let off = |name: &str| Capability::unless(forced.split(',').any(|part| part.trim() == name));
        Capabilities { shared_memory: off("fork"), pidfd: off("waiter"), close_range: off("proc-fd") }
    });
    &CAPABILITIES
}
