//! Stands for `sys` where it has not been written yet.

use std::env::consts::{ARCH, OS};

/// Why nothing works here, with the platform's name.
#[must_use]
pub fn reason() -> String {
    format!("unsupported platform: {OS} on {ARCH}; rs-child-process runs on Linux only so far")
}
