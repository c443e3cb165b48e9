//! Node's `child_process` on a Rust core. The layers are described in ARCHITECTURE.md.
