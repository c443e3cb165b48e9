//! What JS sees, and the only room that names napi types: it converts, keeps JS references, and raises callbacks. What
//! Node's semantics are is decided in lib/, what the system does in the core.

mod blocking;
mod channel;
mod environment;
mod in_transit;
mod output;
mod process;
mod request;
mod scope;

use crate::node::api::NodeApiError;

/// Runs when the addon is loaded.
#[cfg(not(test))]
#[napi_derive::napi(module_exports)]
#[allow(clippy::unnecessary_wraps, reason = "Node-API takes a Result")]
pub fn load(_exports: napi::bindgen_prelude::Object<'_>) -> napi::Result<()> {
    // It reads the environment, which another thread may be changing later.
    let _ = crate::sys::capabilities::capabilities();
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn into_napi(error: NodeApiError) -> napi::Error {
    napi::Error::new(napi::Status::GenericFailure, error.to_string())
}
