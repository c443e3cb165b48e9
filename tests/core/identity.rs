//! User, group and session of a child. Changing users takes root; elsewhere the refusal is what is tested.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

use rs_child_process::process::{CStringBlock, Environment, ExitStatus, Step, spawn};
use rustix::{
    io::Errno,
    process::{DumpableBehavior, dumpable_behavior, geteuid},
};

use crate::support::{output, program, script, wait};

#[test]
fn a_detached_child_leads_a_session() {
    let mut options = script("ps -o pid=,sid= -p $$ 2>/dev/null || cut -d' ' -f1,6 /proc/$$/stat");
    let of = |text: &str| {
        let mut ids = text.split_whitespace().map(str::to_owned);
        (ids.next(), ids.next())
    };
    let (attached, _) = output(&options);
    let (pid, session) = of(&attached);
    assert_ne!(pid, session);
    options.detached = true;
    let (detached, _) = output(&options);
    let (pid, session) = of(&detached);
    assert_eq!(pid, session);
}

#[test]
fn uid_and_gid_are_taken_on_and_supplementary_groups_dropped() {
    let mut options = script("grep -E '^(Uid|Gid|Groups)' /proc/self/status | tr -s '\\t ' ' '");
    (options.attributes.uid, options.attributes.gid) = (Some(65534), Some(65533));
    if geteuid().is_root() {
        let (text, status) = output(&options);
        assert_eq!(status, ExitStatus::Code(0));
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        assert_eq!(lines, ["Uid: 65534 65534 65534 65534", "Gid: 65533 65533 65533 65533", "Groups:"]);
    } else {
        let error = spawn(&options).map(|_| ()).expect_err("not permitted");
        assert_eq!((error.step, error.error), (Step::Gid, Errno::PERM.into()));
    }
}

#[test]
fn an_impossible_uid_is_einval() {
    let mut options = program("true", &[]);
    options.attributes.uid = Some(u32::MAX);
    let error = spawn(&options).map(|_| ()).expect_err("no such user");
    assert_eq!((error.step, error.error), (Step::Uid, Errno::INVAL.into()));
}

/// The user that a program of nobody's privileges has.
const NOBODY: u32 = 65534;

#[test]
fn the_parent_stays_dumpable_whoever_else_starts_children() {
    let before = dumpable_behavior();
    assert_eq!(before, Ok(DumpableBehavior::Dumpable), "or the comparison says nothing");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut options = program("true", &[]);
                options.attributes.uid = Some(if geteuid().is_root() { NOBODY } else { geteuid().as_raw() });
                for _ in 0..50 {
                    let _ = spawn(&options).map(|mut spawned| wait(&mut spawned.child));
                }
            });
        }
    });
    assert_eq!(dumpable_behavior(), before);
}

/// Between setuid and exec the child is the new user's and has the parent's memory. Who owns its /proc files may open them.
#[test]
fn the_new_user_cannot_reach_the_parents_memory() {
    if !geteuid().is_root() {
        return; // Only root can become somebody else.
    }
    let mut options = program("true", &[]);
    options.attributes.uid = Some(NOBODY);
    // So long a search that the moment can be seen.
    let path = format!("PATH={}/bin", "/nowhere:".repeat(10_000));
    options.env = Environment::Given(std::iter::once(path).collect::<CStringBlock>());
    let done = AtomicBool::new(false);
    let owners = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut owners = Vec::new();
            while !done.load(Relaxed) {
                owners.extend(children_before_exec().filter_map(|child| owner_of_memory(&child)));
            }
            owners
        });
        for _ in 0..20 {
            let mut spawned = spawn(&options).expect("a start");
            assert_eq!(wait(&mut spawned.child), ExitStatus::Code(0));
        }
        done.store(true, Relaxed);
        watcher.join().unwrap()
    });
    assert!(!owners.is_empty(), "no child has been seen in the moment that matters");
    assert!(owners.iter().all(|owner| *owner == 0), "owners: {owners:?}");
}

/// Processes of nobody that still run this program.
fn children_before_exec() -> impl Iterator<Item = PathBuf> {
    let own = fs::read_link("/proc/self/exe").expect("/proc");
    let processes = fs::read_dir("/proc").expect("/proc").filter_map(|entry| Some(entry.ok()?.path()));
    processes.filter(move |process| {
        fs::read_link(process.join("exe")).is_ok_and(|exe| exe == own)
            && fs::read_to_string(process.join("status")).is_ok_and(|status| {
                status.lines().any(|line| {
                    line.strip_prefix("Uid:").is_some_and(|ids| ids.trim().starts_with(&NOBODY.to_string()))
                })
            })
    })
}

fn owner_of_memory(process: &Path) -> Option<u32> {
    let owner = fs::metadata(process.join("mem")).ok()?.uid();
    // It may have exec'd meanwhile.
    children_before_exec().any(|child| child == process).then_some(owner)
}
