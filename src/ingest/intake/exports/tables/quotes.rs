//! Finds quotation marks that open a field and are never closed, and would swallow the lines behind them. Pure.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use crate::ingest::intake::exports::saved_link::{LeftOut, Record};

/// Lines that are named. Of more, only the number is said: each line of a file of a hundred megabytes may be one.
const MAX_NAMED: usize = 100;
/// Characters of a line that are shown.
const SHOWN: usize = 200;

/// Drops the quotation marks that nobody closes, so that each of the following lines is a row of its own. Returns the text
/// without them, and what to say of each.
///
/// A mark counts as one of these if the text ends before it is closed; or if the next mark stands in another line and closes
/// no field there, while the line itself has all fields of the header.
pub(super) fn drop_unclosed(text: &str, delimiter: u8) -> (Cow<'_, str>, Vec<Record>) {
    let bytes = text.as_bytes();
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let ends_field = |byte: &u8| *byte == delimiter || is_line_end(byte);
    let (mut kept, mut copied, mut problems) = (String::new(), 0, Vec::new());
    let (mut line, mut counted, mut unnamed) = (1, 0, 0);
    let (mut at, mut fields, mut width) = (0, 0, None);
    while at < bytes.len() {
        if fields == 0 && is_line_end(&bytes[at]) {
            at += 1;
            continue;
        }
        if bytes[at] == b'"' {
            let rest = &bytes[at + 1..];
            let close = find_close(rest);
            let is_sound = |close: usize| {
                rest.get(close + 1).is_none_or(ends_field) || memchr2(b'\r', b'\n', &rest[..close]).is_none()
            };
            let rest_of_line =
                &rest[..memchr2(b'\r', b'\n', &rest[..close.unwrap_or(rest.len())]).unwrap_or(rest.len())];
            let is_whole = || width.is_some_and(|width| fields + 1 + count(rest_of_line, delimiter) >= width);
            match close.filter(|close| is_sound(*close) || !is_whole()) {
                Some(close) => at += close + 2,
                None => {
                    kept.push_str(&text[copied..at]);
                    line += count(&bytes[counted..at], b'\n');
                    if problems.len() < MAX_NAMED {
                        problems.push(say(line, &text[at..at + 1 + rest_of_line.len()]));
                    } else {
                        unnamed += 1;
                    }
                    (copied, counted) = (at + 1, at);
                    at += 1;
                }
            }
        }
        at += bytes[at..].iter().position(ends_field).unwrap_or(bytes.len() - at);
        fields += 1;
        if bytes.get(at).is_none_or(is_line_end) {
            width = width.or(Some(fields));
            fields = 0;
        }
        at += 1;
    }
    if problems.is_empty() {
        return (Cow::Borrowed(text), problems);
    }
    kept.push_str(&text[copied..]);
    problems.extend((unnamed > 0).then(|| say_more(unnamed)));
    (Cow::Owned(kept), problems)
}

/// Returns where a field ends that a quotation mark has opened; two of them stand for one.
fn find_close(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr(b'"', &bytes[at..])?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

fn count(bytes: &[u8], wanted: u8) -> usize {
    memchr_iter(wanted, bytes).count()
}

fn say(line: usize, text: &str) -> Record {
    let reason = "A quotation mark in this line is never closed. This line and those behind it were read one by one; check \
                  whether they are complete.";
    let text = text.chars().take(SHOWN).collect();
    Err(LeftOut { place: format!("line {line}"), text, reason: reason.to_owned() })
}

fn say_more(lines: usize) -> Record {
    let reason = format!("A quotation mark is never closed in {lines} more lines. They were read one by one, too.");
    Err(LeftOut { place: "further lines".to_owned(), text: String::new(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text without unclosed marks, and the places of these.
    fn mend(text: &str) -> (String, Vec<String>) {
        let (mended, problems) = drop_unclosed(text, b',');
        (mended.into_owned(), problems.into_iter().map(|problem| problem.unwrap_err().place).collect())
    }

    #[test]
    fn a_mark_that_nobody_closes_is_dropped_and_named() {
        for (text, expected, lines) in [
            ("a,b\n\"1,2\n3,4\n", "a,b\n1,2\n3,4\n", vec!["line 2"]),
            ("a,b\r\n1,2\r\n3,\"4\r\n5,6", "a,b\r\n1,2\r\n3,4\r\n5,6", vec!["line 3"]),
            ("a,b\n\"1,2\n\"3\",4\n", "a,b\n1,2\n\"3\",4\n", vec!["line 2"]),
            ("a,b\n\"1,2\n\"3,4\n\"5,6\n", "a,b\n1,2\n3,4\n5,6\n", vec!["line 2", "line 3", "line 4"]),
            ("a,b\n\"1\n1\",2\n\"3,4\n\"5\",6\n", "a,b\n\"1\n1\",2\n3,4\n\"5\",6\n", vec!["line 4"]),
            ("a\n\"1\n\"2\"\n", "a\n1\n\"2\"\n", vec!["line 2"]),
        ] {
            let (mended, places) = mend(text);
            assert_eq!((mended.as_str(), places), (expected, lines.into_iter().map(str::to_owned).collect()), "{text}");
        }
    }

    #[test]
    fn of_many_unclosed_marks_the_first_are_named_and_the_others_counted() {
        let text = format!("a,b\n{}", "\"1,2\n".repeat(5_000));
        let (mended, problems) = drop_unclosed(&text, b',');
        assert_eq!(mended, text.replace('"', ""));
        let problems: Vec<LeftOut> = problems.into_iter().map(Result::unwrap_err).collect();
        assert_eq!((problems.len(), problems[99].place.as_str()), (MAX_NAMED + 1, "line 101"));
        assert!(problems[100].reason.contains("in 4900 more lines"), "{}", problems[100].reason);
    }

    #[test]
    fn marks_that_are_closed_stay_even_in_sloppy_tables() {
        for text in [
            "",
            "\n\n",
            "a,b\n\"one\ntwo, three\n\",2\n",
            "a,b\n\"said \"\"so\"\"\nand left\",2\n",
            "a,b\n\"said \"so\" and left\",2\n3,4\n",
            "a,b\nsaid \"so,2\n3,4\n",
            "a,b,c\n\"one\nsaid \"so\" and left\",2,3\n",
            "\"a\",\"b\"\n\"\",\"\"\"\"\n",
        ] {
            assert_eq!(mend(text), (text.to_owned(), Vec::new()), "{text}");
        }
    }
}
