//! Any plan of descriptors against a model: what a child finds at each number is what the plan says, and nothing else is there.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Read, Write},
    os::fd::{AsRawFd, OwnedFd},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use proptest::{collection::vec, prelude::*, sample::Index};
use rs_child_process::{
    process::{Child, Spawned, Step, spawn},
    stdio::StdioSpec,
};
use rustix::{
    io::{Errno, fcntl_dupfd_cloexec, fcntl_getfd},
    process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open},
};

use crate::support::{program, wait};

/// A child's descriptors, as `/proc` names them.
type Table = BTreeMap<usize, PathBuf>;

/// What a plan asks for in a slot.
#[derive(Clone, Debug)]
enum Wish {
    Spec(StdioSpec),
    /// One of the parent's.
    Inherit(Index),
    /// A number at which the parent has nothing.
    Closed,
}

fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        40 => Just(Wish::Spec(StdioSpec::Ignore)),
        20 => Just(Wish::Spec(StdioSpec::Socket)),
        20 => Just(Wish::Spec(StdioSpec::Fifo)),
        120 => any::<Index>().prop_map(Wish::Inherit),
        1 => Just(Wish::Closed),
    ]
}

/// Files of the parent: at the lowest free numbers but for gaps, so that most lie where slots are, and above all slots.
fn parents_files(gaps: &[Index]) -> Vec<OwnedFd> {
    let mut files: Vec<OwnedFd> = (0..16).map(|_| tempfile::tempfile().unwrap().into()).collect();
    files.extend([40, 900].map(|least| fcntl_dupfd_cloexec(tempfile::tempfile().unwrap(), least).unwrap()));
    for gap in gaps {
        files.swap_remove(gap.index(files.len()));
    }
    files
}

/// What is at a number of this process.
fn own(fd: i32) -> PathBuf {
    fs::read_link(format!("/proc/self/fd/{fd}")).unwrap()
}

/// What a child has to find. A socket is known by its other end only, and compared without its number.
fn model(stdio: &[StdioSpec], ends: &[Option<OwnedFd>]) -> Table {
    let inherited = (stdio.len()..3).map(|slot| (slot, own(i32::try_from(slot).unwrap())));
    let planned = stdio.iter().zip(ends).enumerate().filter_map(|(slot, (spec, end))| {
        let found = match spec {
            StdioSpec::Ignore if slot > 2 => return None,
            StdioSpec::Ignore => "/dev/null".into(),
            StdioSpec::Fd(fd) => own(*fd),
            StdioSpec::Fifo => own(end.as_ref().unwrap().as_raw_fd()),
            _ => "socket".into(),
        };
        Some((slot, found))
    });
    planned.chain(inherited).collect()
}

/// What a child has; none if its table has changed meanwhile.
fn table(child: &Child, sockets: &[usize]) -> Option<Table> {
    let entry = |entry: fs::DirEntry| {
        let slot = entry.file_name().to_str()?.parse().ok()?;
        let link = fs::read_link(entry.path()).ok()?;
        Some((slot, if sockets.contains(&slot) && is_socket(&link) { "socket".into() } else { link }))
    };
    fs::read_dir(format!("/proc/{}/fd", child.pid())).ok()?.map(|found| entry(found.ok()?)).collect()
}

fn is_socket(link: &Path) -> bool {
    link.to_str().is_some_and(|link| link.starts_with("socket:["))
}

/// Asserts that what is in a slot leads to the parent's end of the same slot.
fn assert_connected(child: &Child, slot: usize, end: OwnedFd) {
    let pidfd = pidfd_open(Pid::from_raw(child.pid()).unwrap(), PidfdFlags::empty()).unwrap();
    let theirs = pidfd_getfd(&pidfd, i32::try_from(slot).unwrap(), PidfdGetfdFlags::empty()).unwrap();
    // Stdin as a pipe is the only one that the child reads.
    let both_ways = is_socket(&own(end.as_raw_fd()));
    let (mut from, mut to) = (File::from(theirs), File::from(end));
    if slot > 0 || both_ways {
        (from, to) = (to, from);
    }
    to.write_all(&[u8::try_from(slot).unwrap()]).unwrap();
    let mut byte = [0xff];
    from.read_exact(&mut byte).unwrap();
    assert_eq!(usize::from(byte[0]), slot);
}

proptest! {
    // A plan that fails takes the whole deadline, and so does each smaller one that fails too.
    #![proptest_config(ProptestConfig { max_shrink_time: 100_000, ..ProptestConfig::default() })]
    #[test]
    fn a_child_has_what_the_plan_says(wishes in vec(wish(), 0..24), gaps in vec(any::<Index>(), 0..9)) {
        let files = parents_files(&gaps);
        let numbers: Vec<i32> = (0..3).chain(files.iter().map(AsRawFd::as_raw_fd)).collect();
        let spec = |wish: &Wish| match wish {
            Wish::Spec(spec) => *spec,
            Wish::Inherit(index) => StdioSpec::Fd(numbers[index.index(numbers.len())]),
            Wish::Closed => StdioSpec::Fd(100_000),
        };
        let mut options = program("/bin/sleep", &["1000"]);
        options.stdio = wishes.iter().map(spec).collect();
        let before: Vec<_> = files.iter().map(|file| (own(file.as_raw_fd()), fcntl_getfd(file))).collect();
        let started = spawn(&options);
        let after: Vec<_> = files.iter().map(|file| (own(file.as_raw_fd()), fcntl_getfd(file))).collect();
        prop_assert_eq!(after, before, "the parent's own");
        if wishes.iter().any(|wish| matches!(wish, Wish::Closed)) {
            let error = started.map(|_| ()).expect_err("a closed descriptor");
            prop_assert_eq!((error.step, error.error), (Step::Stdio, Errno::BADF.into()));
            return Ok(());
        }
        let Spawned { mut child, stdio } = started.unwrap();
        let wanted = model(&options.stdio, &stdio);
        let is_pair = |slot: &usize| options.stdio.get(*slot) == Some(&StdioSpec::Socket);
        let sockets: Vec<usize> = wanted.keys().copied().filter(is_pair).collect();
        // The program's loader opens its libraries for a moment: what does not belong there has to go, what does is there.
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut found = table(&child, &sockets);
        while found.as_ref() != Some(&wanted) && Instant::now() < deadline {
            thread::yield_now();
            found = table(&child, &sockets);
        }
        let ends = stdio.into_iter().enumerate().filter_map(|(slot, end)| Some((slot, end?)));
        if found.as_ref() == Some(&wanted) {
            ends.for_each(|(slot, end)| assert_connected(&child, slot, end));
        }
        child.kill(libc::SIGKILL).unwrap();
        wait(&mut child);
        prop_assert_eq!(found, Some(wanted));
    }
}
