//! Descriptors on their way to JS. A Worker can be terminated when a call that gives it one returns, before it has made a
//! stream of it; then nobody else would ever close it, and the child would wait for the end of its input.

use std::{
    cell::RefCell,
    os::fd::{IntoRawFd, OwnedFd, RawFd},
};

use napi::{Env, Result};
use napi_derive::napi;

use super::environment::EnvState;
use crate::{
    node::api::GivenFd,
    sys::{SystemError, fd::InTransit},
};

/// Those of one environment. The main thread's ends with the process and what it has open, so nothing is kept there.
pub struct Transit(Option<RefCell<Vec<InTransit>>>);

impl Transit {
    /// For the main thread, or for one that may end before the process does.
    pub fn new(main: bool) -> Self {
        Self((!main).then(RefCell::default))
    }

    /// Gives a descriptor to JS, which has to [`claim`] it, or -1.
    pub fn hand_over(&self, fd: Option<OwnedFd>) -> RawFd {
        let Some(fd) = fd else { return -1 };
        let Some(kept) = &self.0 else { return fd.into_raw_fd() };
        let descriptor = InTransit::new(fd);
        let number = descriptor.number();
        kept.borrow_mut().push(descriptor);
        number
    }

    /// Notes that a descriptor has an owner.
    pub fn claim(&self, fd: RawFd) {
        if let Some(kept) = &self.0 {
            let mut kept = kept.borrow_mut();
            kept.extract_if(.., |descriptor| descriptor.number() == fd).for_each(InTransit::release);
        }
    }

    /// Takes a descriptor back from JS: the caller owns it now.
    ///
    /// # Errors
    ///
    /// EBADF if the number is not open.
    pub fn take(&self, fd: GivenFd) -> std::result::Result<OwnedFd, SystemError> {
        self.claim(fd.number());
        fd.take()
    }

    /// Closes what has not been claimed. The environment's streams have been closed before.
    pub fn end(&self) {
        self.0.iter().flat_map(RefCell::take).for_each(InTransit::close);
    }
}

/// To be called when a stream, or whatever else closes descriptors, has become the owner of one that came from here.
#[napi]
#[cfg_attr(test, allow(dead_code, reason = "in tests nothing is exported to JS"))]
pub fn claim(env: Env, fd: i32) -> Result<()> {
    EnvState::of(&env)?.transit().claim(fd);
    Ok(())
}
