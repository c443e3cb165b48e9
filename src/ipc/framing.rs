//! Where one message ends and the next begins.

use memchr::{memchr_iter, memrchr};

/// How messages are told apart, which both ends agree on by `NODE_CHANNEL_SERIALIZATION_MODE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// `serialization: 'json'`: one JSON text a line, ended by `\n`. JSON escapes newlines inside of strings.
    Lines,
    /// `serialization: 'advanced'`: a `u32` length, big endian and unsigned, then that many bytes of V8's format.
    Lengths,
}

/// The complete frames at the front of a buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Complete {
    /// Bytes they take, terminators and length fields included.
    pub bytes: usize,
    /// How many there are.
    pub frames: usize,
}

/// Bytes in front of a frame of [`Framing::Lengths`].
pub const LENGTH_FIELD: usize = size_of::<u32>();

impl Framing {
    /// Finds the complete frames at the front of `data`. The first `scanned` bytes are known to hold no frame's end, so
    /// that a frame that comes in many pieces is not searched again with each.
    #[must_use]
    pub fn complete(self, data: &[u8], scanned: usize) -> Complete {
        match self {
            Self::Lines => complete_lines(data, scanned.min(data.len())),
            Self::Lengths => complete_lengths(data),
        }
    }
}

fn complete_lines(data: &[u8], scanned: usize) -> Complete {
    match memrchr(b'\n', &data[scanned..]) {
        Some(last) => {
            let bytes = scanned + last + 1;
            Complete { bytes, frames: memchr_iter(b'\n', &data[scanned..bytes]).count() }
        }
        None => Complete::default(),
    }
}

fn complete_lengths(data: &[u8]) -> Complete {
    let mut found = Complete::default();
    while let Some((field, rest)) = data[found.bytes..].split_first_chunk::<LENGTH_FIELD>() {
        // Compared in u64: the largest length plus its field does not fit a 32-bit usize.
        let length = u64::from(u32::from_be_bytes(*field));
        if length > rest.len() as u64 {
            break;
        }
        #[expect(clippy::cast_possible_truncation, reason = "not longer than a slice")]
        let length = length as usize;
        found.bytes += LENGTH_FIELD + length;
        found.frames += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_newline() {
        assert_eq!(Framing::Lines.complete(b"{}\n[]\n4", 0), Complete { bytes: 6, frames: 2 });
        assert_eq!(Framing::Lines.complete(b"{}", 0), Complete::default());
        assert_eq!(Framing::Lines.complete(b"\n\n", 0), Complete { bytes: 2, frames: 2 });
    }

    #[test]
    fn what_was_searched_is_not_searched_again() {
        assert_eq!(Framing::Lines.complete(b"{}x\n", 3), Complete { bytes: 4, frames: 1 });
        assert_eq!(Framing::Lines.complete(b"{}", 9), Complete::default());
    }

    #[test]
    fn lengths_are_unsigned_and_big_endian() {
        let frames = [0, 0, 0, 1, 7, 0, 0, 0, 0, 0, 0, 1, 0, 9];
        assert_eq!(Framing::Lengths.complete(&frames, 0), Complete { bytes: 9, frames: 2 });
        assert_eq!(Framing::Lengths.complete(&[0xff, 0xff, 0xff, 0xff, 1, 2], 0), Complete::default());
        assert_eq!(Framing::Lengths.complete(&[0, 0, 0], 0), Complete::default());
    }
}
