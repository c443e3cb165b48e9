//! What the frames of one delivery are handed to JS as. They are gone from the inbox also where that fails.

use napi::{
    Env, JsValue, Result, Unknown,
    bindgen_prelude::{Buffer, BufferSlice, ToNapiValue},
};

use crate::{
    ipc::{Inbox, LENGTH_FIELD, LONGEST, Text, json},
    node::api::EXTERNAL,
};

/// One line as it is, several as one array in JSON; and whether the array is sound. What is too long for one string
/// comes line by line, in an array of JS's own. `joined` is memory for the array in JSON.
pub fn lines<'env>(env: &'env Env, inbox: &mut Inbox, joined: &mut Vec<u8>) -> Result<(Unknown<'env>, bool)> {
    inbox.give(|lines, count| {
        let (text, sound) = if count == 1 {
            (&lines[..lines.len() - 1], true)
        } else {
            let sound = json::join(lines, joined);
            (joined.as_slice(), sound)
        };
        match string(env, text) {
            Some(text) => Ok((text, sound)),
            None => Ok((one_by_one(env, lines)?, false)),
        }
    })
}

/// The body of one frame; or frames as they are, and false.
pub fn lengths<'env>(env: &'env Env, inbox: &mut Inbox) -> Result<(Unknown<'env>, bool)> {
    if inbox.complete().bytes >= EXTERNAL {
        return Ok((Buffer::from(inbox.take()).into_unknown(env)?, false));
    }
    inbox.give(|frames, count| {
        let skipped = if count == 1 { LENGTH_FIELD } else { 0 };
        let frames = BufferSlice::copy_from(env, &frames[skipped..])?;
        Ok((frames.into_unknown(env)?, count == 1))
    })
}

/// A string, or nothing if V8 cannot make one as long.
fn string<'env>(env: &'env Env, text: &[u8]) -> Option<Unknown<'env>> {
    let string = match Text::new(text, LONGEST)? {
        Text::Ascii(text) => env.create_string_latin1(text),
        Text::Utf8(text) => env.create_string(text),
        Text::Utf16(text) => env.create_string_utf16(text),
    };
    Some(string.ok()?.to_unknown())
}

/// An array of lines, with null for those that are too long even by themselves.
fn one_by_one<'env>(env: &'env Env, lines: &[u8]) -> Result<Unknown<'env>> {
    let strings: Vec<_> = memchr::memchr_iter(b'\n', lines)
        .scan(0, |begin, end| Some(&lines[std::mem::replace(begin, end + 1)..end]))
        .map(|line| string(env, line))
        .collect();
    strings.into_unknown(env)
}
