//! Reads the rows in which Next.js sends a page to its scripts: `self.__next_f.push([1,"…"])`.
//!
//! All texts together are rows: a number in hexadecimal, a colon, and JSON, or `T`, a length in bytes, a comma and a
//! text. `"$5"`, `"$L5"` and `"$@5"` stand for other rows.

use foldhash::{HashMap, HashSet};
use memchr::memmem;
use serde_json::{Map, Value};

use super::literals::{self, Reader};

const PUSH: &[u8] = b"__next_f.push(";
/// The maximum number of unreadable texts in a script.
const MAX_FAILURES: usize = 8;
/// The maximum number of values after references are replaced, and their depth.
const MAX_VALUES: usize = 100_000;
const MAX_DEPTH: usize = 100;
/// The maximum number of bytes of texts that references may repeat.
const MAX_TEXT_BYTES: usize = 8_000_000;

/// Returns whether a script holds rows.
pub(super) fn has_rows(script: &str) -> bool {
    memmem::find(script.as_bytes(), PUSH).is_some()
}

/// Returns the page that the rows describe.
pub(super) fn read(scripts: &[&str]) -> Option<Value> {
    let mut stream = String::new();
    for script in scripts {
        let (mut from, mut failures) = (0, 0);
        while failures < MAX_FAILURES
            && let Some(at) = memmem::find(&script.as_bytes()[from..], PUSH)
        {
            let start = from + at + PUSH.len();
            let mut reader = Reader::new(script, start, None);
            let value = reader.value();
            failures += usize::from(value.is_none());
            from = if value.is_some() { reader.position() } else { start };
            if let Some(Value::Array(parts)) = value
                && let [Value::Number(_), Value::String(text)] = parts.as_slice()
            {
                stream.push_str(text);
            }
        }
    }
    let rows = read_rows(&stream);
    let mut resolver = Resolver { rows: &rows, values: MAX_VALUES, bytes: MAX_TEXT_BYTES, open: Vec::new() };
    let mut names: Vec<&String> = rows.keys().collect();
    // Rows that others refer to are part of them.
    let referred: HashSet<String> = rows.values().flat_map(references).collect();
    names.retain(|name| !referred.contains(*name));
    names.sort();
    let roots: Vec<Value> = names.into_iter().map(|name| resolver.row(name, 0)).collect();
    (!roots.is_empty()).then_some(Value::Array(roots))
}

fn read_rows(stream: &str) -> HashMap<String, Value> {
    let (mut rows, mut rest) = (HashMap::default(), stream);
    while let Some((name, after)) = rest.split_once(':') {
        let name = name.trim();
        if name.len() > 8 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            rest = after.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        if let Some((length, text)) = after.strip_prefix('T').and_then(|text| text.split_once(','))
            && let Ok(length) = usize::from_str_radix(length, 16)
        {
            let end = text.floor_char_boundary(length.min(text.len()));
            rows.insert(name.to_owned(), Value::String(text[..end].to_owned()));
            rest = &text[end..];
            continue;
        }
        let (line, next) = after.split_once('\n').unwrap_or((after, ""));
        if let Some(value) = literals::parse_json(line) {
            rows.insert(name.to_owned(), value);
        }
        rest = next;
    }
    rows
}

/// Returns the row that a text refers to.
fn reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?.trim_start_matches(['L', '@', 'Q', 'W']);
    // A path within the row may follow.
    let name = name.split(':').next()?;
    (!name.is_empty() && name.len() <= 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(name)
}

/// Returns all rows that a row refers to.
fn references(value: &Value) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![value]);
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => found.extend(reference(text).map(str::to_owned)),
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    found
}

/// Replaces references by the rows they stand for.
struct Resolver<'r> {
    rows: &'r HashMap<String, Value>,
    values: usize,
    bytes: usize,
    /// The rows that are being replaced; a row within itself is left out.
    open: Vec<String>,
}

impl Resolver<'_> {
    fn row(&mut self, name: &str, depth: usize) -> Value {
        let rows = self.rows;
        let Some(value) = rows.get(name) else { return Value::Null };
        if self.open.iter().any(|open| open == name) {
            return Value::Null;
        }
        self.open.push(name.to_owned());
        let resolved = self.resolve(value, depth);
        self.open.pop();
        resolved
    }

    fn resolve(&mut self, value: &Value, depth: usize) -> Value {
        if depth > MAX_DEPTH || self.values == 0 {
            return Value::Null;
        }
        self.values -= 1;
        match value {
            Value::String(text) => match reference(text) {
                Some(name) => self.row(name, depth + 1),
                // `$undefined`, dates, symbols.
                None if text.starts_with('$') && text.len() > 1 && !text.starts_with("$$") => Value::Null,
                None if text.len() > self.bytes => Value::Null,
                None => {
                    self.bytes -= text.len();
                    Value::String(text.strip_prefix("$$").map_or_else(|| text.clone(), |text| format!("${text}")))
                }
            },
            Value::Array(items) => Value::Array(items.iter().map(|item| self.resolve(item, depth + 1)).collect()),
            Value::Object(fields) => {
                let resolved = fields.iter().map(|(key, value)| (key.clone(), self.resolve(value, depth + 1)));
                Value::Object(resolved.collect::<Map<String, Value>>())
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_put_together_across_scripts() {
        let scripts = [
            "(self.__next_f=self.__next_f||[]).push([0])",
            r#"self.__next_f.push([1,"0:{\"body\":\"$2\",\"side\":\"$L3\",\"price\":\"$$5\"}\n2:T"])"#,
            r#"self.__next_f.push([1,"c,<p>Été</p>3:[\"$\",\"p\",null,{\"children\":\"Rain\"}]\n"]);"#,
        ];
        let page = read(&scripts).map(|value| value.to_string());
        let wanted = r#"[{"body":"<p>Été</p>","price":"$5","side":["$","p",null,{"children":"Rain"}]}]"#;
        assert_eq!(page.as_deref(), Some(wanted));
    }

    #[test]
    fn rows_that_hold_each_other_end() {
        let scripts = [r#"self.__next_f.push([1,"0:[\"$1\"]\n1:[\"$2\",\"$2\"]\n2:[\"$1\"]\n"])"#];
        assert!(read(&scripts).is_some_and(|value| value.to_string().len() < 100));
    }
}
