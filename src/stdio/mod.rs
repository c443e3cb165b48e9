//! The descriptors that a child starts with.

mod pipes;

pub use self::pipes::Pipes;
pub use crate::sys::StdioSpec;
