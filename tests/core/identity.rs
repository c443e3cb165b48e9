//! User, group and session of a child. Changing users takes root; elsewhere the refusal is what is tested.

use rs_child_process::process::{ExitStatus, Step, spawn};
use rustix::{io::Errno, process::geteuid};

use crate::support::{output, program, script};

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
    (options.uid, options.gid) = (Some(65534), Some(65533));
    if geteuid().is_root() {
        let (text, status) = output(&options);
        assert_eq!(status, ExitStatus::Code(0));
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        assert_eq!(lines, ["Uid: 65534 65534 65534 65534", "Gid: 65533 65533 65533 65533", "Groups:"]);
    } else {
        let error = spawn(&options).map(|_| ()).expect_err("not permitted");
        assert_eq!((error.step, error.errno), (Step::Gid, Errno::PERM));
    }
}

#[test]
fn an_impossible_uid_is_einval() {
    let mut options = program("true", &[]);
    options.uid = Some(u32::MAX);
    let error = spawn(&options).map(|_| ()).expect_err("no such user");
    assert_eq!((error.step, error.errno), (Step::Uid, Errno::INVAL));
}

#[test]
fn the_parent_stays_dumpable() {
    use rustix::process::{DumpableBehavior, dumpable_behavior};
    let before = dumpable_behavior();
    let mut options = program("true", &[]);
    options.uid = Some(if geteuid().is_root() { 65534 } else { geteuid().as_raw() });
    let _ = spawn(&options).map(|mut spawned| crate::support::wait(&mut spawned.child));
    assert_eq!(dumpable_behavior(), before);
    assert_eq!(before, Ok(DumpableBehavior::Dumpable), "or the comparison says nothing");
}
