//! Gathering what a child writes into one growing buffer, without a stop in JS for every chunk.
//!
//! A small output is read where it is awaited, on Node's loop by the binding or in the blocking call. One
//! that proves large goes on in the [`Background`], so that the JS thread is free.

mod background;
mod buffer;
mod collector;
mod gathered;

pub use self::{
    background::Background,
    buffer::{Buffer, Progress},
    collector::{Collector, End, Rules, Turn},
    gathered::Gathered,
};
