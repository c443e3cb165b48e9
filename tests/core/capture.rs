//! Gathering a stream: on the thread that asks, and in the background.

use std::{
    io::Write,
    os::fd::{AsFd, OwnedFd},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};

use rs_child_process::{
    capture::{Background, Collector, End, Rules, Turn},
    runtime,
};
use rustix::{
    io::{Errno, ioctl_fionbio, ioctl_fionread, write},
    pipe::{PipeFlags, fcntl_setpipe_size, pipe_with},
};
use tokio::task::yield_now;

const NO_RULES: Rules = Rules { max: None, utf8: false };
const PATIENCE: Duration = Duration::from_secs(30);

/// The parent's end, which does not block, and the child's.
fn pipe() -> (OwnedFd, OwnedFd) {
    let (ours, theirs) = pipe_with(PipeFlags::CLOEXEC).unwrap();
    ioctl_fionbio(&ours, true).unwrap();
    (ours, theirs)
}

/// Gathers what each of `parts` brings and gives the last turn, with the number of bytes before the last read.
fn gather(rules: Rules, parts: &[&[u8]]) -> (Turn, usize, usize) {
    let (ours, theirs) = pipe();
    let mut collector = Collector::new(rules);
    let mut turn = Turn::Empty;
    for part in parts {
        write(&theirs, part).unwrap();
        turn = collector.advance(ours.as_fd());
    }
    let (bytes, last_chunk) = collector.into_parts();
    (turn, bytes.len(), last_chunk)
}

#[test]
fn a_limit_is_exceeded_by_the_byte_behind_it() {
    let rules = Rules { max: Some(6), utf8: false };
    assert_eq!(gather(rules, &[b"abc", b"def"]), (Turn::Empty, 6, 3));
    assert_eq!(gather(rules, &[b"abc", b"defg"]), (Turn::Over(End::ByRule), 7, 3));
}

#[test]
fn what_is_not_utf_8_stops_only_where_its_length_counts() {
    let counted = Rules { max: Some(100), utf8: true };
    assert_eq!(gather(counted, &["aé".as_bytes(), b"\xff"]), (Turn::Over(End::ByRule), 4, 3));
    assert_eq!(gather(Rules { max: None, utf8: true }, &[b"\xff"]), (Turn::Empty, 1, 0));
    assert_eq!(gather(Rules { max: Some(100), utf8: false }, &[b"\xff"]), (Turn::Empty, 1, 0));
    // Cut characters are whole together.
    let parts: &[&[u8]] = &[b"\xe6", b"\xbc", b"\xa2\xf0\x9f", b"\x98\x80"];
    assert_eq!(gather(counted, parts), (Turn::Empty, 7, 5));
    assert_eq!(gather(counted, &[b"\xe6", b"a"]), (Turn::Over(End::ByRule), 2, 1));
}

#[test]
fn the_end_of_the_stream_is_the_end() {
    let (ours, theirs) = pipe();
    write(&theirs, b"abc").unwrap();
    drop(theirs);
    let mut collector = Collector::new(NO_RULES);
    while collector.advance(ours.as_fd()) != Turn::Over(End::OfStream) {}
    assert_eq!(&*collector.into_parts().0, b"abc");
}

#[test]
fn a_stream_that_cannot_be_read_has_not_ended() {
    let (ours, theirs) = pipe();
    write(&theirs, b"abc").unwrap();
    let mut collector = Collector::new(NO_RULES);
    assert_eq!(collector.advance(ours.as_fd()), Turn::Empty);
    // The end for writing stands for whatever cannot be read.
    assert_eq!(collector.advance(theirs.as_fd()), Turn::Over(End::Failed(Errno::BADF)));
    assert_eq!(&*collector.into_parts().0, b"abc");
}

#[test]
fn a_turn_leaves_time_for_others() {
    const FULL: usize = 1024 * 1024;
    let (ours, theirs) = pipe();
    fcntl_setpipe_size(&theirs, FULL).unwrap();
    let mut collector = Collector::new(NO_RULES);
    write(&theirs, &vec![0; FULL]).unwrap();
    assert_eq!(collector.advance(ours.as_fd()), Turn::More);
    assert!(collector.len() < FULL, "{}", collector.len());
}

#[test]
fn large_blocks_are_given_back() {
    let (ours, theirs) = pipe();
    let writer = thread::spawn(move || std::fs::File::from(theirs).write_all(&vec![1; 20_000_000]).unwrap());
    let mut collector = Collector::new(NO_RULES);
    while collector.advance(ours.as_fd()) != Turn::Over(End::OfStream) {}
    writer.join().unwrap();
    let bytes = collector.into_parts().0;
    let start = format!("{:x}-", bytes.as_ptr() as usize);
    let is_mapped =
        || std::fs::read_to_string("/proc/self/maps").unwrap().lines().any(|line| line.starts_with(&start));
    assert!(is_mapped());
    drop(bytes);
    let deadline = Instant::now() + PATIENCE;
    while is_mapped() {
        assert!(Instant::now() < deadline, "still mapped");
        thread::yield_now();
    }
    // There may be none to be had.
    let names = std::fs::read_dir("/proc/self/task")
        .unwrap()
        .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok());
    assert_eq!(names.filter(|name| name.starts_with("tokio")).count(), 0, "a thread was made for it");
}

