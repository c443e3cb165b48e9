//! What few children are given: limits, priority, umask, groups, a process group, a directory that is held open.

use std::{fs, os::fd::OwnedFd, sync::Arc, thread};

use rs_child_process::{
    process::{
        Attributes, CStringBlock, Environment, ExitStatus, ResourceLimits, SpawnOptions, Step, SystemError,
        spawn,
    },
    stdio::StdioSpec,
};
use rustix::{
    io::Errno,
    process::{geteuid, getpgrp, getpid},
};
use tempfile::tempdir;

use crate::support::{assert_nothing_left, open_descriptors, output, program, script, wait};

fn with(attributes: Attributes, text: &str) -> (String, ExitStatus) {
    output(&SpawnOptions { attributes, ..script(text) })
}

fn failure(attributes: Attributes) -> (Step, SystemError) {
    let before = open_descriptors();
    let error = spawn(&SpawnOptions { attributes, ..program("true", &[]) }).expect_err("must not start");
    assert_nothing_left(before);
    (error.step, error.error)
}

#[test]
fn a_umask_is_the_childs_alone() {
    let own = || {
        fs::read_to_string("/proc/self/status")
            .unwrap()
            .lines()
            .find(|line| line.starts_with("Umask"))
            .map(str::to_owned)
    };
    let before = own();
    assert_eq!(with(Attributes { umask: Some(0o027), ..Attributes::default() }, "umask").0, "0027\n");
    assert_eq!(own(), before);
}

#[test]
fn niceness_is_absolute() {
    let attributes = Attributes { niceness: Some(7), ..Attributes::default() };
    assert_eq!(with(attributes, "cut -d' ' -f19 /proc/$$/stat").0, "7\n");
}

#[test]
fn a_process_group_is_new_or_an_existing_one() {
    let group = "cut -d' ' -f1,5 /proc/$$/stat";
    let (ids, _) = with(Attributes { process_group: Some(0), ..Attributes::default() }, group);
    let (pid, of) = ids.trim().split_once(' ').unwrap();
    assert_eq!(pid, of);
    let own = getpgrp().as_raw_nonzero().get();
    let (ids, _) = with(Attributes { process_group: Some(own), ..Attributes::default() }, group);
    assert_eq!(ids.trim().split_once(' ').unwrap().1, own.to_string());
    // No group of this session.
    let stranger = Attributes { process_group: Some(i32::MAX), ..Attributes::default() };
    assert_eq!(failure(stranger), (Step::ProcessGroup, Errno::PERM.into()));
}

#[test]
fn limits_are_soft_and_hard() {
    let limits = ResourceLimits {
        cpu_seconds: Some(20),
        address_space: Some(1 << 32),
        data_size: Some(1 << 31),
        open_files: Some(50),
        processes: Some(1000),
        file_size: Some(4096),
        core: Some(0),
    };
    let (text, _) = with(Attributes { limits, ..Attributes::default() }, "cat /proc/self/limits");
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of("Max cpu time"), "20 21", "SIGXCPU comes before SIGKILL");
    assert_eq!(of("Max address space"), "4294967296 4294967296");
    assert_eq!(of("Max data size"), "2147483648 2147483648");
    assert_eq!(of("Max open files"), "50 50");
    assert_eq!(of("Max processes"), "1000 1000");
    assert_eq!(of("Max file size"), "4096 4096");
    assert_eq!(of("Max core file size"), "0 0");
}

#[test]
fn no_limit_is_minus_one() {
    let limits = ResourceLimits { cpu_seconds: Some(-1), file_size: Some(-1), ..ResourceLimits::default() };
    let (text, _) = with(Attributes { limits, ..Attributes::default() }, "ulimit -t; ulimit -f");
    assert_eq!(text, "unlimited\nunlimited\n");
}

#[test]
fn a_limit_of_processor_time_ends_the_child_by_sigxcpu() {
    let limits = ResourceLimits { cpu_seconds: Some(1), core: Some(0), ..ResourceLimits::default() };
    let (_, status) = with(Attributes { limits, ..Attributes::default() }, "while :; do :; done");
    assert_eq!(status, ExitStatus::Signal(libc::SIGXCPU));
}

