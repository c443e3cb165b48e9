//! The open channels of one environment, and what they share.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use super::open::OpenChannel;
use crate::ipc::SpareRoom;

/// Memory for joining lines is not kept beyond this.
const LARGE: usize = 1024 * 1024;

/// The channels that JS has not closed. As in Node, they go on although JS may have lost sight of them.
#[derive(Default)]
pub struct Channels {
    open: RefCell<Vec<Rc<OpenChannel>>>,
    memory: Memory,
}

/// What a channel needs while it reads and delivers, and no longer.
#[derive(Clone, Default)]
pub struct Memory {
    /// For what arrives.
    pub room: SpareRoom,
    joined: Rc<Cell<Vec<u8>>>,
}

impl Channels {
    /// Keeps a channel.
    pub fn add(&self, channel: &Rc<OpenChannel>) {
        self.open.borrow_mut().push(Rc::clone(channel));
    }

    /// Lets go of a channel that is being closed.
    pub fn remove(&self, channel: &Rc<OpenChannel>) {
        self.open.borrow_mut().retain(|other| !Rc::ptr_eq(other, channel));
    }

    /// For a new channel.
    pub fn memory(&self) -> Memory {
        self.memory.clone()
    }

    /// Closes all.
    pub fn end(&self) {
        for channel in self.open.take() {
            channel.close();
        }
    }
}

impl Memory {
    /// Lends a buffer for joining lines.
    pub fn with_joined<T>(&self, with: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let mut joined = self.joined.take();
        let result = with(&mut joined);
        if joined.capacity() <= LARGE {
            self.joined.set(joined);
        }
        result
    }
}
