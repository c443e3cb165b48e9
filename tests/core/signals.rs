//! Signals: what a child starts with, and how it is sent one.
#![allow(unsafe_code, reason = "a signal is ignored by signal(2)")]

use rs_child_process::process::{ExitStatus, Spawned, signal, spawn};
use rustix::{
    io::Errno,
    process::{Pid, Signal, test_kill_process},
};

use crate::support::{output, program, script, wait, wait_unreaped};

#[test]
fn a_child_starts_with_default_dispositions_and_nothing_blocked() {
    // Rust's runtime ignores SIGPIPE, as Node does.
    let (status, _) = output(&script("grep -E '^Sig(Blk|Ign)' /proc/self/status"));
    assert_eq!(status, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

#[test]
fn what_native_code_ignores_later_is_reset_as_well() {
    output(&program("true", &[]));
    // SAFETY: no handler is set.
    unsafe { libc::signal(libc::SIGHUP, libc::SIG_IGN) };
    let (ignored, _) = output(&script("grep ^SigIgn /proc/self/status"));
    // SAFETY: as above.
    unsafe { libc::signal(libc::SIGHUP, libc::SIG_DFL) };
    assert_eq!(ignored, "SigIgn:\t0000000000000000\n");
}

#[test]
fn the_parents_mask_is_left_alone() {
    let mask = || {
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        status.lines().find(|line| line.starts_with("SigBlk")).map(str::to_owned)
    };
    let before = mask();
    output(&program("true", &[]));
    assert!(spawn(&program("/no/such", &[])).is_err());
    assert_eq!(mask(), before);
}

#[test]
fn every_fatal_signal_is_reported_by_number_and_name() {
    let fatal = (1..32).filter(|number| {
        let harmless = [libc::SIGCHLD, libc::SIGCONT, libc::SIGURG, libc::SIGWINCH];
        let stopping = [libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU];
        !harmless.contains(number) && !stopping.contains(number)
    });
    for number in fatal {
        // Without a core file from those that dump.
        let mut options = script("ulimit -c 0; echo; exec sleep 20");
        options.detached = true;
        let Spawned { mut child, mut stdio } = spawn(&options).unwrap();
        let mut ready = [0];
        rustix::io::read(stdio[1].take().unwrap(), &mut ready).unwrap();
        child.kill(number).unwrap();
        assert_eq!(wait(&mut child), ExitStatus::Signal(number));
        assert!(signal::name(number).starts_with("SIG"));
    }
    assert_eq!(
        (signal::name(libc::SIGABRT), signal::name(libc::SIGIO), signal::name(40)),
        ("SIGABRT", "SIGIO", "")
    );
}

#[test]
fn kill_reaches_a_running_child_and_never_a_reaped_one() {
    let mut child = spawn(&program("sleep", &["20"])).unwrap().child;
    assert_eq!(child.kill(0), Ok(()));
    assert_eq!(child.kill(1000), Err(Errno::INVAL.into()));
    assert_eq!(child.kill(libc::SIGTERM), Ok(()));
    assert_eq!(wait(&mut child), ExitStatus::Signal(libc::SIGTERM));
    assert_eq!(child.kill(libc::SIGTERM), Err(Errno::SRCH.into()));
    assert_eq!(child.kill(0), Err(Errno::SRCH.into()));
    assert_eq!(test_kill_process(Pid::from_raw(child.pid()).unwrap()), Err(Errno::SRCH));
}

#[test]
fn a_zombie_can_still_be_signalled() {
    let mut child = spawn(&program("true", &[])).unwrap().child;
    wait_unreaped(&child);
    assert_eq!(child.kill(libc::SIGTERM), Ok(()), "as kill(2) on a zombie");
    assert_eq!(child.try_wait(), Some(ExitStatus::Code(0)));
}

#[test]
fn a_child_reaped_by_others_ends_with_an_unknown_status() {
    let mut child = spawn(&program("true", &[])).unwrap().child;
    rustix::process::waitpid(Pid::from_raw(child.pid()), rustix::process::WaitOptions::empty()).unwrap();
    assert_eq!(wait(&mut child), ExitStatus::Unknown);
    assert_eq!(child.kill(Signal::TERM.as_raw()), Err(Errno::SRCH.into()));
}