#[test]
fn groups_are_exactly_those_given() {
    let groups = |groups: &[u32]| Attributes { groups: Some(groups.to_vec()), ..Attributes::default() };
    if geteuid().is_root() {
        let (text, _) = with(groups(&[7, 4242]), "grep ^Groups /proc/self/status");
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["Groups:", "7", "4242"]);
        assert_eq!(with(groups(&[]), "grep ^Groups /proc/self/status").0.trim(), "Groups:");
        let many: Vec<u32> = (0..70_000).collect();
        assert_eq!(failure(groups(&many)), (Step::Groups, Errno::INVAL.into()));
        // They are set while there is the right to.
        let nobody = Attributes { uid: Some(65534), gid: Some(65534), ..groups(&[7]) };
        assert_eq!(with(nobody, "id -u; id -g; id -G").0, "65534\n65534\n65534 7\n");
    } else {
        assert_eq!(failure(groups(&[7])), (Step::Groups, Errno::PERM.into()));
    }
}

#[test]
fn a_priority_that_takes_a_right_is_refused_by_name() {
    let mut attributes = Attributes { niceness: Some(-5), ..Attributes::default() };
    if geteuid().is_root() {
        // Set before the ids are: after that the right would be gone.
        attributes.uid = Some(65534);
        assert_eq!(with(attributes, "cut -d' ' -f19 /proc/$$/stat").0, "-5\n");
    } else {
        assert_eq!(failure(attributes), (Step::Niceness, Errno::ACCESS.into()));
    }
}

#[test]
fn attributes_are_read_from_json_and_nothing_else_is() {
    let text = r#"{"uid":4294967294,"groups":[1,2],"limits":{"cpuSeconds":-1},"umask":18,"processGroup":0}"#;
    let expected = Attributes {
        uid: Some(u32::MAX - 1),
        groups: Some(vec![1, 2]),
        limits: ResourceLimits { cpu_seconds: Some(-1), ..ResourceLimits::default() },
        umask: Some(18),
        process_group: Some(0),
        ..Attributes::default()
    };
    assert_eq!(serde_json::from_str::<Attributes>(text).unwrap(), expected);
    for wrong in [r#"{"umaks":1}"#, r#"{"limits":{"cpu":1}}"#, r#"{"umask":-1}"#, r#"{"groups":["a"]}"#] {
        assert!(serde_json::from_str::<Attributes>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_complete_request_starts_the_same_child_on_another_thread() {
    let directory = tempdir().unwrap();
    fs::create_dir(directory.path().join("below")).unwrap();
    let held: OwnedFd = fs::File::open(directory.path()).unwrap().into();
    let mut options = script("pwd -P; echo $ADDED $0");
    options.base = Some(Arc::new(held));
    options.cwd = Some(c"below".into());
    options.env = Environment::snapshot(&["ADDED=one"].iter().collect::<CStringBlock>());
    let before = open_descriptors();
    let elsewhere = thread::spawn(move || output(&options)).join().unwrap();
    let path = fs::canonicalize(directory.path().join("below")).unwrap();
    assert_eq!(elsewhere, (format!("{}\none /bin/sh\n", path.display()), ExitStatus::Code(0)));
    assert_nothing_left(before);
    let mut options = program("true", &[]);
    options.base = Some(Arc::new(fs::File::open("/proc/self/exe").unwrap().into()));
    let error = spawn(&options).expect_err("no directory");
    assert_eq!((error.step, error.error), (Step::Cwd, Errno::NOTDIR.into()));
}

#[test]
fn a_path_through_a_descriptor_is_followed() {
    let shell = fs::File::open("/bin/sh").unwrap();
    let directory = tempdir().unwrap();
    let held = fs::File::open(directory.path()).unwrap();
    let fd = |file: &fs::File| format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(file));
    let mut options = program(&fd(&shell), &["-c", "pwd -P"]);
    options.stdio[1] = StdioSpec::Socket;
    options.cwd = Some(std::ffi::CString::new(fd(&held)).unwrap());
    let path = fs::canonicalize(directory.path()).unwrap();
    assert_eq!(output(&options), (format!("{}\n", path.display()), ExitStatus::Code(0)));
    let mut spawned = spawn(&program(
        &format!("/proc/{}/fd/{}", getpid().as_raw_nonzero(), std::os::fd::AsRawFd::as_raw_fd(&shell)),
        &["-c", ""],
    ))
    .unwrap();
    assert_eq!(wait(&mut spawned.child), ExitStatus::Code(0));
}
