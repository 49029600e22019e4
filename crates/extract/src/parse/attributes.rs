//! Tags with endless attributes, cut before they are parsed.

use std::borrow::Cow;

/// Attributes of one tag. The tokenizer compares each with all before it.
const MOST_ATTRIBUTES: usize = 400;

/// The page without the attributes that a tag has beyond [`MOST_ATTRIBUTES`]; almost always the page
/// itself.
pub(super) fn few_attributes(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut kept = String::new();
    let (mut copied, mut at, mut pardons, mut work) = (0, 0, MOST_PARDONS, 0);
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        at += found + 1;
        let name = at + usize::from(bytes.get(at) == Some(&b'/'));
        if !bytes.get(name).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        // A tag goes on behind a "<" that is not in quotes, so its parts are counted together.
        let (mut part, mut counted) = (name, 0);
        loop {
            let scanned = scan_tag(bytes, part, counted);
            work += scanned.end - part;
            if let Some(cut) = scanned.cut {
                kept.push_str(&html[copied..cut]);
                copied = scanned.end;
                at = scanned.end;
            }
            let ends_script = scanned.cut.is_some() && pardons > 0 && begins_script_end(&bytes[scanned.end..]);
            pardons -= usize::from(ends_script);
            if ends_script || bytes.get(scanned.end) != Some(&b'<') {
                break;
            }
            (part, counted) = (scanned.end + 1, scanned.separators);
        }
        // Each "<" is read on from, since what stands before it may be a script and no tag. Only a page made for it
        // is read many times over that way; its words are kept.
        if work > html.len().saturating_mul(MOST_READINGS) {
            kept.push_str(&html[copied..at]);
            kept.push_str(&html[at..].replace('<', " "));
            return Cow::Owned(kept);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(&html[copied..]);
    Cow::Owned(kept)
}

/// How many times over a page is read in search of endless tags.
const MOST_READINGS: usize = 16;

/// How often what looked like an endless tag may turn out to have been a script with a "less than" in it. More often it is a
/// tag made to look so.
const MOST_PARDONS: usize = 32;

fn begins_script_end(bytes: &[u8]) -> bool {
    [&b"</script"[..], b"</style"]
        .iter()
        .any(|end| bytes.get(..end.len()).is_some_and(|start| start.eq_ignore_ascii_case(end)))
}

struct Scanned {
    /// Where the attributes become too many; before an ASCII byte, so a character boundary.
    cut: Option<usize>,
    /// The closing `>`, a `<` outside quotes, or the end of the page.
    end: usize,
    /// What has separated attributes so far.
    separators: usize,
}

/// Reads a tag from its name, or from a `<` within it, on.
fn scan_tag(bytes: &[u8], start: usize, counted: usize) -> Scanned {
    let (mut at, mut separators, mut cut) = (start, counted, None);
    while let Some(&byte) = bytes.get(at) {
        if !ENDS_WORD[usize::from(byte)] {
            at += 1;
            continue;
        }
        match byte {
            b'>' | b'<' => return Scanned { cut, end: at, separators },
            b'"' | b'\'' => {
                if follows_equals(&bytes[start..at]) {
                    match memchr::memchr(byte, &bytes[at + 1..]) {
                        Some(length) => at += length + 1,
                        None => return Scanned { cut, end: bytes.len(), separators },
                    }
                    separators += 1;
                }
            }
            _ => separators += usize::from(at == start || !bytes[at - 1].is_ascii_whitespace()),
        }
        if separators > MOST_ATTRIBUTES * 2 && cut.is_none() {
            cut = Some(at);
        }
        at += 1;
    }
    Scanned { cut, end: bytes.len(), separators }
}

/// Bytes that mean something between attributes.
const ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"><\"'/ \t\n\x0c\r";
    let mut at = 0;
    while at < special.len() {
        table[special[at] as usize] = true;
        at += 1;
    }
    table
};

fn follows_equals(before: &[u8]) -> bool {
    before.trim_ascii_end().last() == Some(&b'=')
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::parse::page;

    #[test]
    fn attributes_beyond_the_limit_go_however_they_are_written() {
        let (few, many) = (30, 100_000);
        for attribute in [" a{}=1", " a{}=\"<b>\"", " <a{}", " x='>' y{}", "\n<1{} ", "/a{}", " a{} </script"] {
            let tag = |count: usize| {
                let all: String = (0..count).map(|number| attribute.replace("{}", &number.to_string())).collect();
                format!("<p{all}>It rained.</p>")
            };
            assert!(matches!(few_attributes(&tag(few)), Cow::Borrowed(_)), "{attribute}");
            let began = Instant::now();
            let tree = page(&tag(many)).tree;
            assert!(began.elapsed() < Duration::from_secs(10), "{attribute}");
            assert!(tree.root().text().contains("It rained."), "{attribute}");
        }
    }

    #[test]
    fn a_script_that_compares_numbers_ends_where_it_ends() {
        let script = format!("<script>if(a<b){{{}}}</script><p>It rained.</p>", "x = 1 / 2; ".repeat(2_000));
        assert_eq!(page(&script).tree.select("p").text().as_ref(), "It rained.");
    }
}
