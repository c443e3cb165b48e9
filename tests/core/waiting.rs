//! How a child's end is noticed, whatever else goes on in the process.

use std::{
    collections::HashSet,
    fs,
    time::{Duration, Instant},
};

use rs_child_process::{
    process::{Child, ExitStatus, SystemError, adopt, spawn},
    sys::exit::ExitSet,
};
use rustix::process::{Pid, Resource, Rlimit, WaitOptions, getrlimit, setrlimit, waitpid};

use crate::support::{open_descriptors, program, script, wait, wait_unreaped, zombies};

const PATIENCE: Duration = Duration::from_secs(30);

/// Starts a child that has exactly this pid. None where the kernel does not let us choose.
fn spawn_with_pid(pid: i32) -> Option<Child> {
    for _ in 0..200 {
        fs::write("/proc/sys/kernel/ns_last_pid", (pid - 1).to_string()).ok()?;
        let child = spawn(&script("exit 7")).unwrap().child;
        if child.pid() == pid {
            return Some(child);
        }
        // Somebody else has started one in between.
        wait(&mut { child });
    }
    None
}

#[test]
fn a_child_is_not_taken_for_the_one_that_has_its_pid_now() {
    let mut stolen = spawn(&program("true", &[])).unwrap().child;
    if stolen.exit().descriptor().is_none() {
        println!("not tested: without pidfds a pid is all there is");
        return;
    }
    wait_unreaped(&stolen);
    waitpid(Pid::from_raw(stolen.pid()), WaitOptions::empty()).unwrap();
    let Some(mut newer) = spawn_with_pid(stolen.pid()) else {
        println!("not tested: /proc/sys/kernel/ns_last_pid cannot be written here");
        return;
    };
    wait_unreaped(&newer);
    assert_eq!(stolen.kill(0).map_err(SystemError::code), Err(libc::ESRCH));
    assert_eq!(stolen.try_wait(), Some(ExitStatus::Unknown));
    assert_eq!(newer.try_wait(), Some(ExitStatus::Code(7)));
}

#[test]
fn an_orphan_is_reaped_although_there_are_no_descriptors_left() {
    let mut children: Vec<_> = (0..3).map(|_| spawn(&program("sleep", &["0.2"])).unwrap().child).collect();
    let pids: Vec<_> = children.iter().map(Child::pid).collect();
    let before = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(0), maximum: before.maximum }).unwrap();
    children.drain(..).for_each(adopt);
    setrlimit(Resource::Nofile, before).unwrap();
    let deadline = Instant::now() + PATIENCE;
    while pids.iter().any(|pid| fs::exists(format!("/proc/{pid}")).unwrap()) {
        assert!(Instant::now() < deadline, "{} zombies", zombies());
        std::thread::yield_now();
    }
}

#[test]
fn a_set_reports_each_end_once_and_a_few_at_a_time() {
    let descriptors = open_descriptors();
    let set = ExitSet::new().unwrap();
    let mut children: Vec<_> = (0..200)
        .map(|token| {
            let child = spawn(&program("true", &[])).unwrap().child;
            set.add(child.exit(), token).unwrap();
            child
        })
        .collect();
    children.iter().for_each(wait_unreaped_by_looking);
    let mut seen = HashSet::new();
    let deadline = Instant::now() + PATIENCE;
    while seen.len() < children.len() {
        let tokens = set.take();
        assert!(tokens.len() <= ExitSet::MOST, "{} at once", tokens.len());
        for token in tokens {
            assert!(seen.insert(token), "{token} again");
        }
        assert!(Instant::now() < deadline, "{} of {}", seen.len(), children.len());
    }
    assert!(children.iter_mut().all(|child| child.try_wait() == Some(ExitStatus::Code(0))));
    drop((children, set));
    crate::support::assert_nothing_left(descriptors);
}

/// A set of its own would take the child's end from the one under test where a thread tells it.
fn wait_unreaped_by_looking(child: &Child) {
    let deadline = Instant::now() + PATIENCE;
    let state = || fs::read_to_string(format!("/proc/{}/stat", child.pid())).unwrap_or_default();
    while !state().contains(") Z ") {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
}

#[test]
fn a_child_can_be_watched_without_its_descriptor() {
    let descriptors = open_descriptors();
    let set = ExitSet::new().unwrap();
    let mut child = spawn(&script("sleep 0.1; exit 3")).unwrap().child;
    set.add(child.exit(), 1).unwrap();
    let had_one = child.exit().descriptor().is_some();
    assert_eq!(child.give_up_descriptor(), had_one);
    assert!(child.exit().descriptor().is_none() && !child.give_up_descriptor());
    set.add(child.exit(), 2).unwrap();
    assert_eq!(child.kill(0), Ok(()));
    let deadline = Instant::now() + PATIENCE;
    let tokens = loop {
        let tokens = set.take();
        if !tokens.is_empty() {
            break tokens;
        }
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    };
    assert_eq!((tokens, child.try_wait()), (vec![2], Some(ExitStatus::Code(3))));
    drop((child, set));
    crate::support::assert_nothing_left(descriptors);
}
