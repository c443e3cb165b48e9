//! Which descriptors a child has.

use std::{
    fs::{self, File},
    io::Write,
    os::fd::{AsFd, AsRawFd, OwnedFd},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use rs_child_process::{
    process::{CStringBlock, Environment, ExitStatus, Spawned, Step, spawn},
    stdio::StdioSpec,
};
use rustix::{
    fs::OFlags,
    io::{Errno, FdFlags, fcntl_setfd},
    pipe::{PipeFlags, pipe, pipe_with},
};

use crate::support::{output, program, read_all, script, wait};

#[test]
fn nothing_beyond_the_plan_reaches_the_child() {
    // Both without close-on-exec, as a careless addon opens them; one low, one high.
    let (low, _write) = pipe().unwrap();
    let high = rustix::io::fcntl_dupfd_cloexec(low.as_fd(), 900).unwrap();
    fcntl_setfd(&high, FdFlags::empty()).unwrap();
    let (listing, status) = output(&script("ls /proc/self/fd"));
    assert_eq!(status, ExitStatus::Code(0));
    // 3 is ls's own, reading the directory.
    assert_eq!(listing, "0\n1\n2\n3\n");
}

/// What is open for writing in a child that has not exec'd is a busy file to whoever runs it: another thread may just have
/// written a program.
#[test]
fn a_child_in_the_making_holds_nothing_but_its_own() {
    let mut options = program("true", &[]);
    // So long a search that the child can be looked at.
    let path = format!("PATH={}/bin:/usr/bin", "/nowhere:".repeat(10_000));
    options.env = Environment::Given(std::iter::once(path).collect::<CStringBlock>());
    let file = tempfile::tempfile().unwrap();
    let (done, found) = (AtomicBool::new(false), AtomicBool::new(false));
    // And, where memory is not shared, the pipe by which it would tell of a failure.
    let own = |descriptors: &Vec<u32>| descriptors.starts_with(&[0, 1, 2]) && descriptors.len() <= 4;
    let seen = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = Vec::new();
            while !done.load(Relaxed) {
                seen.extend(children_before_exec().filter_map(|child| descriptors_of(&child)));
                found.store(seen.iter().any(own), Relaxed);
            }
            seen
        });
        // On a busy machine the watcher may look when no child is there.
        let deadline = Instant::now() + Duration::from_secs(20);
        while !found.load(Relaxed) && Instant::now() < deadline {
            assert_eq!(wait(&mut spawn(&options).unwrap().child), ExitStatus::Code(0));
        }
        done.store(true, Relaxed);
        watcher.join().unwrap()
    });
    drop(file);
    assert!(seen.iter().any(own), "seen: {seen:?}");
}

/// Children of this process that still run its program.
fn children_before_exec() -> impl Iterator<Item = PathBuf> {
    let own = fs::read_link("/proc/self/exe").unwrap();
    let parent = format!("PPid:\t{}\n", std::process::id());
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| Some(entry.ok()?.path()));
    processes.filter(move |process| {
        fs::read_to_string(process.join("status")).is_ok_and(|status| status.contains(&parent))
            && fs::read_link(process.join("exe")).is_ok_and(|exe| exe == own)
    })
}

fn descriptors_of(process: &Path) -> Option<Vec<u32>> {
    let list = fs::read_dir(process.join("fd")).ok()?;
    let numbers = list.map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let mut numbers: Vec<u32> = numbers.collect::<Option<_>>()?;
    numbers.sort_unstable();
    // It may have exec'd meanwhile.
    children_before_exec().any(|child| child == process).then_some(numbers)
}

#[test]
fn a_parent_may_have_very_many() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let old = getrlimit(Resource::Nofile);
    if old.maximum.is_some_and(|maximum| maximum < 3000) {
        return; // It may not.
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(3000), maximum: old.maximum }).unwrap();
    let (first, _write) = pipe().unwrap();
    let many: Vec<OwnedFd> = (0..1500).map(|_| first.try_clone().unwrap()).collect();
    for fd in &many {
        fcntl_setfd(fd, FdFlags::empty()).unwrap();
    }
    for _ in 0..3 {
        assert_eq!(output(&script("ls /proc/self/fd")), ("0\n1\n2\n3\n".into(), ExitStatus::Code(0)));
    }
    drop(many);
    setrlimit(Resource::Nofile, old).unwrap();
}

