//! A child in JS: the class, what watches it on the loop, and the list of all in one environment.

mod children;
mod class;
mod running;

pub use self::children::Children;
