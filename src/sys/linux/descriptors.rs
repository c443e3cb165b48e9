//! Puts a child's descriptors into place. It runs under the rules of `child.rs`.

use std::{ffi::c_int, os::fd::AsRawFd, sync::atomic::Ordering::Relaxed};

use super::{
    child::Plan,
    close::close_from,
    kernel::{self, Answer},
};
use crate::sys::StdioSpec;

/// Takes leave of the parent's table of descriptors, if the child was made with it, before it changes anything there. What is
/// above the last that it needs never becomes the child's, so nobody finds a file busy because a child was being made.
pub(super) fn separate(plan: &Plan<'_>) -> Answer {
    if !plan.shares_files {
        return Ok(());
    }
    let sources = plan.sources.iter().flatten().copied();
    let base = plan.options.base.as_ref().map(AsRawFd::as_raw_fd);
    let last = sources.chain(base).chain([plan.error_pipe, 2]).max().unwrap_or(2);
    kernel::close_range(last.saturating_add(1), c_int::MAX, kernel::UNSHARE)
}

/// Fills the slots and gives up everything else.
pub(super) fn place(plan: &mut Plan<'_>) -> Answer {
    let count = c_int::try_from(plan.sources.len()).unwrap_or(c_int::MAX);
    // Sources that lie where a slot will be filled must not be overwritten before they have been copied.
    if plan.error_pipe >= 0 && plan.error_pipe < count {
        plan.error_pipe = kernel::dup_above(plan.error_pipe, count)?;
    }
    for (target, source) in (0..).zip(&mut plan.sources) {
        if let Some(fd) = source
            && *fd < count
            && *fd != target
        {
            *fd = kernel::dup_above(*fd, count)?;
        }
    }
    for ((target, source), spec) in (0..).zip(&plan.sources).zip(&plan.options.stdio) {
        match *source {
            Some(fd) => {
                copy(fd, target)?;
                if target <= 2 && matches!(spec, StdioSpec::Fd(_)) {
                    // As libuv does: a program that is not Node does not expect EAGAIN on its stdio.
                    let _ = kernel::set_blocking(target);
                }
            }
            None if target <= 2 => open_null(target)?,
            None => kernel::close(target),
        }
    }
    if !close_from(count.max(3), plan.error_pipe, plan.close, plan.close_range) {
        plan.report.no_close_range.store(1, Relaxed);
    }
    Ok(())
}

fn copy(fd: c_int, target: c_int) -> Answer {
    if fd == target {
        // dup3 refuses equal descriptors, and there is only the flag to clear. This is what finds a closed one.
        kernel::keep_at_exec(fd)
    } else {
        kernel::dup_to(fd, target)
    }
}

fn open_null(target: c_int) -> Answer {
    let null = kernel::open(c"/dev/null", if target == 0 { libc::O_RDONLY } else { libc::O_RDWR })?;
    if null != target {
        kernel::dup_to(null, target)?;
        kernel::close(null);
    }
    Ok(())
}
