//! Descriptors on their way to JS. A Worker can be terminated when a call that gives it one returns, before it has made a
//! stream of it; then nobody else would ever close it, and the child would wait for the end of its input.

use std::{
    cell::RefCell,
    os::fd::{OwnedFd, RawFd},
};

use napi::{Env, Result};
use napi_derive::napi;
use rustix::io::Errno;

use super::environment::EnvState;
use crate::sys::fd::{self, InTransit};

/// Those of one environment.
#[derive(Default)]
pub struct Transit(RefCell<Vec<InTransit>>);

impl Transit {
    /// Gives a descriptor to JS, which has to [`claim`] it, or -1.
    pub fn hand_over(&self, fd: Option<OwnedFd>) -> RawFd {
        fd.map_or(-1, |fd| {
            let descriptor = InTransit::new(fd);
            let fd = descriptor.fd();
            self.0.borrow_mut().push(descriptor);
            fd
        })
    }

    /// Notes that a descriptor has an owner.
    pub fn claim(&self, fd: RawFd) {
        self.0.borrow_mut().retain(|descriptor| descriptor.fd() != fd);
    }

    /// Takes a descriptor back from JS: the caller owns it now.
    ///
    /// # Errors
    ///
    /// EBADF if the number is not open.
    pub fn take(&self, fd: RawFd) -> std::result::Result<OwnedFd, Errno> {
        self.claim(fd);
        fd::take(fd)
    }

    /// Closes what has not been claimed. The environment's streams have been closed before.
    pub fn end(&self) {
        self.0.take().into_iter().for_each(InTransit::close);
    }
}

/// To be called when a stream, or whatever else closes descriptors, has become the owner of one that came from here.
#[napi]
#[cfg_attr(test, allow(dead_code, reason = "in tests nothing is exported to JS"))]
pub fn claim(env: Env, fd: i32) -> Result<()> {
    EnvState::of(&env)?.transit().claim(fd);
    Ok(())
}
