//! What sandboxes refuse, by a real seccomp filter on one thread.
#![allow(unsafe_code, reason = "a filter is installed by prctl(2)")]

use std::{
    fs,
    mem::offset_of,
    thread,
    time::{Duration, Instant},
};

use rs_child_process::process::{CStringBlock, Environment, ExitStatus, Step, spawn};
use rustix::io::Errno;

use crate::support::{assert_nothing_left, open_descriptors, output, program, script, wait};

/// Instructions of the filter.
struct Filter(Vec<libc::sock_filter>);

impl Filter {
    fn new() -> Self {
        Self(Vec::new())
    }

    fn push(&mut self, code: u32, value: u32, skip_if: u8, skip_else: u8) {
        let code = u16::try_from(code).unwrap();
        self.0.push(libc::sock_filter { code, jt: skip_if, jf: skip_else, k: value });
    }

    /// Answers a system call with `errno`, if its first argument has one of `flags`, or whatever that is.
    fn refuse(self, call: libc::c_long, flags: Option<u32>, errno: i32) -> Self {
        self.answer(call, flags, libc::SECCOMP_RET_ERRNO | errno.unsigned_abs())
    }

    fn answer(mut self, call: libc::c_long, flags: Option<u32>, action: u32) -> Self {
        let load = libc::BPF_LD | libc::BPF_W | libc::BPF_ABS;
        self.push(load, u32::try_from(offset_of!(libc::seccomp_data, nr)).unwrap(), 0, 0);
        let rest = if flags.is_some() { 3 } else { 1 };
        self.push(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, u32::try_from(call).unwrap(), 0, rest);
        if let Some(flags) = flags {
            // The lower half: every machine that this is tested on is little-endian.
            self.push(load, u32::try_from(offset_of!(libc::seccomp_data, args)).unwrap(), 0, 0);
            self.push(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, flags, 0, 1);
        }
        self.push(libc::BPF_RET | libc::BPF_K, action, 0, 0);
        self
    }

    /// Runs `inside` on a thread of its own, under the filter. It holds for that thread and the children that it makes.
    fn around<T: Send>(mut self, inside: impl FnOnce() -> T + Send) -> T {
        self.push(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW, 0, 0);
        let confined = move || {
            let program =
                libc::sock_fprog { len: u16::try_from(self.0.len()).unwrap(), filter: self.0.as_mut_ptr() };
            // SAFETY: the kernel copies the program, whose instructions are there.
            unsafe {
                assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
                assert_eq!(
                    libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program),
                    0
                );
            }
            inside()
        };
        thread::scope(|scope| scope.spawn(confined).join().unwrap())
    }
}

const PIDFD: u32 = libc::CLONE_PIDFD.unsigned_abs();

/// The threads that wait for children without a pidfd.
fn waiters() -> usize {
    let name = |task: fs::DirEntry| fs::read_to_string(task.path().join("comm")).ok();
    let tasks = fs::read_dir("/proc/self/task").unwrap().filter_map(|task| name(task.ok()?));
    tasks.filter(|name| name.trim() == "rs-cp-waiter").count()
}

#[test]
fn where_a_sandbox_refuses_pidfds_children_run_without() {
    let before = open_descriptors();
    for errno in [libc::EPERM, libc::ENOSYS, libc::EINVAL] {
        let filter = Filter::new().refuse(libc::SYS_clone, Some(PIDFD), errno).refuse(
            libc::SYS_clone3,
            None,
            libc::ENOSYS,
        );
        filter.around(|| {
            assert_eq!(output(&script("echo ran; exit 3")), ("ran\n".into(), ExitStatus::Code(3)), "{errno}");
            let mut sleeper = spawn(&program("sleep", &["20"])).unwrap();
            // A thread gives itself its name when it has begun.
            let deadline = Instant::now() + Duration::from_secs(20);
            while waiters() == 0 {
                assert!(Instant::now() < deadline, "{errno}: nothing has been refused");
                thread::yield_now();
            }
            sleeper.child.kill(libc::SIGTERM).unwrap();
            assert_eq!(wait(&mut sleeper.child), ExitStatus::Signal(libc::SIGTERM));
        });
    }
    assert_nothing_left(before);
}

#[test]
fn a_sandbox_that_refuses_every_process_is_reported_and_not_remembered() {
    let before = open_descriptors();
    for errno in [libc::EPERM, libc::ENOSYS, libc::EAGAIN] {
        let filter = Filter::new().refuse(libc::SYS_clone, None, errno).refuse(libc::SYS_clone3, None, errno);
        let error = filter.around(|| spawn(&program("true", &[])).map(drop)).expect_err("must not start");
        assert_eq!((error.step, error.error), (Step::Clone, Errno::from_raw_os_error(errno).into()));
    }
    assert_nothing_left(before);
    assert_eq!(output(&program("true", &[])).1, ExitStatus::Code(0), "another thread may");
}

/// It costs a tenth of a microsecond for each directory on PATH before the right one, and nobody wants to know.
#[test]
#[cfg(target_arch = "x86_64")] // Elsewhere the program's loader makes the same call.
fn whether_a_file_is_there_is_not_asked_while_the_search_goes_on() {
    let filter = Filter::new().answer(libc::SYS_faccessat, None, libc::SECCOMP_RET_KILL_PROCESS);
    let mut options = program("true", &[]);
    options.env =
        Environment::Given(["PATH=/nowhere:/nowhere/else:/bin:/usr/bin"].iter().collect::<CStringBlock>());
    assert_eq!(filter.around(|| output(&options).1), ExitStatus::Code(0));
}
