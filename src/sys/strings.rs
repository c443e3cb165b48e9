//! Lists of C strings in one piece of memory.

use std::ffi::CStr;

/// Strings one behind the other, each ended by a NUL: the form in which argv and envp cross from JS, and nearly the one
/// that execve wants, so that neither is copied again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CStringBlock(Vec<u8>);

impl CStringBlock {
    /// Takes a block. A last string without its NUL gets one.
    #[must_use]
    pub fn new(mut bytes: Vec<u8>) -> Self {
        if bytes.last().is_some_and(|last| *last != 0) {
            bytes.push(0);
        }
        Self(bytes)
    }

    /// The strings, in order.
    pub fn iter(&self) -> impl Iterator<Item = &CStr> {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            let string = CStr::from_bytes_until_nul(rest).ok()?;
            rest = &rest[string.count_bytes() + 1..];
            Some(string)
        })
    }
}

impl<S: AsRef<str>> FromIterator<S> for CStringBlock {
    /// For tests and callers in Rust. A string is cut at a NUL within it, as C would.
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let mut bytes = Vec::new();
        for string in strings {
            let string = string.as_ref().as_bytes();
            bytes.extend_from_slice(string.split(|byte| *byte == 0).next().unwrap_or_default());
            bytes.push(0);
        }
        Self(bytes)
    }
}
