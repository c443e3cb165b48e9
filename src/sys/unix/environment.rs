//! What a child's environment is made of.

use std::ffi::CStr;

use super::{environ::Environ, pointers::Pointers};
use crate::sys::{CStringBlock, Environment};

impl Environment {
    /// The process's own variables as they are now, copied: for a child that is made on another thread, or later.
    #[must_use]
    pub fn snapshot(appended: &CStringBlock) -> Self {
        let own = Environ::read();
        let entries = own.iter().chain(appended.iter()).flat_map(CStr::to_bytes_with_nul);
        Self::Given(CStringBlock::new(entries.copied().collect()))
    }

    /// The array that execve takes.
    pub(in crate::sys) fn pointers<'a>(&'a self, own: &'a Environ) -> Pointers<'a> {
        match self {
            Self::Given(block) => block.iter().collect(),
            Self::Inherit(appended) => own.iter().chain(appended.iter()).collect(),
        }
    }

    /// The child's PATH: the first entry of that name, as getenv finds it.
    pub(in crate::sys) fn path<'a>(&'a self, own: &'a Environ) -> Option<&'a [u8]> {
        let value = |entry: &'a CStr| entry.to_bytes().strip_prefix(b"PATH=");
        match self {
            Self::Given(block) => block.iter().find_map(value),
            Self::Inherit(appended) => own.iter().chain(appended.iter()).find_map(value),
        }
    }
}
