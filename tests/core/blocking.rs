//! The blocking call: input, output, limits.

use std::time::Duration;

use rs_child_process::{
    blocking::{Limits, Outcome, run},
    process::{ExitStatus, Step},
    stdio::StdioSpec,
};
use rustix::io::Errno;

use crate::support::{assert_nothing_left, open_descriptors, program};

const NO_LIMITS: Limits = Limits { timeout: None, max_buffer: None, kill_signal: libc::SIGTERM };

fn shell(script: &str, input: &[u8], limits: Limits) -> Outcome {
    let mut options = program("/bin/sh", &["-c", script]);
    options.stdio = vec![StdioSpec::Socket; 3];
    let before = open_descriptors();
    let outcome = run(&options, input, limits).expect("a start");
    assert_nothing_left(before);
    outcome
}

fn stdout(outcome: &Outcome) -> &[u8] {
    outcome.output[1].as_deref().expect("a pipe")
}

#[test]
fn input_comes_out_again_whole() {
    for size in [0, 1, 65_536, 65_537, 5_000_000] {
        let input: Vec<u8> = (0..size).map(|i: u32| i.to_le_bytes()[0] ^ i.to_le_bytes()[1]).collect();
        let outcome = shell("cat; cat <&0 >&2", &input, NO_LIMITS);
        assert!(stdout(&outcome) == input, "{size} bytes");
        assert_eq!((outcome.status, outcome.error), (ExitStatus::Code(0), None));
    }
}

#[test]
fn both_outputs_are_drained_at_once() {
    // Each is more than a pipe holds, so reading one after the other would never end.
    let outcome = shell("head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero", b"", NO_LIMITS);
    assert_eq!(
        outcome.output.iter().map(|out| out.as_deref().map(<[u8]>::len)).collect::<Vec<_>>(),
        [None, Some(300_000), Some(300_000)]
    );
}

#[test]
fn a_limit_counts_all_output_and_keeps_it() {
    let limits = Limits { max_buffer: Some(10), ..NO_LIMITS };
    let outcome = shell("echo 12345; echo 67890 >&2; exec sleep 20", b"", limits);
    assert_eq!(
        (outcome.error, outcome.status),
        (Some(Errno::NOBUFS.into()), ExitStatus::Signal(libc::SIGTERM))
    );
    assert_eq!(stdout(&outcome), b"12345\n");
    assert_eq!(outcome.output[2].as_deref(), Some(&b"67890\n"[..]));
}

#[test]
fn not_much_more_than_the_limit_is_read() {
    let limits = Limits { max_buffer: Some(100_000), ..NO_LIMITS };
    let outcome = shell("exec cat /dev/zero", b"", limits);
    assert_eq!(outcome.error, Some(Errno::NOBUFS.into()));
    let length = stdout(&outcome).len();
    assert!((100_001..=100_000 + 65_536).contains(&length), "{length}");
}

#[test]
fn a_deadline_ends_a_child_that_is_silent_or_floods() {
    for script in ["exec sleep 20", "exec cat /dev/zero", "sleep 20 & exit 0"] {
        let limits = Limits { timeout: Some(Duration::from_millis(100)), ..NO_LIMITS };
        assert_eq!(shell(script, b"", limits).error, Some(Errno::TIMEDOUT.into()), "{script}");
    }
}

#[test]
fn a_signal_that_does_not_exist_becomes_sigkill() {
    let limits = Limits { timeout: Some(Duration::from_millis(50)), kill_signal: 1000, ..NO_LIMITS };
    let outcome = shell("exec sleep 20", b"", limits);
    assert_eq!(
        (outcome.error, outcome.status),
        (Some(Errno::TIMEDOUT.into()), ExitStatus::Signal(libc::SIGKILL))
    );
}

#[test]
fn an_input_that_nobody_reads_is_epipe() {
    let outcome = shell("exec 0<&-; sleep 0.1; exit 3", &vec![0; 4 << 20], NO_LIMITS);
    assert_eq!((outcome.error, outcome.status), (Some(Errno::PIPE.into()), ExitStatus::Code(3)));
}

#[test]
fn a_failed_start_is_told_by_step() {
    let mut options = program("no-such-program", &[]);
    options.stdio = vec![StdioSpec::Socket; 3];
    let error = run(&options, b"", NO_LIMITS).map(|_| ()).expect_err("must not start");
    assert_eq!((error.step, error.error), (Step::Exec, Errno::NOENT.into()));
}

#[test]
fn a_limit_is_reported_before_an_input_that_nobody_reads() {
    let limits = Limits { timeout: Some(Duration::from_millis(300)), ..NO_LIMITS };
    let outcome = shell("exec 0<&-; exec sleep 20", &vec![0; 5_000_000], limits);
    assert_eq!(
        (outcome.error, outcome.status),
        (Some(Errno::TIMEDOUT.into()), ExitStatus::Signal(libc::SIGTERM))
    );
}

#[test]
fn a_hundred_megabytes_come_whole() {
    let outcome = shell("head -c 100000000 /dev/zero | tr '\\0' x", b"", NO_LIMITS);
    assert!(stdout(&outcome).len() == 100_000_000 && stdout(&outcome).iter().all(|byte| *byte == b'x'));
}
