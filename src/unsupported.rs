//! What JS sees where `sys` has not been written yet: an addon that cannot be loaded, and the reason.

use std::env::consts::{ARCH, OS};

use napi::{Error, Result, bindgen_prelude::Object};
use napi_derive::napi;

#[napi(module_exports)]
pub fn refuse(_exports: Object<'_>) -> Result<()> {
    Err(Error::from_reason(format!(
        "unsupported platform: {OS} on {ARCH}; rs-child-process runs on Linux only so far"
    )))
}
