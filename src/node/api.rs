//! The few Node-API calls for which napi-rs has no safe wrapper: calls in an async context, strong references, memory shared
//! with JS, and the hook that may finish later.
//!
//! # Safety
//!
//! Every value here belongs to one environment and is `!Send`, so it is used on that environment's thread. The
//! environment outlives them: [`on_teardown`] is where their owners must drop them. `napi_value`s passed in must come
//! from the current handle scope, which is what napi-rs hands to `#[napi]` functions.
#![allow(unsafe_code)]

mod array_buffer;
mod async_context;
mod bytes;
mod descriptor;
mod teardown;
mod values;

use napi::sys;

pub use self::{
    array_buffer::SharedArrayBuffer,
    async_context::AsyncContext,
    bytes::{Bytes, EXTERNAL},
    descriptor::GivenFd,
    teardown::{TeardownDone, on_teardown},
    values::{HandleScope, Persistent, fill_int32_array},
};

/// A Node-API failure, by the function that failed.
#[derive(Debug, thiserror::Error)]
#[error("{function} failed with status {status}")]
pub struct NodeApiError {
    function: &'static str,
    status: sys::napi_status,
}

fn check(function: &'static str, status: sys::napi_status) -> Result<(), NodeApiError> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(NodeApiError { function, status }) }
}
