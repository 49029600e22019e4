//! Finds the values in a page's scripts: JSON, assigned literals, calls with arguments, texts that are JSON themselves.

use serde_json::{Map, Value};

use super::literals::{self, Names, Reader};

/// How many times its own length may be read of a script in vain.
const MAX_ROUNDS: usize = 4;
/// The minimum number of bytes of a value that may hold an article.
const MIN_BYTES: usize = 200;
/// The maximum number of bytes read of one script.
const MAX_BYTES: usize = 8_000_000;
/// The maximum number of values made of a flat list and of bytes of their texts together, and their depth.
const MAX_UNFOLDED: usize = 8_000_000;
const MAX_DEPTH: usize = 40;

/// Returns the values in a script that may hold an article.
pub(super) fn read(script: &str) -> Vec<Value> {
    let script = script.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    if script.len() < MIN_BYTES || script.len() > MAX_BYTES {
        return Vec::new();
    }
    if script.starts_with(['{', '['])
        && let Some(value) = literals::parse_json(script)
    {
        return vec![unfold(value)];
    }
    let mut found: Vec<Value> = read_call(script).into_iter().collect();
    if found.is_empty() {
        found = read_assigned(script);
    }
    found.into_iter().map(unfold).collect()
}

/// Reads the values that are assigned or passed.
fn read_assigned(script: &str) -> Vec<Value> {
    let (mut found, mut at, mut budget) = (Vec::new(), 0, MAX_ROUNDS * script.len());
    while let Some(start) = next_start(script, at) {
        let mut reader = Reader::new(script, start, None);
        let value = reader.value();
        let length = reader.position() - start;
        if let Some(value) = value {
            found.extend((length >= MIN_BYTES).then(|| value_or_json(value)).flatten());
            at = reader.position();
            continue;
        }
        at = start + 1;
        match budget.checked_sub(length + 1) {
            Some(left) => budget = left,
            None => break,
        }
    }
    found
}

/// Returns where the next object, array, quoted text or `JSON.parse(…)` is assigned or passed.
fn next_start(script: &str, from: usize) -> Option<usize> {
    let bytes = script.as_bytes();
    let places = memchr::memchr2_iter(b'=', b'(', bytes.get(from..)?).map(|place| from + place + 1);
    for place in places {
        let spaces = bytes.get(place..)?.iter().take(20).take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = place + spaces;
        match bytes.get(start)? {
            b'{' | b'[' => return Some(start),
            b'"' | b'\'' | b'`'
                if bytes.get(start + 1).is_some_and(|byte| matches!(byte, b'{' | b'[' | b'%' | b'\\')) =>
            {
                return Some(start);
            }
            b'J' if bytes[start..].starts_with(b"JSON.parse(") => return Some(start),
            _ => {}
        }
    }
    None
}

/// Returns a value, or what a text holds as JSON.
fn value_or_json(value: Value) -> Option<Value> {
    match value {
        Value::String(text) => literals::parse_json(&text),
        other => Some(other),
    }
}

/// Reads `(function(a,b){return {…}}("x","y"))`: what is returned, with the arguments in place of their names.
fn read_call(script: &str) -> Option<Value> {
    let start = script.find("(function(").map(|at| at + "(function(".len())?;
    let mut reader = Reader::new(script, start, None);
    let mut parameters = Vec::new();
    while let Some(name) = reader.word() {
        parameters.push(name);
        reader.eat(",");
    }
    if !reader.eat(")") || !reader.eat("{") {
        return None;
    }
    let body = reader.position();
    let returned = body + script[body..].find("return")? + "return".len();
    let mut skipping = Reader::new(script, returned, None);
    skipping.value()?;
    skipping.eat(";");
    if !skipping.eat("}") {
        return None;
    }
    skipping.eat(")");
    let names: Names = parameters.iter().map(|name| (*name).to_owned()).zip(skipping.arguments()?).collect();
    Reader::new(script, returned, Some(&names)).value()
}

/// Restores a value from a flat list whose numbers are the positions of its parts, as Nuxt (`{"title": 5}`) and React
/// Router (`{"_4": 5}`) write them.
fn unfold(value: Value) -> Value {
    let Value::Array(items) = &value else { return value };
    let is_position = |number: &Value| number.as_i64().is_some_and(|at| at < items.len() as i64);
    let is_flat = |first: &Value| match first {
        Value::Object(fields) => !fields.is_empty() && fields.values().all(is_position),
        Value::Array(parts) => {
            parts.len() == 2 && parts.first().is_some_and(Value::is_string) && parts.get(1).is_some_and(is_position)
        }
        _ => false,
    };
    if items.len() < 4 || !items.first().is_some_and(is_flat) {
        return value;
    }
    let mut budget = MAX_UNFOLDED;
    unfold_item(items, 0, 0, &mut budget)
}

fn unfold_item(items: &[Value], at: i64, depth: usize, budget: &mut usize) -> Value {
    let Some(item) = usize::try_from(at).ok().and_then(|at| items.get(at)) else { return Value::Null };
    if depth > MAX_DEPTH || *budget == 0 {
        return Value::Null;
    }
    *budget = budget.saturating_sub(item.as_str().map_or(8, |text| text.len() + 8));
    let mut part = |part: &Value| match part.as_i64() {
        Some(at) => unfold_item(items, at, depth + 1, budget),
        None => Value::Null,
    };
    match item {
        Value::Object(fields) => {
            let mut unfolded = Map::new();
            for (key, value) in fields {
                let name = key.strip_prefix('_').and_then(|at| items.get(at.parse::<usize>().ok()?)?.as_str());
                unfolded.insert(name.unwrap_or(key).to_owned(), part(value));
            }
            Value::Object(unfolded)
        }
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(_), inner] => part(inner),
            [Value::String(_), ..] => item.clone(),
            _ => Value::Array(parts.iter().map(part).collect()),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a script in which `LONG` stands for a text long enough to be looked at.
    fn read_long(script: &str) -> String {
        let long = "It rained. ".repeat(30);
        let values = read(&script.replace("LONG", &long));
        Value::Array(values).to_string().replace(&long, "LONG")
    }

    #[test]
    fn states_are_found_in_whatever_way_they_are_written() {
        for script in [
            r#"{"b":"LONG"}"#,
            r#"<!-- {"b":"LONG"} -->"#,
            r#"window.__STATE__ = {b: 'LONG'}; start();"#,
            r#"var a=1;if(a==(2)){};window["x"]=JSON.parse("{\"b\":\"LONG\"}")"#,
            r#"window.__DATA__='{"b":"LONG"}'"#,
            r#"window.__NUXT__=(function(a,c){return {b:c}}(1,"LONG"));"#,
            r#"[["Reactive",1],{"b":2},"LONG",null]"#,
            r#"[{"_1":2},"b","LONG",0]"#,
            r#"window.ctx.enqueue("[{\"_1\":2},\"b\",\"LONG\",0]");"#,
        ] {
            assert_eq!(read_long(script), r#"[{"b":"LONG"}]"#, "{script}");
        }
        assert_eq!(read_long("document.write('LONG')"), "[]");
    }
}