#[test]
fn an_ignored_slot_above_2_is_closed() {
    let mut options = script("ls /proc/self/fd; echo five >&5");
    options.stdio.extend([StdioSpec::Ignore, StdioSpec::Ignore, StdioSpec::Socket]);
    let Spawned { mut child, mut stdio } = spawn(&options).unwrap();
    assert_eq!(read_all(stdio[1].take().unwrap()), "0\n1\n2\n3\n5\n");
    assert_eq!(read_all(stdio[5].take().unwrap()), "five\n");
    assert_eq!(wait(&mut child), ExitStatus::Code(0));
}

#[test]
fn descriptors_may_change_places() {
    // Each slot's source lies in the other slot, so that filling them in order would overwrite one.
    let (from_a, a) = pipe_with(PipeFlags::CLOEXEC).unwrap();
    let (from_b, b) = pipe_with(PipeFlags::CLOEXEC).unwrap();
    let text = format!("echo a >/proc/self/fd/{}; echo b >/proc/self/fd/{}", b.as_raw_fd(), a.as_raw_fd());
    let mut options = program("/bin/sh", &["-c", &text]);
    let slot = |fd: &OwnedFd| usize::try_from(fd.as_raw_fd()).unwrap();
    options.stdio.resize(slot(&a).max(slot(&b)) + 1, StdioSpec::Ignore);
    options.stdio[slot(&a)] = StdioSpec::Fd(b.as_raw_fd());
    options.stdio[slot(&b)] = StdioSpec::Fd(a.as_raw_fd());
    assert_eq!(output(&options).1, ExitStatus::Code(0));
    drop((a, b));
    assert_eq!((read_all(from_a), read_all(from_b)), ("a\n".into(), "b\n".into()));
}

#[test]
fn one_descriptor_may_fill_several_slots() {
    let mut options = script("echo out; echo err >&2");
    let (read, write) = pipe().unwrap();
    options.stdio[1] = StdioSpec::Fd(write.as_raw_fd());
    options.stdio[2] = StdioSpec::Fd(write.as_raw_fd());
    assert_eq!(output(&options).1, ExitStatus::Code(0));
    drop(write);
    assert_eq!(read_all(read), "out\nerr\n");
}

#[test]
fn a_closed_descriptor_is_ebadf() {
    let mut options = program("true", &[]);
    options.stdio[1] = StdioSpec::Fd(5000);
    let error = spawn(&options).map(|_| ()).expect_err("must not start");
    assert_eq!((error.step, error.error), (Step::Stdio, Errno::BADF.into()));
}

#[test]
fn inherited_stdio_is_made_blocking() {
    let (read, write) = pipe().unwrap();
    rustix::fs::fcntl_setfl(&write, OFlags::NONBLOCK).unwrap();
    let mut options = script("grep ^flags /proc/self/fdinfo/1 >&2");
    options.stdio[1] = StdioSpec::Fd(write.as_raw_fd());
    options.stdio[2] = StdioSpec::Socket;
    let Spawned { mut child, mut stdio } = spawn(&options).unwrap();
    let flags = read_all(stdio[2].take().unwrap());
    assert_eq!(wait(&mut child), ExitStatus::Code(0));
    let octal = flags.split_whitespace().last().unwrap();
    assert_eq!(u32::from_str_radix(octal, 8).unwrap() & OFlags::NONBLOCK.bits(), 0);
    drop(read);
}

#[test]
fn dev_stdin_and_dev_stdout_can_be_opened_if_they_are_pipes() {
    let mut options = script("cat /dev/stdin > /dev/stdout");
    options.stdio[..2].fill(StdioSpec::Fifo);
    let Spawned { mut child, mut stdio } = spawn(&options).unwrap();
    File::from(stdio[0].take().unwrap()).write_all(b"through").unwrap();
    assert_eq!(read_all(stdio[1].take().unwrap()), "through");
    assert_eq!(wait(&mut child), ExitStatus::Code(0));
}

#[test]
fn ignored_stdio_is_dev_null() {
    let mut options = script("cat; echo lost >&2; readlink /proc/self/fd/0");
    options.stdio[0] = StdioSpec::Ignore;
    assert_eq!(output(&options), ("/dev/null\n".into(), ExitStatus::Code(0)));
}
