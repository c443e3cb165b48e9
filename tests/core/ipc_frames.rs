//! Both frame decoders: bytes mean the same however they are split, and no bytes do harm.

use proptest::{collection::vec, prelude::*};
use rs_child_process::ipc::{Framing, Inbox, SpareRoom, json};
use serde_json::Value;

/// Feeds bytes in pieces of the given sizes, over and over, and gives the frames' bytes and what was left.
fn decode(framing: Framing, bytes: &[u8], pieces: &[usize]) -> (Vec<u8>, usize, usize) {
    let (mut inbox, mut frames, mut count, mut fed) =
        (Inbox::new(framing, SpareRoom::default()), Vec::new(), 0, 0);
    let mut sizes = pieces.iter().copied().cycle();
    while fed < bytes.len() {
        let size = sizes.next().unwrap_or(usize::MAX).clamp(1, bytes.len() - fed);
        let room = inbox.room();
        assert!(room.len() >= 64 * 1024, "a read of {} bytes", room.len());
        // Memory grows with what has arrived, whatever a length field says.
        assert!(room.len() <= 512 * 1024 + 8 * fed, "{} bytes of room after {fed}", room.len());
        room[..size].copy_from_slice(&bytes[fed..fed + size]);
        inbox.advance(size);
        fed += size;
        let complete = inbox.complete();
        assert_eq!(complete.bytes > 0, complete.frames > 0);
        count += complete.frames;
        // Both ways out have to agree.
        if fed % 2 == 0 {
            frames.extend_from_slice(inbox.frames());
            inbox.discard();
        } else {
            frames.append(&mut inbox.take());
        }
        assert_eq!(inbox.complete().frames, 0);
    }
    let left = bytes.len() - frames.len();
    assert_eq!(inbox.is_partial(), left > 0);
    (frames, count, left)
}

/// Bytes with enough of what is special to meet it often.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![3 => Just(b'\n'), 3 => Just(0), 2 => 1..8_u8, 1 => any::<u8>()];
    vec(byte, 0..600)
}

/// A line that is JSON, or nearly.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => value().prop_map(|value| value.to_string()),
        2 => vec(prop::sample::select(vec!["{", "}", "[", "]", ",", "\"", "\\", ":", "1", "\"a\":", " "]), 0..12)
            .prop_map(|parts| parts.concat()),
        1 => "[^\n]{0,12}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        prop::sample::select(vec!["[", "{", "}]", "\"", "\\", "\\\""]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,3}", inner), 0..4).prop_map(|pairs| pairs.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #[test]
    fn any_split_gives_the_same_frames(bytes in stream(), pieces in vec(1..200_usize, 1..20)) {
        for framing in [Framing::Lines, Framing::Lengths] {
            prop_assert_eq!(decode(framing, &bytes, &pieces), decode(framing, &bytes, &[usize::MAX]));
        }
    }

    #[test]
    fn lines_are_what_a_split_at_newlines_gives(bytes in stream()) {
        let (frames, count, left) = decode(Framing::Lines, &bytes, &[7]);
        let parts: Vec<_> = bytes.split(|&byte| byte == b'\n').collect();
        prop_assert_eq!(count, parts.len() - 1);
        prop_assert_eq!(left, parts[parts.len() - 1].len());
        prop_assert_eq!(frames.len() + left, bytes.len());
    }

    #[test]
    fn lengths_give_back_what_was_framed(bodies in vec(vec(any::<u8>(), 0..300), 0..20), cut in 0..4_usize) {
        let mut bytes = Vec::new();
        for body in &bodies {
            bytes.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
            bytes.extend_from_slice(body);
        }
        let whole = bytes.len();
        bytes.extend_from_slice(&[0xff; 3][..cut.min(3)]);
        let (frames, count, left) = decode(Framing::Lengths, &bytes, &[5, 1]);
        prop_assert_eq!((frames.len(), count, left), (whole, bodies.len(), cut.min(3)));
    }

    // The claim that src/ipc/json.rs makes: an array of the right length says what the lines say one by one.
    #[test]
    fn a_joined_batch_says_no_more_than_its_lines(lines in vec(line(), 2..6)) {
        let mut joined = Vec::new();
        let sound = json::join((lines.join("\n") + "\n").as_bytes(), &mut joined);
        let alone: Result<Vec<Value>, _> = lines.iter().map(|line| serde_json::from_str(line)).collect();
        let together: Result<Vec<Value>, _> = serde_json::from_slice(&joined);
        match (alone, together) {
            (Ok(alone), together) => {
                prop_assert!(sound);
                prop_assert_eq!(together.unwrap(), alone);
            }
            (Err(_), Ok(together)) => prop_assert!(!sound || together.len() != lines.len(), "{lines:?}"),
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn a_batch_can_be_taken_apart_again(lines in vec("[^\n]{0,20}", 1..8)) {
        let mut joined = Vec::new();
        json::join((lines.join("\n") + "\n").as_bytes(), &mut joined);
        let text = String::from_utf8(joined).unwrap();
        let parts: Vec<_> = text[1..text.len() - 1].split(",\n").collect();
        prop_assert_eq!(parts, lines);
    }
}
