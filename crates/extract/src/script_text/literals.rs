//! Reads values written in JavaScript: JSON, and literals with unquoted names, other quotes and trailing commas.
//!
//! Nothing is run. A name stands for the argument that a call passes for it, as in Nuxt's `(function(a){…}("x"))`, and
//! for `null` otherwise.

use foldhash::HashMap;
use serde_json::{Map, Value};

use crate::stop;

/// The maximum depth of nested values.
const MAX_DEPTH: usize = 100;
/// The maximum number of bytes that names may stand for together.
const MAX_NAMED_BYTES: usize = 4_000_000;

/// Values by the names that stand for them.
pub(super) type Names = HashMap<String, Value>;

/// A reader at a position of a script.
pub(super) struct Reader<'s, 'n> {
    text: &'s str,
    at: usize,
    names: Option<&'n Names>,
    named_bytes: usize,
}

impl<'s, 'n> Reader<'s, 'n> {
    pub(super) fn new(text: &'s str, at: usize, names: Option<&'n Names>) -> Self {
        Reader { text, at, names, named_bytes: MAX_NAMED_BYTES }
    }

    /// Returns the position after what was read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Skips white space and comments.
    pub(super) fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            let comment = match rest.as_bytes() {
                [b'/', b'/', ..] => rest.find('\n').unwrap_or(rest.len()),
                [b'/', b'*', ..] => rest.find("*/").map_or(rest.len(), |end| end + 2),
                _ => return,
            };
            self.at += comment;
        }
    }

    /// Reads this text after white space, if it comes next.
    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(wanted);
        self.at += if found { wanted.len() } else { 0 };
        found
    }

    /// Reads a value. Returns `None` where the script goes on in another way.
    pub(super) fn value(&mut self) -> Option<Value> {
        self.nested_value(0)
    }

    fn nested_value(&mut self, depth: usize) -> Option<Value> {
        stop::check();
        if depth > MAX_DEPTH {
            return None;
        }
        self.skip_space();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth).map(Value::Array),
            b'"' | b'\'' | b'`' => self.string().map(Value::String),
            b'!' => self.negation(depth),
            b'-' | b'+' | b'0'..=b'9' | b'.' => Some(self.number()),
            b'(' => {
                self.at += 1;
                let inner = self.nested_value(depth + 1)?;
                self.eat(")").then_some(inner)
            }
            _ => self.name(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut fields = Map::new();
        loop {
            if self.eat("}") {
                return Some(Value::Object(fields));
            }
            let key = match self.peek()? {
                b'"' | b'\'' => self.string()?,
                b'[' => {
                    let keys = self.array(depth)?;
                    keys.first().and_then(Value::as_str)?.to_owned()
                }
                _ => self.word()?.to_owned(),
            };
            let value = if self.eat(":") { self.nested_value(depth + 1)? } else { self.named(&key) };
            fields.insert(key, value);
            if !self.eat(",") {
                return self.eat("}").then_some(Value::Object(fields));
            }
        }
    }

    /// Reads the items of an array, or of the arguments of a call.
    fn array(&mut self, depth: usize) -> Option<Vec<Value>> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            if self.eat("]") || self.eat(")") {
                return Some(items);
            }
            if self.eat(",") {
                items.push(Value::Null);
                continue;
            }
            items.push(self.nested_value(depth + 1)?);
            if !self.eat(",") {
                return (self.eat("]") || self.eat(")")).then_some(items);
            }
        }
    }

    /// Reads the arguments of a call, from the opening bracket on.
    pub(super) fn arguments(&mut self) -> Option<Vec<Value>> {
        self.skip_space();
        if self.peek()? == b'(' { self.array(0) } else { None }
    }

    fn negation(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let value = self.nested_value(depth + 1)?;
        Some(Value::Bool(value.as_f64() == Some(0.0) || value.is_null() || value == Value::Bool(false)))
    }

    fn number(&mut self) -> Value {
        let rest = self.rest();
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '+' | '_');
        let digits = rest.split(|letter| !is_part(letter)).next().unwrap_or_default();
        self.at += digits.len();
        digits
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| digits.parse::<f64>().map(Value::from))
            .unwrap_or(Value::Null)
    }

    /// Reads a name: a constant, an argument, a call of which only the argument counts.
    fn name(&mut self, depth: usize) -> Option<Value> {
        let name = self.path()?;
        match name {
            "true" => return Some(Value::Bool(true)),
            "false" => return Some(Value::Bool(false)),
            "null" | "undefined" | "NaN" | "Infinity" => return Some(Value::Null),
            "void" => return self.nested_value(depth + 1).map(|_| Value::Null),
            "new" | "Object.freeze" | "Object" | "return" => return self.nested_value(depth + 1),
            "function" | "class" | "async" => return None,
            _ => {}
        }
        self.skip_space();
        if self.peek() != Some(b'(') {
            return Some(self.named(name));
        }
        let first = self.array(depth)?.into_iter().next().unwrap_or_default();
        match (name.rsplit('.').next(), &first) {
            (Some("parse"), Value::String(json)) => parse_json(json).or(Some(first)),
            (Some("decodeURIComponent" | "unescape"), Value::String(text)) => Some(Value::String(decode_percent(text))),
            _ => Some(first),
        }
    }

    fn named(&mut self, name: &str) -> Value {
        let Some(value) = self.names.and_then(|names| names.get(name)) else { return Value::Null };
        let bytes = size(value);
        if bytes > self.named_bytes {
            return Value::Null;
        }
        self.named_bytes -= bytes;
        value.clone()
    }

    /// Reads an identifier.
    pub(super) fn word(&mut self) -> Option<&'s str> {
        self.skip_space();
        let rest = self.rest();
        let end =
            rest.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '$'))).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).filter(|word| !word.is_empty())
    }

    /// Reads identifiers with dots between them.
    fn path(&mut self) -> Option<&'s str> {
        let start = self.at;
        self.word()?;
        while self.peek() == Some(b'.') {
            self.at += 1;
            self.word()?;
        }
        self.text.get(start..self.at)
    }

    /// Reads a quoted text with its escapes.
    pub(super) fn string(&mut self) -> Option<String> {
        let quote = char::from(self.peek()?);
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let end = rest.find([quote, '\\'])?;
            text.push_str(rest.get(..end)?);
            self.at += end + 1;
            if rest[end..].starts_with(quote) {
                return Some(text);
            }
            self.escape(&mut text)?;
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self, text: &mut String) -> Option<()> {
        let letter = self.rest().chars().next()?;
        self.at += letter.len_utf8();
        match letter {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' | 'b' | 'f' | 'v' | '0' | '\n' => {}
            'x' => text.push(char::from_u32(self.hexadecimal(2)?)?),
            'u' => {
                let mut code = if self.rest().starts_with('{') { self.braced()? } else { self.hexadecimal(4)? };
                if (0xD800..0xDC00).contains(&code) && self.rest().starts_with("\\u") {
                    self.at += 2;
                    let low = self.hexadecimal(4)?;
                    code = 0x10000 + ((code - 0xD800) << 10) + low.wrapping_sub(0xDC00) % 0x400;
                }
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            other => text.push(other),
        }
        Some(())
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let code = u32::from_str_radix(self.rest().get(..digits)?, 16).ok()?;
        self.at += digits;
        Some(code)
    }

    fn braced(&mut self) -> Option<u32> {
        let rest = self.rest();
        let end = rest.find('}').filter(|end| *end <= 8)?;
        self.at += end + 1;
        u32::from_str_radix(rest.get(1..end)?, 16).ok()
    }
}

