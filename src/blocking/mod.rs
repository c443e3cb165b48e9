//! `spawnSync()`: a child's whole life in one call, on the thread that asks.
//!
//! There is no event loop, no runtime and no thread here: one `poll(2)` over the child's exit, its input, its output and
//! the deadline. (libuv makes a loop of its own for each call, with an epoll instance and a signal handler.)

mod input;
mod output;
mod run;

pub use self::run::{Limits, Outcome, run};
