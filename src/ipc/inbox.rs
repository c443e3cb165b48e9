//! What has arrived and not yet been handed over.

use std::{cell::Cell, rc::Rc};

use super::{Complete, Framing};

/// Room offered to one read. A Unix socket holds about 200 KB by default, so one read can empty it.
const ROOM: usize = 256 * 1024;
/// Below this much room the buffer grows.
const LEAST_ROOM: usize = 64 * 1024;
/// By how much, as long as that is no more than the largest step; from there on it doubles.
const GROWTH: usize = 8;
const LARGEST_STEP: usize = 32 * 1024 * 1024;
/// Buffers of more than this are given up when little is in them, and not shared.
const KEPT: usize = 4 * ROOM;

/// Memory that the inboxes of one thread share: a channel has a buffer only while part of a frame waits in it, and most of
/// the time none does.
#[derive(Clone, Default)]
pub struct SpareRoom(Rc<Cell<Vec<u8>>>);

/// A buffer that is read into at its end and gives up whole frames at its front.
pub struct Inbox {
    framing: Framing,
    spare: SpareRoom,
    /// All of it is initialised; `..end` has been read, and starts with a frame.
    data: Vec<u8>,
    end: usize,
    scanned: usize,
    complete: Complete,
}

impl Inbox {
    /// An empty buffer; memory is taken for each read.
    #[must_use]
    pub fn new(framing: Framing, spare: SpareRoom) -> Self {
        Self { framing, spare, data: Vec::new(), end: 0, scanned: 0, complete: Complete::default() }
    }

    /// Room for the next read. The buffer grows with what has really arrived: a length field is only a promise.
    pub fn room(&mut self) -> &mut [u8] {
        if self.data.is_empty() {
            self.data = self.spare.0.take();
        }
        if self.data.len() - self.end < LEAST_ROOM {
            // Fresh zeroed memory costs nothing until it is touched, unlike the extension of a Vec. So it may grow in
            // large steps, which saves copies.
            let grown = (GROWTH * self.end).min(self.end + LARGEST_STEP).max(2 * self.end);
            let mut larger = vec![0; grown.max(ROOM)];
            larger[..self.end].copy_from_slice(&self.data[..self.end]);
            self.data = larger;
        }
        &mut self.data[self.end..]
    }

    /// Notes that `count` bytes have been read into the room.
    pub fn advance(&mut self, count: usize) {
        self.end = self.data.len().min(self.end + count);
        self.complete = self.framing.complete(&self.data[..self.end], self.scanned);
        self.scanned = self.end;
    }

    /// How much of the front is complete frames.
    #[must_use]
    pub fn complete(&self) -> Complete {
        self.complete
    }

    /// The complete frames' bytes.
    #[must_use]
    pub fn frames(&self) -> &[u8] {
        &self.data[..self.complete.bytes]
    }

