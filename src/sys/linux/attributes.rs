//! The attributes of a child, set by the child itself. It runs under the rules of `child.rs`.

use rustix::process::Resource;

use super::{child::Failed, kernel};
use crate::sys::{Attributes, ResourceLimits, Step};

/// All but the process group, which belongs to the session.
pub(super) fn set(attributes: &Attributes) -> Result<(), Failed> {
    set_limits(&attributes.limits).map_err(|errno| (Step::Limits, errno))?;
    if let Some(niceness) = attributes.niceness {
        kernel::set_niceness(niceness).map_err(|errno| (Step::Niceness, errno))?;
    }
    if let Some(umask) = attributes.umask {
        kernel::set_umask(umask);
    }
    set_credentials(attributes)
}

fn set_limits(limits: &ResourceLimits) -> Result<(), i32> {
    // Behind the soft limit, at which SIGXCPU comes: the parent can tell that from any other SIGKILL.
    if let Some(seconds) = limits.cpu_seconds {
        let later = if seconds < 0 { seconds } else { seconds.saturating_add(1) };
        set_limit(Resource::Cpu, seconds, later).or_else(|_| set_limit(Resource::Cpu, seconds, seconds))?;
    }
    for (resource, limit) in [
        (Resource::As, limits.address_space),
        (Resource::Data, limits.data_size),
        (Resource::Nofile, limits.open_files),
        (Resource::Nproc, limits.processes),
        (Resource::Fsize, limits.file_size),
        (Resource::Core, limits.core),
    ] {
        if let Some(limit) = limit {
            set_limit(resource, limit, limit)?;
        }
    }
    Ok(())
}

fn set_limit(resource: Resource, soft: i64, hard: i64) -> Result<(), i32> {
    // -1 is RLIM_INFINITY.
    kernel::set_limit(resource as u32, soft.cast_unsigned(), hard.cast_unsigned())
}

/// The kernel takes the dumpable mark off the memory with this, which is the parent's too. It must stay off until exec: a
/// process of the new user could otherwise read and write the parent through `/proc/<child>/mem`. `spawner.rs` restores it.
fn set_credentials(attributes: &Attributes) -> Result<(), Failed> {
    if let Some(groups) = &attributes.groups {
        kernel::set_groups(groups).map_err(|errno| (Step::Groups, errno))?;
    } else if changes_user(attributes) {
        // Node drops all supplementary groups, and does not mind where it may not.
        let _ = kernel::set_groups(&[]);
    }
    if let Some(gid) = attributes.gid {
        kernel::set_gid(gid).map_err(|errno| (Step::Gid, errno))?;
    }
    if let Some(uid) = attributes.uid {
        kernel::set_uid(uid).map_err(|errno| (Step::Uid, errno))?;
    }
    Ok(())
}

/// Whether the child becomes another user or group than the parent's.
pub(super) fn changes_user(attributes: &Attributes) -> bool {
    attributes.uid.is_some() || attributes.gid.is_some()
}
