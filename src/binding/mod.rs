//! What JS sees, and the only room that names napi types: it converts, keeps JS references, and raises callbacks. What
//! Node's semantics are is decided in lib/, what the system does in the core.

mod environment;
mod process;
