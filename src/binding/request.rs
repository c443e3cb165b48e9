//! A request from lib/ as the core takes it.

use std::ffi::CString;

use crate::{
    process::{Attributes, CStringBlock, Environment, SpawnOptions},
    stdio::StdioSpec,
};

/// Bits of `spawn()`'s flags; lib/start.js has the same.
mod flags {
    pub const DETACHED: u32 = 1;
    pub const INHERIT_ENV: u32 = 2;
}

/// Puts the arguments of `Process.spawn` and `spawnSync` together. `attributes` is the JSON of
/// [`Attributes`]. None if a string that must not has a NUL in it, or the JSON is something else: lib/ has checked both.
pub fn spawn_options(
    file: String,
    args: String,
    cwd: Option<String>,
    variables: String,
    stdio: &[i32],
    flags: u32,
    attributes: Option<String>,
) -> Option<SpawnOptions> {
    let variables = CStringBlock::new(variables.into_bytes());
    Some(SpawnOptions {
        file: CString::new(file).ok()?,
        args: CStringBlock::new(args.into_bytes()),
        cwd: cwd.map(CString::new).transpose().ok()?,
        base: None,
        env: if flags & flags::INHERIT_ENV == 0 {
            Environment::Given(variables)
        } else {
            Environment::Inherit(variables)
        },
        stdio: stdio
            .chunks_exact(2)
            .map(|pair| match pair {
                [1, _] => StdioSpec::Socket,
                [2, _] => StdioSpec::Fifo,
                [4, _] => StdioSpec::Gathered,
                [5, _] => StdioSpec::Channel,
                [3, fd] => StdioSpec::Fd(*fd),
                _ => StdioSpec::Ignore,
            })
            .collect(),
        detached: flags & flags::DETACHED != 0,
        attributes: attributes
            .map_or_else(|| Some(Attributes::default()), |text| serde_json::from_str(&text).ok())?,
    })
}

/// A count from a JS number; none for Infinity.
#[must_use]
pub fn to_count(number: f64) -> Option<usize> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, as good as no limit"
    )]
    number.is_finite().then_some(number as usize)
}
