//! Nothing grows with the number of children.

use std::fs;

use rs_child_process::{
    process::{adopt, spawn},
    stdio::StdioSpec,
};

use crate::support::{assert_nothing_left, open_descriptors, output, program};

fn threads() -> usize {
    fs::read_dir("/proc/self/task").expect("/proc").count()
}

#[test]
fn five_hundred_children_leave_no_descriptor_thread_or_zombie() {
    let mut options = program("true", &[]);
    options.stdio = vec![StdioSpec::Socket; 3];
    output(&options);
    let (descriptors, before) = (open_descriptors(), threads());
    for _ in 0..500 {
        output(&options);
        assert!(spawn(&program("/no/such/file", &[])).is_err());
    }
    assert_nothing_left(descriptors);
    // A thread of the test runner's own may have been about to end at the first look.
    assert!(threads() <= before, "{} threads, {before} before", threads());
}

#[test]
fn an_adopted_child_is_reaped() {
    let spawned = spawn(&program("true", &[])).expect("a start");
    let pid = spawned.child.pid();
    adopt(spawned.child);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while fs::exists(format!("/proc/{pid}")).unwrap_or(true) {
        assert!(std::time::Instant::now() < deadline, "{pid} is still there");
        std::thread::yield_now();
    }
}
