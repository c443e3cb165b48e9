//! A request from lib/ as the core takes it.

use std::ffi::CString;

use crate::{
    process::{CStringBlock, Environment, SpawnOptions, Step},
    stdio::StdioSpec,
};

/// Bits of `spawn()`'s flags; lib/start.js has the same.
mod flags {
    pub const DETACHED: u32 = 1;
    pub const SET_UID: u32 = 2;
    pub const SET_GID: u32 = 4;
    pub const INHERIT_ENV: u32 = 8;
}

/// Puts the arguments of `Process.spawn` and `spawnSync` together. None if a string that must not has a NUL in it.
pub fn spawn_options(
    file: String,
    args: String,
    cwd: Option<String>,
    variables: String,
    stdio: &[i32],
    flags: u32,
    (uid, gid): (i32, i32),
) -> Option<SpawnOptions> {
    let variables = CStringBlock::new(variables.into_bytes());
    Some(SpawnOptions {
        file: CString::new(file).ok()?,
        args: CStringBlock::new(args.into_bytes()),
        cwd: cwd.map(CString::new).transpose().ok()?,
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
        uid: (flags & flags::SET_UID != 0).then_some(uid.cast_unsigned()),
        gid: (flags & flags::SET_GID != 0).then_some(gid.cast_unsigned()),
    })
}

/// The name of a failed step, for JS.
pub fn step_name(step: Step) -> &'static str {
    match step {
        Step::Stdio => "stdio",
        Step::Clone => "clone",
        Step::Session => "setsid",
        Step::Cwd => "cwd",
        Step::Gid => "gid",
        Step::Uid => "uid",
        Step::Exec => "exec",
        Step::Interpreter => "interpreter",
    }
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
