//! The channel between a parent and a child that both speak Node's protocol (docs/ipc-protocol.md).
//!
//! A channel is a Unix socket. [`Inbox`] gathers what comes out of it and finds the frames, [`Outbox`] holds what has
//! still to go in, [`socket`] moves bytes and descriptors. Nothing here knows what a message says: V8 parses JSON and
//! structured clones faster than values could be carried across.
//!
//! Invariants: frames leave in the order in which they were handed over, whatever way they took; a descriptor travels
//! with the first byte of its own frame; memory grows with what has arrived, never with what a length field promises.

mod flusher;
mod framing;
mod inbox;
pub mod json;
mod outbox;
pub mod socket;
mod text;

pub use self::{
    flusher::watch,
    framing::{Complete, Framing, LENGTH_FIELD},
    inbox::{Inbox, SpareRoom},
    outbox::{Flushed, Outbox, SharedOutbox},
    text::{LONGEST, Text},
};
