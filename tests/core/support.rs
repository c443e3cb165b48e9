//! Starting children and looking at what they did.

use std::{
    ffi::CString,
    fs::{self, File},
    io::Read,
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use rs_child_process::{
    process::{CStringBlock, Child, ExitStatus, SpawnOptions, Spawned, spawn},
    stdio::StdioSpec,
    sys::exit::ExitSet,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// A program with its arguments, inheriting the environment, its three descriptors ignored.
pub fn program(file: &str, args: &[&str]) -> SpawnOptions {
    let args = std::iter::once(&file).chain(args).collect::<CStringBlock>();
    SpawnOptions { stdio: vec![StdioSpec::Ignore; 3], ..SpawnOptions::new(CString::new(file).unwrap(), args) }
}

/// A shell script, its stdout a pipe.
pub fn script(text: &str) -> SpawnOptions {
    let mut options = program("/bin/sh", &["-c", text]);
    options.stdio[1] = StdioSpec::Socket;
    options
}

/// Waits, with a deadline, for a child to end.
pub fn wait(child: &mut Child) -> ExitStatus {
    wait_unreaped(child);
    child.try_wait().expect("its end has been told")
}

/// The same, and leaves it a zombie.
pub fn wait_unreaped(child: &Child) {
    let deadline = Timespec { tv_sec: 20, tv_nsec: 0 };
    let exits = ExitSet::new().expect("a set");
    exits.add(child.exit(), 0).expect("a place in it");
    let exit = exits.descriptor();
    let mut fds = [PollFd::new(&exit, PollFlags::IN)];
    assert_eq!(poll(&mut fds, Some(&deadline)), Ok(1), "child {} has not ended", child.pid());
}

/// Runs to the end and gives stdout and status.
pub fn output(options: &SpawnOptions) -> (String, ExitStatus) {
    let Spawned { mut child, mut stdio } = spawn(options).expect("a start");
    let text = stdio[1].take().map_or_else(String::new, read_all);
    (text, wait(&mut child))
}

/// Reads to the end.
pub fn read_all(end: OwnedFd) -> String {
    let mut text = String::new();
    File::from(end).read_to_string(&mut text).expect("UTF-8 from a pipe");
    text
}

/// How many descriptors this process has.
pub fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("/proc").count()
}

/// Asserts that descriptors and zombies come back to what they were. The waiter's thread of the fallback closes its
/// descriptor a moment after it has told of the exit, so there is a deadline.
pub fn assert_nothing_left(descriptors: usize) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let left = || (open_descriptors() > descriptors, zombies());
    while left() != (false, 0) && Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert_eq!(left(), (false, 0), "{} descriptors, {descriptors} before", open_descriptors());
}

/// The children of this process that nobody has reaped.
pub fn zombies() -> usize {
    let stat = |pid: &str| fs::read_to_string(format!("/proc/{pid}/stat")).ok();
    let me = std::process::id().to_string();
    fs::read_dir("/proc")
        .expect("/proc")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|pid| stat(&pid))
        .filter(|stat| {
            let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
            fields.next() == Some("Z") && fields.next() == Some(&me)
        })
        .count()
}
