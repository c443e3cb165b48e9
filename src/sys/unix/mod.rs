//! What the POSIX systems share.

pub mod async_fd;
pub mod at_exit;
pub mod environ;
pub mod fd;
pub mod image;
pub mod slab;