/// Parses JSON.
pub(super) fn parse_json(text: &str) -> Option<Value> {
    stop::check();
    serde_json::from_str(text.trim()).ok()
}

/// Decodes `%20` and the like.
fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after
            .get(..2)
            .and_then(|digits| str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns about how many bytes a value takes.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum::<usize>() + 8,
        Value::Object(fields) => fields.iter().map(|(key, value)| key.len() + size(value)).sum::<usize>() + 8,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let names: Names = [("a".to_owned(), Value::from("Rain"))].into_iter().collect();
        Reader::new(text, 0, Some(&names)).value().map(|value| value.to_string()).unwrap_or_default()
    }

    #[test]
    fn literals_are_read_as_scripts_write_them() {
        for (literal, wanted) in [
            ("{b:'It\\'s wet',\"c\":[1,-2.5,,],}", r#"{"b":"It's wet","c":[1,-2.5,null]}"#),
            ("{t:a,u:b,v:!0,w:!1,x:void 0,a}", r#"{"a":"Rain","t":"Rain","u":null,"v":true,"w":false,"x":null}"#),
            ("`two\\u0020\\x77ords` /* no */", r#""two words""#),
            ("\"\\ud83c\\udf27 \\u{1f327}\"", "\"🌧 🌧\""),
            ("JSON.parse('{\"b\":\"c\"}')", r#"{"b":"c"}"#),
            ("JSON.parse(decodeURIComponent(\"%7B%22b%22%3A%22%C3%A9%22%7D\"))", r#"{"b":"é"}"#),
            ("new Date(\"2026-11-02\")", r#""2026-11-02""#),
            ("{ // what it is\n b: 1 }", r#"{"b":1}"#),
            ("function(){}", ""),
            ("{b:1", ""),
        ] {
            assert_eq!(read(literal), wanted, "{literal}");
        }
    }

    #[test]
    fn names_do_not_multiply_a_text() {
        let names: Names = [("a".to_owned(), Value::from("x".repeat(1_000_000)))].into_iter().collect();
        let value = Reader::new(&format!("[{}]", "a,".repeat(1_000)), 0, Some(&names)).value();
        assert!(size(&value.unwrap_or_default()) < 5_000_000);
    }

    #[test]
    fn deeply_nested_values_are_refused() {
        assert_eq!(read(&"[".repeat(100_000)), "");
    }
}
