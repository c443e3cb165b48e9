//! `sh scripts/fuzz.sh`: any bytes, split anywhere, give the same frames as unsplit, take no more memory than
//! they are worth, and a joined batch says nothing that its lines do not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rs_child_process::ipc::{Framing, Inbox, SpareRoom, json};
use serde_json::Value;

fn decode(framing: Framing, bytes: &[u8], pieces: &[u8]) -> (Vec<u8>, usize, bool) {
    let (mut inbox, mut frames, mut count, mut fed) = (Inbox::new(framing, SpareRoom::default()), Vec::new(), 0, 0);
    let mut sizes = pieces.iter().cycle();
    while fed < bytes.len() {
        let size = sizes.next().map_or(usize::MAX, |&size| 1 + usize::from(size)).min(bytes.len() - fed);
        let room = inbox.room();
        assert!(room.len() <= 512 * 1024 + 8 * fed);
        room[..size].copy_from_slice(&bytes[fed..fed + size]);
        inbox.advance(size);
        fed += size;
        count += inbox.complete().frames;
        if inbox.complete().frames > 0 {
            frames.append(&mut inbox.take());
        }
    }
    (frames, count, inbox.is_partial())
}

fuzz_target!(|input: (&[u8], &[u8])| {
    let (bytes, pieces) = input;
    for framing in [Framing::Lines, Framing::Lengths] {
        let (frames, count, partial) = decode(framing, bytes, pieces);
        assert_eq!((frames.as_slice(), count, partial), {
            let (whole, count, partial) = decode(framing, bytes, &[]);
            assert!(bytes.starts_with(&whole));
            (&bytes[..whole.len()], count, partial)
        });
        if framing == Framing::Lines && count > 1 {
            let mut joined = Vec::new();
            let sound = json::join(&frames, &mut joined);
            if let Ok(together) = serde_json::from_slice::<Vec<Value>>(&joined)
                && sound
                && together.len() == count
            {
                let lines = frames.split(|&byte| byte == b'\n').take(count);
                for (line, value) in lines.zip(together) {
                    assert_eq!(serde_json::from_slice::<Value>(line).ok(), Some(value));
                }
            }
        }
    }
});
