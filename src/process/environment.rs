//! What a child's environment is made of.

use std::{ffi::c_char, ptr};

use super::CStringBlock;
use crate::sys::environ;

/// The variables of a child, as `NAME=value`.
#[derive(Clone, Debug)]
pub enum Environment {
    /// The process's own, read natively, with these behind it. Only while no other thread may change `environ`: on the main
    /// thread of a Node process that has no Workers, since one with `SHARE_ENV` changes it as well.
    Inherit(CStringBlock),
    /// These and nothing else.
    Given(CStringBlock),
}

impl Environment {
    /// The array that execve takes.
    pub(super) fn to_pointers(&self) -> Vec<*const c_char> {
        match self {
            Self::Given(block) => block.to_pointers(),
            Self::Inherit(appended) => {
                let mut pointers = environ::pointers();
                appended.append_pointers(&mut pointers);
                pointers.push(ptr::null());
                pointers
            }
        }
    }

    /// The child's PATH: the first entry of that name, as getenv finds it.
    pub(super) fn path(&self) -> Option<Vec<u8>> {
        let find = |block: &CStringBlock| {
            block.iter().find_map(|entry| entry.to_bytes().strip_prefix(b"PATH=").map(<[u8]>::to_vec))
        };
        match self {
            Self::Given(block) => find(block),
            Self::Inherit(appended) => environ::get(c"PATH").or_else(|| find(appended)),
        }
    }
}
