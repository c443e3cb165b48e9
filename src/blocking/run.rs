//! The loop.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::ioctl_fionbio,
};

use super::{input::Input, output::Gather};
use crate::{
    capture::Gathered,
    process::{Child, ExitStatus, SpawnError, SpawnOptions, Spawned, SystemError, spawn},
    sys::exit::ExitSet,
};

/// When to put an end to it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// After this long the child is killed, with ETIMEDOUT.
    pub timeout: Option<Duration>,
    /// When all output together is more than this many bytes the child is killed, with ENOBUFS. What has been read is kept.
    pub max_buffer: Option<usize>,
    /// What it is killed with. If that cannot be sent, SIGKILL is.
    pub kill_signal: i32,
}

/// How it went.
#[derive(Debug)]
pub struct Outcome {
    /// The process id.
    pub pid: i32,
    /// How the child ended.
    pub status: ExitStatus,
    /// What it wrote, by slot; none where the slot is no pipe.
    pub output: Vec<Option<Gathered>>,
    /// What went wrong on the way: the limit that was exceeded, else the first pipe that failed (EPIPE: an input that
    /// nobody read).
    pub error: Option<SystemError>,
}

/// Starts a program, feeds it `input`, and returns when it has ended and all that could write to its pipes has closed them.
///
/// # Errors
///
/// It could not be started.
pub fn run(options: &SpawnOptions, input: &[u8], limits: Limits) -> Result<Outcome, SpawnError> {
    let deadline = limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    let Spawned { child, stdio } = spawn(options)?;
    let mut run = Run {
        exits: watch(&child),
        child,
        input: None,
        outputs: Vec::new(),
        limits,
        gathered: 0,
        error: None,
        pipe_error: None,
        killed: false,
    };
    let mut slots = stdio.into_iter();
    if let Some(stdin) = slots.next() {
        run.outputs.push(None);
        if let Some(end) = stdin {
            let _ = ioctl_fionbio(&end, true);
            run.input = Some(Input::new(end, input));
        }
    }
    for end in slots {
        run.outputs.push(end.map(|end| {
            let _ = ioctl_fionbio(&end, true);
            Gather::new(end)
        }));
    }
    let status = run.finish(deadline);
    Ok(Outcome {
        pid: run.child.pid(),
        status,
        output: run.outputs.into_iter().map(|gather| gather.map(Gather::into_bytes)).collect(),
        error: run.error.or(run.pipe_error),
    })
}

struct Run<'a> {
    child: Child,
    /// What tells the end of a child that has no descriptor of its own.
    exits: Option<ExitSet>,
    input: Option<Input<'a>>,
    outputs: Vec<Option<Gather>>,
    limits: Limits,
    /// Bytes from all outputs.
    gathered: usize,
    error: Option<SystemError>,
    pipe_error: Option<SystemError>,
    killed: bool,
}

/// What a descriptor in the poll set belongs to.
#[derive(Clone, Copy)]
enum Source {
    Exit,
    Input,
    Output(usize),
}

