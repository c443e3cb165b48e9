//! `spawnSync()` for JS.
#![cfg_attr(test, allow(dead_code, reason = "in tests nothing is exported to JS"))]

use std::time::Duration;

use napi::bindgen_prelude::{Int32ArraySlice, Uint8ArraySlice};
use napi_derive::napi;

use super::request::{spawn_options, to_count};
use crate::{
    blocking::{Limits, run},
    capture::Gathered,
    node::api::Bytes,
    process::{ExitStatus, signal},
};

/// What `spawnSync` gives.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct SpawnSyncResult {
    /// 0 where nothing was started.
    pub pid: i32,
    /// The exit code; null after a signal, or where nothing was started.
    pub status: Option<i32>,
    /// The name of the signal that ended the child.
    pub signal: Option<&'static str>,
    /// A negative errno, or 0.
    pub error: i32,
    /// What a start failed at.
    pub failed_step: Option<&'static str>,
    /// What came out of each descriptor; null for one that is no pipe, and altogether where nothing was started.
    #[napi(ts_type = "(Buffer | null | undefined)[]")]
    pub output: Option<Vec<Option<Bytes<Gathered>>>>,
}

/// Starts a program and blocks until it has ended and its pipes have closed.
///
/// The first seven arguments are those of `Process.spawn`. `input` is written to stdin, if that is a pipe. `timeout` in
/// milliseconds, 0 for none; `max_buffer` in bytes for all output together, 0 or Infinity for no limit.
#[napi(
    ts_args_type = "file: string, args: string, cwd: string | null, env: string, stdio: Int32Array, flags: number, \
                       attributes: string | null, input: Uint8Array | null, timeout: number, maxBuffer: number, \
                       killSignal: number"
)]
#[allow(clippy::too_many_arguments, reason = "reading an options object costs a call for each property")]
pub fn spawn_sync(
    file: String,
    args: String,
    cwd: Option<String>,
    variables: String,
    stdio: Int32ArraySlice<'_>,
    flags: u32,
    attributes: Option<String>,
    input: Option<Uint8ArraySlice<'_>>,
    timeout: f64,
    max_buffer: f64,
    kill_signal: i32,
) -> SpawnSyncResult {
    let Some(options) = spawn_options(file, args, cwd, variables, &stdio, flags, attributes) else {
        return SpawnSyncResult { error: -libc::EINVAL, ..Default::default() };
    };
    let limits = Limits {
        timeout: (timeout > 0.0).then(|| Duration::try_from_secs_f64(timeout / 1e3).unwrap_or(Duration::MAX)),
        // Compared before it is cut: a fraction is a limit that the first byte exceeds.
        max_buffer: (max_buffer > 0.0).then(|| to_count(max_buffer)).flatten(),
        kill_signal,
    };
    let input = input.as_deref().unwrap_or_default();
    match run(&options, input, limits) {
        Err(error) => SpawnSyncResult {
            error: -error.error.code(),
            failed_step: Some(error.step.name()),
            ..Default::default()
        },
        Ok(outcome) => {
            let (status, signal) = match outcome.status {
                ExitStatus::Code(code) => (Some(code), None),
                ExitStatus::Signal(number) => (None, Some(signal::name(number))),
                ExitStatus::Unknown => (None, None),
            };
            SpawnSyncResult {
                pid: outcome.pid,
                status,
                signal,
                error: outcome.error.map_or(0, |error| -error.code()),
                failed_step: None,
                output: Some(outcome.output.into_iter().map(|bytes| bytes.map(Bytes)).collect()),
            }
        }
    }
}
