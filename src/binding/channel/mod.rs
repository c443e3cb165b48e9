//! An IPC channel in JS: the class, the open channel behind it, and what frames become.

mod channels;
mod class;
mod frames;
mod open;

pub use self::channels::Channels;