    /// Whether part of a frame waits for its rest, once the complete ones are gone.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.end > self.complete.bytes
    }

    /// Takes the complete frames out. If they are all there is and they are large, their memory comes without a copy.
    pub fn take(&mut self) -> Vec<u8> {
        let bytes = self.complete.bytes;
        let frames = if bytes == self.end && bytes >= LEAST_ROOM {
            let mut all = std::mem::take(&mut self.data);
            all.truncate(bytes);
            all
        } else {
            self.frames().to_vec()
        };
        self.discard();
        frames
    }

    /// Hands the complete frames to `make`, and drops them whatever it makes of them: frames that cannot be made into
    /// anything must not come again with every read, nor hold up what follows.
    pub fn give<T>(&mut self, make: impl FnOnce(&[u8], usize) -> T) -> T {
        let result = make(self.frames(), self.complete.frames);
        self.discard();
        result
    }

    /// Lets go of memory that nothing is in. To be called after a read that gave nothing.
    pub fn give_back(&mut self) {
        if self.end == 0 && (1..=KEPT).contains(&self.data.len()) {
            self.spare.0.set(std::mem::take(&mut self.data));
        }
    }

    /// Drops the complete frames, and memory that only one large frame needed.
    pub fn discard(&mut self) {
        let (from, left) = (self.complete.bytes, self.end - self.complete.bytes);
        if self.data.len() > KEPT && self.end < self.data.len() / 4 && left < ROOM {
            let mut smaller = vec![0; ROOM];
            smaller[..left].copy_from_slice(&self.data[from..self.end]);
            self.data = smaller;
        } else if !self.data.is_empty() {
            self.data.copy_within(from..self.end, 0);
        }
        self.end = left;
        self.scanned = left;
        self.complete = Complete::default();
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inbox: &mut Inbox, bytes: &[u8]) {
        inbox.room()[..bytes.len()].copy_from_slice(bytes);
        inbox.advance(bytes.len());
    }

    #[test]
    fn a_frame_in_pieces_is_given_up_whole() {
        let mut inbox = Inbox::new(Framing::Lines, SpareRoom::default());
        read(&mut inbox, b"{\"a\"");
        assert_eq!(inbox.complete(), Complete::default());
        assert!(inbox.is_partial());
        read(&mut inbox, b":1}\n[");
        assert_eq!(inbox.take(), b"{\"a\":1}\n");
        assert!(inbox.is_partial());
        read(&mut inbox, b"]\n");
        assert_eq!(inbox.take(), b"[]\n");
        assert!(!inbox.is_partial());
    }

    #[test]
    fn frames_that_nothing_can_be_made_of_are_gone_too() {
        let mut inbox = Inbox::new(Framing::Lines, SpareRoom::default());
        read(&mut inbox, b"1\n2\n3");
        assert_eq!(
            inbox.give(|lines, count| Err::<(), _>((lines.to_vec(), count))),
            Err((b"1\n2\n".to_vec(), 2))
        );
        assert_eq!(inbox.complete(), Complete::default());
        read(&mut inbox, b"\n");
        assert_eq!(inbox.frames(), b"3\n");
    }

    #[test]
    fn a_promised_length_takes_no_memory() {
        let mut inbox = Inbox::new(Framing::Lengths, SpareRoom::default());
        read(&mut inbox, &[0xff; 4]);
        for _ in 0..64 {
            read(&mut inbox, &[0; 1024]);
        }
        assert!(inbox.is_partial());
        assert!(inbox.data.len() <= GROWTH * ROOM, "{} bytes", inbox.data.len());
    }

    #[test]
    fn memory_of_a_large_frame_is_given_back() {
        let mut inbox = Inbox::new(Framing::Lines, SpareRoom::default());
        for _ in 0..40 {
            read(&mut inbox, &vec![b'1'; LEAST_ROOM]);
        }
        read(&mut inbox, b"\n");
        assert_eq!(inbox.take().len(), 40 * LEAST_ROOM + 1);
        read(&mut inbox, b"1\n");
        assert_eq!(inbox.take(), b"1\n");
        assert!(inbox.data.len() <= ROOM, "{} bytes", inbox.data.len());
    }

    #[test]
    fn memory_is_given_back_when_a_small_frame_follows_a_large_one_in_one_read() {
        let mut inbox = Inbox::new(Framing::Lines, SpareRoom::default());
        for _ in 0..40 {
            read(&mut inbox, &vec![b'1'; LEAST_ROOM]);
        }
        read(&mut inbox, b"\n2");
        inbox.discard();
        read(&mut inbox, b"\n");
        assert_eq!(inbox.frames(), b"2\n");
        inbox.discard();
        assert!(inbox.data.len() <= ROOM, "{} bytes", inbox.data.len());
    }

    #[test]
    fn inboxes_share_the_memory_that_they_do_not_use() {
        let spare = SpareRoom::default();
        let mut inboxes = [Inbox::new(Framing::Lines, spare.clone()), Inbox::new(Framing::Lines, spare)];
        for inbox in &mut inboxes {
            read(inbox, b"1\n");
            inbox.discard();
            assert_eq!(inbox.data.capacity(), 0);
        }
        let address = inboxes[0].room().as_ptr();
        inboxes[0].give_back();
        read(&mut inboxes[1], b"1\n2");
        inboxes[1].discard();
        assert_eq!(inboxes[1].data.as_ptr(), address, "what has arrived stays where it is");
        read(&mut inboxes[0], b"3\n");
        assert_eq!(inboxes[0].frames(), b"3\n");
        read(&mut inboxes[1], b"\n");
        assert_eq!(inboxes[1].frames(), b"2\n");
    }
}
