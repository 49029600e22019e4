//! What is mended in a page before anything is read of it: text that was decoded once too often.

use std::borrow::Cow;

use memchr::memmem;

/// How quotation marks and dashes begin whose UTF-8 was read as Latin-1. Since the second letter is a control character, no page
/// means to say it.
const SIGN: &str = "\u{e2}\u{80}";

/// The text with letters put together again whose UTF-8 was read as Latin-1, if there are any.
pub(crate) fn text(html: &str) -> Cow<'_, str> {
    if memmem::find(html.as_bytes(), SIGN.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let (mut mended, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(letter) = rest.chars().next() {
        let length = letter.len_utf8();
        let (whole, read) = if letter.is_ascii() { None } else { put_together(rest) }.unwrap_or((letter, length));
        mended.push(whole);
        rest = &rest[read..];
    }
    Cow::Owned(mended)
}

/// The letter whose bytes stand at the beginning of a text as letters of their own, and how much of the text they are.
fn put_together(text: &str) -> Option<(char, usize)> {
    let byte = |letter: char| u8::try_from(u32::from(letter)).ok();
    let count = match text.chars().next().and_then(byte)? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = text.chars().take(count).map(byte).collect::<Option<_>>()?;
    let whole = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((whole, text.chars().take(count).map(char::len_utf8).sum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_were_decoded_once_too_often_are_put_together() {
        for (broken, whole) in [
            ("youâ\u{80}\u{99}re wet,Â\u{a0}ZoÃ«", "you’re wet,\u{a0}Zoë"),
            ("Rain â\u{80}\u{94} Zoë", "Rain — Zoë"),
            ("â\u{80}", "â\u{80}"),
            ("Ã« and Â°", "Ã« and Â°"),
        ] {
            assert_eq!(text(broken), whole);
        }
    }
}
