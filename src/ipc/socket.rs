//! Bytes and descriptors through a Unix socket, never waiting.

use std::{
    io::{IoSlice, IoSliceMut},
    mem::MaybeUninit,
    os::fd::AsFd,
};

use rustix::{
    cmsg_space,
    io::{Errno, retry_on_intr},
    net::{
        self, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
        SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
    },
};

use crate::sys::{BorrowedDescriptor, Descriptor, SystemError};

/// What one read gave.
#[derive(Debug, Default)]
pub struct Received {
    /// How many bytes; 0 is the end of the stream.
    pub bytes: usize,
    /// The descriptor that came along, close-on-exec. The kernel ends a read behind the bytes that carried one, so there
    /// is one at most that Node's protocol has a use for; more are closed here.
    pub descriptor: Option<Descriptor>,
}

/// Reads once.
///
/// # Errors
///
/// EAGAIN if there is nothing, ECONNRESET if the other end closed without reading everything, and the rest of recvmsg(2).
pub fn receive(socket: impl AsFd, room: &mut [u8]) -> Result<Received, SystemError> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
    let message =
        retry_on_intr(|| recvmsg(&socket, &mut [IoSliceMut::new(&mut *room)], &mut control, flags))?;
    let mut received = Received { bytes: message.bytes, descriptor: None };
    for part in control.drain() {
        if let RecvAncillaryMessage::ScmRights(descriptors) = part {
            for descriptor in descriptors {
                received.descriptor.get_or_insert(descriptor);
            }
        }
    }
    Ok(received)
}

/// Writes what fits, the descriptor with the first byte.
///
/// # Errors
///
/// EAGAIN if nothing fits, EPIPE (without a signal) if the other end is closed, and the rest of sendmsg(2).
pub fn send(
    socket: impl AsFd,
    bytes: &[u8],
    descriptor: Option<BorrowedDescriptor<'_>>,
) -> Result<usize, SystemError> {
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    let sent = retry_on_intr(|| match descriptor {
        None => net::send(&socket, bytes, flags),
        Some(descriptor) => {
            let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
            let mut control = SendAncillaryBuffer::new(&mut space);
            let descriptors = [descriptor];
            control.push(SendAncillaryMessage::ScmRights(&descriptors));
            sendmsg(&socket, &[IoSlice::new(bytes)], &mut control, flags)
        }
    });
    // libuv waits for room on either; ENOBUFS is what some systems say instead.
    sent.map_err(|errno| if errno == Errno::NOBUFS { SystemError::AGAIN } else { errno.into() })
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn a_descriptor_comes_with_its_bytes() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (mut far, near) = UnixStream::pair().unwrap();
        send(&ours, b"before", None).unwrap();
        send(&ours, b"with", Some(near.as_fd())).unwrap();
        send(&ours, b"after", None).unwrap();
        drop(near);

        let mut room = [0; 64];
        let received = receive(&theirs, &mut room).unwrap();
        assert_eq!(&room[..received.bytes], b"beforewith");
        let mut passed = UnixStream::from(received.descriptor.unwrap());
        passed.write_all(b"through").unwrap();
        drop(passed);
        let mut text = String::new();
        far.read_to_string(&mut text).unwrap();
        assert_eq!(text, "through");

        let received = receive(&theirs, &mut room).unwrap();
        assert_eq!(&room[..received.bytes], b"after");
        assert!(received.descriptor.is_none());
    }

    #[test]
    fn nothing_waits_and_nothing_kills() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        assert_eq!(receive(&ours, &mut [0; 8]).unwrap_err(), SystemError::AGAIN);
        while send(&ours, &vec![0; 65536], None).is_ok() {}
        assert_eq!(send(&ours, &vec![0; 65536], None).unwrap_err(), SystemError::AGAIN);
        drop(theirs);
        assert_eq!(send(&ours, b"x", None).unwrap_err(), SystemError::PIPE);
    }
}
