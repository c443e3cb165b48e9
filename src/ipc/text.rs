//! Lines as strings that V8 can make.

use std::borrow::Cow;

/// The longest string of V8, in UTF-16 units (`buffer.constants.MAX_STRING_LENGTH`).
pub const LONGEST: usize = if cfg!(target_pointer_width = "64") { 0x1fff_ffe8 } else { 0x0fff_fff0 };

/// A text in the form from which a string is to be made.
#[derive(Debug, PartialEq, Eq)]
pub enum Text<'a> {
    /// Each byte is a character.
    Ascii(&'a [u8]),
    /// The usual form of everything else. Malformed UTF-8 becomes U+FFFD, as in Node.
    Utf8(Cow<'a, str>),
    /// For a text that is short enough though its UTF-8 is not: V8 refuses by the number of bytes what it is to decode.
    Utf16(Vec<u16>),
}

impl<'a> Text<'a> {
    /// Chooses the form; nothing if the text has more than `longest` units.
    #[must_use]
    pub fn new(bytes: &'a [u8], longest: usize) -> Option<Self> {
        if bytes.is_ascii() {
            return (bytes.len() <= longest).then_some(Self::Ascii(bytes));
        }
        let text = String::from_utf8_lossy(bytes);
        if text.len() <= longest {
            return Some(Self::Utf8(text));
        }
        let units = text.encode_utf16().count();
        (units <= longest).then(|| {
            let mut utf16 = Vec::with_capacity(units);
            utf16.extend(text.encode_utf16());
            Self::Utf16(utf16)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_take_the_fast_ways() {
        assert_eq!(Text::new(b"abc", 3), Some(Text::Ascii(b"abc")));
        assert_eq!(Text::new("aé".as_bytes(), 3), Some(Text::Utf8("aé".into())));
        assert_eq!(Text::new(b"\xff", 3), Some(Text::Utf8("\u{fffd}".into())));
    }

    #[test]
    fn what_counts_in_the_end_is_the_number_of_units() {
        assert_eq!(Text::new("€€".as_bytes(), 2), Some(Text::Utf16(vec![0x20ac; 2])));
        assert_eq!(Text::new("🤖".as_bytes(), 2), Some(Text::Utf16("🤖".encode_utf16().collect())));
        assert_eq!(Text::new(b"\xff\xff", 2), Some(Text::Utf16(vec![0xfffd; 2])));
    }

    #[test]
    fn longer_texts_have_no_form() {
        assert_eq!(Text::new(b"abcd", 3), None);
        assert_eq!(Text::new("€€€".as_bytes(), 2), None);
        assert_eq!(Text::new("a🤖".as_bytes(), 2), None);
    }
}
