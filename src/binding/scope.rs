//! Where the classes of the binding work: one JS environment and its loop.

use std::rc::Rc;

use napi::Env;

use crate::node::uv::Loop;

/// What every part of the binding needs of its environment, for the thread that this belongs to.
#[derive(Clone)]
pub struct Scope {
    /// Node-API's environment.
    pub env: Env,
    /// Node's loop.
    pub event_loop: Rc<Loop>,
}