impl Run<'_> {
    fn finish(&mut self, deadline: Option<Instant>) -> ExitStatus {
        // Most inputs fit into the socket.
        self.write_input();
        let mut status = None;
        loop {
            let ready = match self.wait(status.is_some(), deadline.filter(|_| !self.killed)) {
                Wait::Ready(ready) => ready,
                Wait::Deadline => {
                    self.fail(SystemError::TIMEDOUT);
                    self.kill(status.is_some());
                    continue;
                }
                Wait::Nothing => break,
            };
            for source in ready {
                match source {
                    Source::Input => self.write_input(),
                    Source::Output(slot) => self.read_output(slot, status.is_some()),
                    Source::Exit => {
                        status = self.child.try_wait();
                        if status.is_none() && self.is_watched() {
                            // A debugger holds the dead child, whose pidfd is readable all the time.
                            sleep(Child::AGAIN);
                        }
                    }
                }
            }
        }
        status.unwrap_or(ExitStatus::Unknown)
    }

    /// Waits until something can be done, which may be nothing any more.
    fn wait(&self, exited: bool, deadline: Option<Instant>) -> Wait {
        let exit = self.child.exit().descriptor().or_else(|| self.exits.as_ref().map(ExitSet::descriptor));
        // Without a descriptor for it the child is looked at now and then.
        let is_blind = !exited && exit.is_none();
        let mut sources = Vec::with_capacity(4);
        let mut fds = Vec::with_capacity(4);
        if !exited && let Some(exit) = exit {
            sources.push(Source::Exit);
            fds.push(PollFd::from_borrowed_fd(exit, PollFlags::IN));
        }
        if let Some(end) = self.input.as_ref().and_then(Input::pending) {
            sources.push(Source::Input);
            fds.push(PollFd::new(end, PollFlags::OUT));
        }
        for (slot, output) in self.outputs.iter().enumerate() {
            if let Some(end) = output.as_ref().and_then(Gather::end) {
                sources.push(Source::Output(slot));
                fds.push(PollFd::new(end, PollFlags::IN));
            }
        }
        if fds.is_empty() && !is_blind {
            return Wait::Nothing;
        }
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            // Asked before poll(2), which prefers what is ready: endless output would put the deadline off for ever.
            if left.is_some_and(|left| left.is_zero()) {
                return Wait::Deadline;
            }
            let look = is_blind.then_some(Child::AGAIN);
            let left = left.into_iter().chain(look).min().and_then(|left| Timespec::try_from(left).ok());
            match poll(&mut fds, left.as_ref()) {
                Ok(0) if is_blind => return Wait::Ready(vec![Source::Exit]),
                Ok(0) => return Wait::Deadline,
                // A signal for the parent; its handler in JS runs when this call is over.
                Err(_) => {}
                Ok(_) => break,
            }
        }
        let ready = sources.into_iter().zip(&fds).filter(|(_, fd)| !fd.revents().is_empty());
        // The exit last: output that was there before it counts, and the kill of a child that wrote too much finds it.
        let mut ready: Vec<_> = ready.map(|(source, _)| source).collect();
        ready.sort_by_key(|source| matches!(source, Source::Exit));
        Wait::Ready(ready)
    }

    fn is_watched(&self) -> bool {
        self.exits.is_some() || self.child.exit().descriptor().is_some()
    }

    fn write_input(&mut self) {
        if let Some(Err(error)) = self.input.as_mut().map(Input::advance) {
            self.pipe_error.get_or_insert(error);
        }
    }

    fn read_output(&mut self, slot: usize, exited: bool) {
        let Some(Some(output)) = self.outputs.get_mut(slot) else { return };
        let budget = self.limits.max_buffer.map_or(usize::MAX, |max| max.saturating_sub(self.gathered));
        match output.advance(budget) {
            Ok(count) => {
                self.gathered += count;
                if self.limits.max_buffer.is_some_and(|max| self.gathered > max) {
                    self.fail(SystemError::NOBUFS);
                    self.kill(exited);
                }
            }
            Err(error) => {
                self.pipe_error.get_or_insert(error);
            }
        }
    }

    /// The first error is the one that is reported.
    fn fail(&mut self, error: SystemError) {
        self.error.get_or_insert(error);
    }

    /// Ends it, once: the pipes are closed, whoever else may hold the other ends, and the child is signalled.
    fn kill(&mut self, exited: bool) {
        if self.killed {
            return;
        }
        self.killed = true;
        if !exited
            && let Err(error) = self.child.kill(self.limits.kill_signal)
            && error != SystemError::SRCH
        {
            self.fail(error);
            let _ = self.child.kill(libc::SIGKILL);
        }
        self.input = None;
        self.outputs.iter_mut().flatten().for_each(Gather::close);
    }
}

/// None for a child that has a descriptor of its own, and where there is none to be had.
fn watch(child: &Child) -> Option<ExitSet> {
    if child.exit().descriptor().is_some() {
        return None;
    }
    let exits = ExitSet::new().ok()?;
    exits.add(child.exit(), 0).ok()?;
    Some(exits)
}

enum Wait {
    Ready(Vec<Source>),
    Deadline,
    Nothing,
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::process::CStringBlock;

    #[test]
    fn a_deadline_comes_although_there_is_always_something_to_read() {
        let options = SpawnOptions::new(c"sleep".into(), ["sleep", "20"].iter().collect::<CStringBlock>());
        let Spawned { child, .. } = spawn(&options).unwrap();
        let limits = Limits { timeout: None, max_buffer: Some(1 << 30), kill_signal: libc::SIGTERM };
        let endless = Gather::new(File::open("/dev/zero").unwrap().into());
        let outputs = vec![Some(endless)];
        let mut run = Run {
            exits: watch(&child),
            child,
            input: None,
            outputs,
            limits,
            gathered: 0,
            error: None,
            pipe_error: None,
            killed: false,
        };
        let status = run.finish(Instant::now().checked_add(Duration::from_millis(10)));
        assert_eq!((status, run.error), (ExitStatus::Signal(libc::SIGTERM), Some(SystemError::TIMEDOUT)));
    }
}
