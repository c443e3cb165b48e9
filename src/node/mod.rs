//! What the addon needs of Node itself: handles on its loop, and the parts of Node-API that napi-rs has no safe face for.
//! Nothing here is of one operating system. With `sys` it is the only room with `unsafe`.

pub mod api;
pub mod uv;
