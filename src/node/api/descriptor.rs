//! A descriptor that JS gives up.

use std::os::fd::{OwnedFd, RawFd};

use napi::{
    Result, ValueType,
    bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue},
    sys,
};

use crate::sys::{SystemError, fd};

/// The number of a descriptor as an argument of a call: whoever makes the call gives the descriptor up. In JS every number can
/// be closed (`fs.closeSync`), so whose it is JS alone can say.
pub struct GivenFd(RawFd);

impl GivenFd {
    /// The number.
    #[must_use]
    pub fn number(&self) -> RawFd {
        self.0
    }

    /// Becomes its owner.
    ///
    /// # Errors
    ///
    /// EBADF if the number is not open.
    pub fn take(self) -> std::result::Result<OwnedFd, SystemError> {
        // SAFETY: it comes from JS, as what the caller gives up.
        unsafe { fd::take(self.0) }
    }
}

impl TypeName for GivenFd {
    fn type_name() -> &'static str {
        "number"
    }

    fn value_type() -> ValueType {
        ValueType::Number
    }
}

impl ValidateNapiValue for GivenFd {}

impl FromNapiValue for GivenFd {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // SAFETY: as the caller vouches for both.
        unsafe { i32::from_napi_value(env, value) }.map(Self)
    }
}
