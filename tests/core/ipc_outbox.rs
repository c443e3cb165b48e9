//! A descriptor that does not fit the socket.

use std::{
    io::Read,
    os::{fd::AsFd, unix::net::UnixStream},
};

use rs_child_process::{
    ipc::{Flushed, Outbox, socket},
    sys::slab::Slab,
};

use crate::support::{assert_nothing_left, open_descriptors};

#[test]
fn a_descriptor_waits_with_its_message() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut outbox = Outbox::new(ours.into(), Slab::new(64 * 1024).unwrap());
    let before = open_descriptors();
    let (mut far, near) = UnixStream::pair().unwrap();
    while outbox.push(vec![b'x'; 32 * 1024], None) == Ok(Flushed::All) {}
    outbox.push(b"with".to_vec(), Some(near.into())).unwrap();

    let (mut room, mut passed) = (vec![0; 1 << 20], None);
    while passed.is_none() {
        let received = socket::receive(theirs.as_fd(), &mut room).unwrap();
        if let Some(descriptor) = received.descriptor {
            assert!(room[..received.bytes].ends_with(b"with"), "the read ends behind the message");
            passed = Some(descriptor);
        }
        outbox.flush().unwrap();
    }
    drop(passed);
    assert_eq!(far.read(&mut room).unwrap(), 0, "the other end is closed everywhere");
    drop(far);
    assert_nothing_left(before);
}
