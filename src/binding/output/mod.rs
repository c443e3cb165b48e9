//! Output in JS: the class of a pipe's end that nobody has asked for as a stream, and what gathers behind it.

mod class;
mod gathering;

pub use self::gathering::Gatherings;