/// A message that JS cannot write has to leave in time, however much there is to gather.
#[test]
fn the_background_gives_others_a_turn_after_each_of_its_own() {
    const FULL: usize = 1024 * 1024;
    let (ours, theirs) = pipe();
    fcntl_setpipe_size(&theirs, FULL).unwrap();
    write(&theirs, &vec![0; FULL]).unwrap();
    drop(theirs);
    let watched = ours.try_clone().unwrap();
    let (began, begins) = channel();
    let left = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&left);
    // Runs whenever the runtime's thread is free.
    let other = runtime::handle().unwrap().spawn(async move {
        began.send(()).unwrap();
        loop {
            seen.lock().unwrap().push(ioctl_fionread(&watched).unwrap());
            yield_now().await;
        }
    });
    begins.recv_timeout(PATIENCE).unwrap();
    let (done, over) = channel();
    let _background =
        Background::start(ours, Collector::new(NO_RULES), move || done.send(()).unwrap()).unwrap();
    over.recv_timeout(PATIENCE).expect("an end");
    other.abort();
    let mut left = left.lock().unwrap().clone();
    left.dedup();
    // There are two turns: reads grow with the buffer.
    assert!(
        left.iter().any(|left| (1..FULL as u64).contains(left)),
        "bytes left at the other's turns: {left:?}"
    );
}

fn in_background(rules: Rules) -> (Background, OwnedFd, Receiver<()>) {
    let (ours, theirs) = pipe();
    let (done, over) = channel();
    let background = Background::start(ours, Collector::new(rules), move || done.send(()).unwrap()).unwrap();
    (background, theirs, over)
}

#[test]
fn the_background_gathers_to_the_end() {
    let (background, theirs, over) = in_background(NO_RULES);
    let sent: Vec<u8> = (0..20_000_000_u32).map(|i| (i ^ (i >> 9)).to_le_bytes()[0]).collect();
    std::fs::File::from(theirs).write_all(&sent).unwrap();
    over.recv_timeout(PATIENCE).expect("an end");
    let (_, collector, end) = background.take().unwrap();
    assert_eq!(end, Some(End::OfStream));
    assert!(*collector.into_parts().0 == *sent);
}

#[test]
fn the_background_stops_at_a_limit() {
    let (background, theirs, over) = in_background(Rules { max: Some(1_000_000), utf8: false });
    let flood = thread::spawn(move || while write(&theirs, &[0; 4096]).is_ok() {});
    over.recv_timeout(PATIENCE).expect("an end");
    let (end_of_pipe, collector, end) = background.take().unwrap();
    assert_eq!(end, Some(End::ByRule));
    assert!((1_000_001..=1_000_000 + 65_536).contains(&collector.len()), "{}", collector.len());
    // With the last descriptor of the pipe the writer learns that nobody reads.
    drop(end_of_pipe);
    flood.join().unwrap();
}

#[test]
fn the_background_tells_that_it_cannot_watch_a_stream() {
    // epoll does not take a file.
    let file = OwnedFd::from(std::fs::File::open("/proc/self/exe").unwrap());
    let (done, over) = channel();
    let background =
        Background::start(file, Collector::new(NO_RULES), move || done.send(()).unwrap()).unwrap();
    over.recv_timeout(PATIENCE).expect("an end");
    let (_, collector, end) = background.take().unwrap();
    assert_eq!((end, collector.len()), (Some(End::Failed(Errno::PERM)), 0));
}

#[test]
fn a_stream_that_is_taken_back_goes_on_without_a_gap() {
    for _ in 0..20 {
        let (background, theirs, _over) = in_background(NO_RULES);
        let writer = thread::spawn(move || {
            let mut file = std::fs::File::from(theirs);
            for number in 0..100_000_u32 {
                file.write_all(&number.to_le_bytes()).unwrap();
            }
        });
        thread::yield_now();
        let (ours, mut collector, end) = background.take().unwrap();
        if end.is_none() {
            loop {
                match collector.advance(ours.as_fd()) {
                    Turn::Over(_) => break,
                    Turn::More => {}
                    Turn::Empty => thread::yield_now(),
                }
            }
        }
        writer.join().unwrap();
        let bytes = collector.into_parts().0;
        let numbers: Vec<u32> =
            bytes.chunks_exact(4).map(|four| u32::from_le_bytes(four.try_into().unwrap())).collect();
        assert!(numbers.iter().copied().eq(0..100_000));
    }
}

#[test]
fn a_stream_that_is_given_up_is_closed() {
    let (background, theirs, over) = in_background(NO_RULES);
    // A write to a full pipe would wait for ever where nobody reads and nobody closes.
    ioctl_fionbio(&theirs, true).unwrap();
    drop(background);
    // The runtime lets go of its descriptor when it gets to it.
    let deadline = Instant::now() + PATIENCE;
    while write(&theirs, &[0; 1000]) != Err(Errno::PIPE) {
        assert!(Instant::now() < deadline, "somebody still reads");
    }
    assert!(over.recv_timeout(PATIENCE).is_err(), "nothing is done");
}
