//! JSON taken apart at its brackets and commas, in whatever state it is: what cannot be read costs the smallest part around it.

use serde_json::Value;

/// What stands in the brackets of an object or a list.
pub(super) struct Parts<'a> {
    /// What stands between the commas, as written.
    pub(super) list: Vec<&'a str>,
    /// Whether the closing bracket is there.
    pub(super) is_closed: bool,
}

/// Takes an object or a list apart, into so many parts at most. `None` if it is neither.
pub(super) fn take_apart(text: &str, most: usize) -> Option<Parts<'_>> {
    let mut open = Open::default();
    let mut parts = Parts { list: Vec::new(), is_closed: false };
    let (bytes, mut at, mut start) = (text.as_bytes(), 0, 1);
    if !text.starts_with(['{', '[']) {
        return None;
    }
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_string(bytes, at),
            bracket @ (b'{' | b'[') => open.push(bracket),
            bracket @ (b'}' | b']') => open.close(bracket),
            _ => {}
        }
        parts.is_closed = open.brackets.is_empty();
        if parts.is_closed || bytes.get(at) == Some(&b',') && open.brackets.len() == 1 {
            parts.push(&text[start..at], most);
            start = at + 1;
        }
        if parts.is_closed {
            return Some(parts);
        }
        at += 1;
    }
    parts.push(text.get(start..).unwrap_or_default(), most);
    Some(parts)
}

impl<'a> Parts<'a> {
    fn push(&mut self, part: &'a str, most: usize) {
        let part = part.trim();
        if !part.is_empty() && self.list.len() < most {
            self.list.push(part);
        }
    }
}

/// The brackets that are open.
#[derive(Default)]
struct Open {
    brackets: Vec<u8>,
    objects: usize,
}

impl Open {
    fn push(&mut self, bracket: u8) {
        self.objects += usize::from(bracket == b'{');
        self.brackets.push(bracket);
    }

    /// Closes the last bracket of a kind, and those in it that somebody forgot to close.
    fn close(&mut self, bracket: u8) {
        let opening = if bracket == b'}' { b'{' } else { b'[' };
        let of_kind = if bracket == b'}' { self.objects } else { self.brackets.len() - self.objects };
        while of_kind > 0
            && let Some(last) = self.brackets.pop()
        {
            self.objects -= usize::from(last == b'{');
            if last == opening {
                break;
            }
        }
    }
}

/// Returns the position of the quotation mark that ends a string, or the end of the text.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// Returns name and value of a member of an object, as written.
pub(super) fn member(part: &str) -> Option<(&str, &str)> {
    let end = end_of_string(part.as_bytes(), 0);
    let name = part.get(1..end).filter(|_| part.starts_with('"'))?;
    let value = part.get(end + 1..)?.trim_start().strip_prefix(':')?;
    Some((name, value.trim_start()))
}

/// Reads a value; line breaks and tabs may stand in texts. `None` if it cannot be read.
pub(super) fn value(text: &str) -> Option<Value> {
    let escaped = || text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&escaped()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_lists_are_taken_apart_even_if_they_are_broken() {
        for (text, expected, is_closed) in [
            ("[1, \"a,]\\\"\", {\"b\": [2, 3]}] x", &["1", "\"a,]\\\"\"", "{\"b\": [2, 3]}"][..], true),
            ("{\"a\": 1,, }", &["\"a\": 1"], true),
            ("[{\"a\": [1}, {\"b\": 2}]", &["{\"a\": [1}", "{\"b\": 2}"], true),
            ("[{\"a\": 1}, {\"b\": \"2", &["{\"a\": 1}", "{\"b\": \"2"], false),
            ("[}]", &["}"], true),
            ("[\"\\", &["\"\\"], false),
            ("[", &[], false),
        ] {
            let parts = take_apart(text, 10).unwrap();
            assert_eq!((&*parts.list, parts.is_closed), (expected, is_closed), "{text}");
        }
        assert!(take_apart("1", 10).is_none());
        assert_eq!(take_apart("[1,2,3]", 2).unwrap().list, ["1", "2"]);
    }

    #[test]
    fn members_have_a_name_and_a_value() {
        assert_eq!(member("\"a\\\"b\" : [1]"), Some(("a\\\"b", "[1]")));
        for part in ["a: 1", "\"a\" 1", "\"a", "é"] {
            assert_eq!(member(part), None, "{part}");
        }
        assert_eq!(value("\"one\n\ttwo\""), Some(Value::from("one\n\ttwo")));
        assert_eq!(value("\"\\ud83d\""), None);
    }
}
