//! What goes into a channel comes out in order, whichever way it took and however slowly it is read.

use std::{
    io::{ErrorKind, Read},
    os::unix::net::UnixStream,
    sync::Arc,
    time::{Duration, Instant},
};

use super::*;
use crate::ipc;

fn pair() -> (Outbox, UnixStream) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    (Outbox::new(ours.into(), Slab::new(64 * 1024).unwrap()), theirs)
}

/// Reads what is there.
fn drain(stream: &mut UnixStream, into: &mut Vec<u8>) {
    stream.set_nonblocking(true).unwrap();
    match stream.read_to_end(into) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_slab_goes_before_what_is_handed_over_after() {
    let (mut outbox, mut theirs) = pair();
    outbox.slab.append(b"one\n");
    assert_eq!(outbox.push(b"two\n".to_vec(), None), Ok(Flushed::All));
    outbox.slab.append(b"three\n");
    outbox.flush_from_outside();
    outbox.slab.append(b"four\n");
    assert_eq!(outbox.flush(), Ok(Flushed::All));
    assert_eq!(outbox.slab.published(), 0);
    let mut read = Vec::new();
    drain(&mut theirs, &mut read);
    assert_eq!(read, b"one\ntwo\nthree\nfour\n");
}

#[test]
fn order_survives_a_full_socket() {
    let (mut outbox, mut theirs) = pair();
    let (mut expected, mut read) = (Vec::new(), Vec::new());
    let mut waited = false;
    for round in 0..400_u32 {
        let small = format!("small {round}\n").into_bytes();
        let large = vec![u8::try_from(round % 251).unwrap(); 9000];
        outbox.slab.append(&small);
        expected.extend_from_slice(&small);
        let state = match round % 3 {
            0 => outbox.flush().unwrap(),
            1 => {
                expected.extend_from_slice(&large);
                outbox.push(large, None).unwrap()
            }
            _ => {
                outbox.flush_from_outside();
                continue;
            }
        };
        waited |= matches!(state, Flushed::Waiting(bytes) if bytes > 0);
        if round % 50 == 49 {
            drain(&mut theirs, &mut read);
        }
    }
    assert!(waited, "the socket never filled");
    while outbox.flush().unwrap() != Flushed::All {
        drain(&mut theirs, &mut read);
    }
    drain(&mut theirs, &mut read);
    assert!(read == expected, "{} bytes instead of {}", read.len(), expected.len());
}

#[test]
fn a_broken_stream_drops_everything() {
    let (mut outbox, theirs) = pair();
    while outbox.push(vec![b'x'; 32 * 1024], None) == Ok(Flushed::All) {}
    drop(theirs);
    outbox.slab.append(b"lost");
    assert_eq!(outbox.flush(), Err(SystemError::PIPE));
    assert_eq!(outbox.slab.published(), 0);
    assert_eq!(outbox.push(b"lost".to_vec(), None), Err(SystemError::PIPE));

    // From another thread the failure is kept for the next flush.
    outbox.slab.append(b"lost");
    outbox.flush_from_outside();
    assert_eq!(outbox.flush(), Err(SystemError::PIPE));
}

#[test]
fn a_watched_slab_is_written_without_its_thread() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let slab = Slab::new(1024).unwrap();
    let memory = Arc::clone(slab.memory());
    let outbox = SharedOutbox::new(ours.into(), slab);
    outbox.with(|outbox| outbox.slab.append(b"sent before a long computation"));
    ipc::watch(&outbox).unwrap();
    theirs.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut read = [0; 30];
    theirs.read_exact(&mut read).unwrap();
    assert_eq!(&read, b"sent before a long computation");

    // The watch ends when nothing comes, and says so.
    let deadline = Instant::now() + Duration::from_secs(20);
    while memory.set_watched(true) {
        assert!(Instant::now() < deadline, "still watched");
        std::thread::yield_now();
    }
    let _ = memory.set_watched(false);
    outbox.close();
    assert_eq!(theirs.read(&mut read).unwrap(), 0);
    ipc::watch(&outbox).unwrap();
}
