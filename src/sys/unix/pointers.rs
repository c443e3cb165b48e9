//! Arrays of C strings as execve takes them.

use std::{
    ffi::{CStr, c_char},
    marker::PhantomData,
    ptr,
};

/// Pointers to C strings with a null behind the last, good for as long as the strings are borrowed.
pub(in crate::sys) struct Pointers<'a> {
    array: Vec<*const c_char>,
    strings: PhantomData<&'a CStr>,
}

impl<'a> Pointers<'a> {
    /// The array.
    pub(in crate::sys) fn as_ptr(&self) -> *const *const c_char {
        self.array.as_ptr()
    }

    /// Puts another string in a place that there is.
    pub(in crate::sys) fn set(&mut self, index: usize, string: &'a CStr) {
        if let Some(place) = self.array.get_mut(index) {
            *place = string.as_ptr();
        }
    }
}

impl<'a> FromIterator<&'a CStr> for Pointers<'a> {
    fn from_iter<I: IntoIterator<Item = &'a CStr>>(strings: I) -> Self {
        let mut array = Vec::with_capacity(64);
        array.extend(strings.into_iter().map(CStr::as_ptr));
        array.push(ptr::null());
        Self { array, strings: PhantomData }
    }
}
