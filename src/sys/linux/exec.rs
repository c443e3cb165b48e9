//! The search for the program. It runs under the rules of `child.rs`.

use std::convert::Infallible;

use super::{
    child::{Failed, Plan},
    kernel,
};
use crate::sys::Step;

/// execvp's rules over the prepared candidates (glibc's `execvpe`): a missing file lets the search go on, a forbidden
/// one too but is remembered, a file that is no binary is a shell script, anything else ends it.
pub(super) fn exec(plan: &mut Plan<'_>) -> Result<Infallible, Failed> {
    let (mut denied, mut missing) = (false, false);
    let mut last = libc::ENOENT;
    for path in plan.candidates {
        let mut errno = kernel::exec(path, &plan.argv, &plan.envp);
        if errno == libc::ENOEXEC {
            plan.shell_argv.set(1, path);
            errno = kernel::exec(c"/bin/sh", &plan.shell_argv, &plan.envp);
        }
        match errno {
            libc::EACCES => denied = true,
            libc::ENOENT => missing = true,
            libc::ESTALE | libc::ENOTDIR | libc::ENODEV | libc::ETIMEDOUT => {}
            _ => return Err((Step::Exec, errno)),
        }
        last = errno;
    }
    if denied {
        Err((Step::Exec, libc::EACCES))
    } else if missing && plan.candidates.iter().any(|path| kernel::exists(path)) {
        Err((Step::Interpreter, last))
    } else {
        Err((Step::Exec, last))
    }
}
