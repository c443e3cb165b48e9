//! The core against the real kernel: real processes, real descriptors, no JS.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot set the scene should stop there"
)]

mod attributes;
mod blocking;
mod capture;
mod descriptors;
mod exec_errors;
mod identity;
mod ipc_frames;
mod ipc_outbox;
mod leaks;
mod placement;
mod sandbox;
mod signals;
mod support;
mod waiting;
