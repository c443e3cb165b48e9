//! What a failed start reports, and that it leaves nothing behind.

use std::{
    ffi::CString,
    fs,
    os::{fd::AsRawFd, unix::fs::PermissionsExt},
};

use rs_child_process::{
    process::{CStringBlock, Environment, ExitStatus, SpawnOptions, Step, SystemError, spawn},
    stdio::StdioSpec,
};
use rustix::io::Errno;
use tempfile::{TempDir, tempdir};

use crate::support::{open_descriptors, output, program, read_all, zombies};

/// The failure of a start with three pipes, after checking that nothing but the parent's ends is left of it.
fn failure(mut options: SpawnOptions) -> (Step, SystemError) {
    options.stdio = vec![StdioSpec::Socket; 3];
    let before = open_descriptors();
    let error = spawn(&options).expect_err("must not start");
    // At once, and not equal: what an earlier test of this process has left may close in between.
    assert!(open_descriptors() <= before + error.stdio.len());
    assert_eq!(zombies(), 0);
    for end in error.stdio.into_iter().skip(1).flatten() {
        assert_eq!(read_all(end), "", "the child's end must be closed");
    }
    (error.step, error.error)
}

fn file(directory: &TempDir, name: &str, text: &str, mode: u32) -> String {
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn with_cwd(cwd: &str) -> SpawnOptions {
    SpawnOptions { cwd: Some(CString::new(cwd).unwrap()), ..program("true", &[]) }
}

#[test]
fn a_missing_file_is_enoent_with_and_without_a_slash() {
    assert_eq!(failure(program("no-such-program-here", &[])), (Step::Exec, Errno::NOENT.into()));
    assert_eq!(failure(program("/no/such/program", &[])), (Step::Exec, Errno::NOENT.into()));
    assert_eq!(failure(program("", &[])), (Step::Exec, Errno::NOENT.into()));
}

#[test]
fn what_cannot_be_run_is_eacces() {
    let directory = tempdir().unwrap();
    assert_eq!(
        failure(program(&file(&directory, "plain", "text", 0o644), &[])),
        (Step::Exec, Errno::ACCESS.into())
    );
    assert_eq!(failure(program(directory.path().to_str().unwrap(), &[])), (Step::Exec, Errno::ACCESS.into()));
}

#[test]
fn a_forbidden_file_on_path_is_passed_over_but_remembered() {
    let (first, second) = (tempdir().unwrap(), tempdir().unwrap());
    file(&first, "tool", "#!/bin/sh\nexit 1", 0o644);
    let path = format!("PATH={}:{}", first.path().display(), second.path().display());
    let mut options = program("tool", &[]);
    options.env = Environment::Given([path].iter().collect());
    assert_eq!(failure(options.clone()), (Step::Exec, Errno::ACCESS.into()));
    file(&second, "tool", "#!/bin/sh\nexit 2", 0o755);
    assert_eq!(output(&options).1, ExitStatus::Code(2));
}

#[test]
fn the_path_is_the_childs() {
    let directory = tempdir().unwrap();
    file(&directory, "only-here", "#!/bin/sh\nexit 9", 0o755);
    let mut options = program("only-here", &[]);
    assert_eq!(failure(options.clone()).1, Errno::NOENT.into());
    options.env = Environment::Given([format!("PATH={}", directory.path().display())].iter().collect());
    assert_eq!(output(&options).1, ExitStatus::Code(9));
}

#[test]
fn relative_path_entries_mean_the_childs_directory() {
    let directory = tempdir().unwrap();
    fs::create_dir(directory.path().join("bin")).unwrap();
    file(&directory, "bin/tool", "#!/bin/sh\nexit 4", 0o755);
    let mut options = with_cwd(directory.path().to_str().unwrap());
    options.file = c"tool".into();
    options.env = Environment::Given(["PATH=bin"].iter().collect());
    assert_eq!(output(&options).1, ExitStatus::Code(4));
}

#[test]
fn a_script_without_shebang_runs_in_the_shell() {
    let directory = tempdir().unwrap();
    let mut options = program(&file(&directory, "script", "echo \"$1-$2\"; exit 5", 0o755), &["a b", "c"]);
    options.stdio[1] = StdioSpec::Socket;
    assert_eq!(output(&options), ("a b-c\n".into(), ExitStatus::Code(5)));
    options.args = CStringBlock::default();
    assert_eq!(output(&options), ("-\n".into(), ExitStatus::Code(5)));
}

#[test]
fn a_missing_interpreter_is_told_from_a_missing_file() {
    let directory = tempdir().unwrap();
    let script = file(&directory, "script", "#!/no/such/interpreter\n", 0o755);
    assert_eq!(failure(program(&script, &[])), (Step::Interpreter, Errno::NOENT.into()));
}

#[test]
fn a_bad_cwd_names_the_step() {
    let directory = tempdir().unwrap();
    let plain = file(&directory, "plain", "", 0o644);
    assert_eq!(failure(with_cwd("/no/such/directory")), (Step::Cwd, Errno::NOENT.into()));
    assert_eq!(failure(with_cwd(&plain)), (Step::Cwd, Errno::NOTDIR.into()));
}

#[test]
fn a_deleted_cwd_of_the_parent_does_not_matter() {
    // nextest gives each test its own process; under plain `cargo test` the others of this file use absolute paths.
    let before = std::env::current_dir().unwrap();
    let directory = tempdir().unwrap();
    std::env::set_current_dir(directory.path()).unwrap();
    fs::remove_dir(directory.path()).unwrap();
    let status = output(&program("true", &[])).1;
    std::env::set_current_dir(before).unwrap();
    assert_eq!(status, ExitStatus::Code(0));
}

#[test]
fn arguments_that_are_too_long_are_e2big() {
    let long = "x".repeat(200_000);
    assert_eq!(failure(program("true", &[&long])), (Step::Exec, Errno::TOOBIG.into()));
}

#[test]
fn a_name_that_is_too_long_is_enametoolong() {
    assert_eq!(failure(program(&"x".repeat(300), &[])), (Step::Exec, Errno::NAMETOOLONG.into()));
    assert_eq!(
        failure(program(&format!("/{}", "x/".repeat(3000)), &[])),
        (Step::Exec, Errno::NAMETOOLONG.into())
    );
}

#[test]
fn a_symlink_loop_is_eloop() {
    let directory = tempdir().unwrap();
    let link = directory.path().join("loop");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    assert_eq!(failure(program(link.to_str().unwrap(), &[])), (Step::Exec, Errno::LOOP.into()));
}

#[test]
fn without_descriptors_left_the_pipes_fail_and_nothing_leaks() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let old = getrlimit(Resource::Nofile);
    let before = open_descriptors();
    // Room for one pipe and a half, from the lowest number that is free: the limit is one of numbers.
    let free = fs::File::open("/dev/null").unwrap().as_raw_fd();
    let room = Rlimit { current: u64::try_from(free + 3).ok(), maximum: old.maximum };
    setrlimit(Resource::Nofile, room).unwrap();
    let mut options = program("true", &[]);
    options.stdio = vec![StdioSpec::Socket; 3];
    let error = spawn(&options).map(|_| ()).expect_err("must not start");
    setrlimit(Resource::Nofile, old).unwrap();
    assert_eq!((error.step, error.error), (Step::Stdio, Errno::MFILE.into()));
    assert!(error.stdio.is_empty());
    assert!(open_descriptors() <= before);
    assert_eq!(output(&program("true", &[])).1, ExitStatus::Code(0), "the next one works");
}
