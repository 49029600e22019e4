//! Escapes text that would be read as Markdown.
//!
//! Renderers differ, so an escape must be read alike by all of them: a backslash only before the characters that Markdown
//! has always had, and a character reference for those that extensions added (`~`, `^`, `$`, `==`, tables) and for what would be
//! HTML. Some of them make links of bare URLs, up to the next space, before they look for escapes: such a URL with an escape
//! or a mark in it is kept from becoming a link (`break_autolinks`).

/// Where a text is in its line.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    /// The character written before it; `None` if it is not known.
    pub before: Option<char>,
    /// More of the line may follow.
    pub is_followed: bool,
}

/// Escapes the characters of a text that could be inline marks.
pub(super) fn escape_words(text: &str, place: Place) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let (mut before, mut has_words) = (place.before, false);
    for (at, letter) in text.char_indices() {
        let rest = &text[at + letter.len_utf8()..];
        // Not after a space; but one at the start may be dropped.
        let may_close = !has_words || !before.is_some_and(char::is_whitespace);
        has_words |= !letter.is_whitespace();
        match letter {
            '\\' | '`' | '*' | '[' | ']' => escaped.extend(['\\', letter]),
            '_' if !(before.is_some_and(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric)) => {
                escaped.push_str("\\_");
            }
            '<' if !rest.starts_with(' ') => escaped.push_str("&lt;"),
            '&' if may_be_entity(rest, place.is_followed) => escaped.push_str("&amp;"),
            // Without a closing mark, the others are no marks.
            '~' if may_close => escaped.push_str("&#126;"),
            '$' if may_close => escaped.push_str("&#36;"),
            '^' if may_close => escaped.push_str("&#94;"),
            '=' if rest.starts_with('=') => escaped.push_str("&#61;"),
            _ if letter.is_ascii_whitespace() => escaped.push(' '),
            _ => escaped.push(letter),
        }
        before = Some(letter);
    }
    escaped
}

/// Returns whether `&` and the text after it form a character reference, or may do so with what follows.
fn may_be_entity(rest: &str, is_followed: bool) -> bool {
    is_entity(rest) || is_followed && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// Returns whether `&` and the text after it form a character reference: `amp;`, `#39;`.
fn is_entity(rest: &str) -> bool {
    let name = rest.split(';').next().unwrap_or_default();
    name.len() < rest.len()
        && (1..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// Bytes of a bare URL that are looked at.
const MAX_URL_BYTES: usize = 500;

/// Keeps bare URLs that hold an escape or a mark from becoming links, which would show the escape.
pub(super) fn break_autolinks(line: &str) -> String {
    let mut broken = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let before = broken.chars().next_back();
        let after_scheme = rest.starts_with("://") && before.is_some_and(|before| before.is_ascii_alphanumeric());
        let at_www = rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
            && !before.is_some_and(|before| before == '/' || before.is_alphanumeric());
        let length = match literal_length(rest) {
            0 if after_scheme && holds_marks(rest) => {
                broken.push_str("&#58;");
                rest = &rest[1..];
                continue;
            }
            0 if at_www && holds_marks(rest) => {
                broken.push_str(&rest[..3]);
                broken.push_str("&#46;");
                rest = &rest[4..];
                continue;
            }
            0 => letter.len_utf8(),
            length => length,
        };
        broken.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    broken
}

/// Returns the length of an escape, a code span or a link's target at the start, in which nothing is a bare URL.
fn literal_length(text: &str) -> usize {
    if let Some(rest) = text.strip_prefix('\\') {
        return 1 + rest.chars().next().map_or(0, char::len_utf8);
    }
    if text.starts_with('`') {
        let fence = &text[..text.len() - text.trim_start_matches('`').len()];
        let mut end = fence.len();
        while let Some(at) = text[end..].find('`') {
            let run = text[end + at..].len() - text[end + at..].trim_start_matches('`').len();
            end += at + run;
            if run == fence.len() {
                return end;
            }
        }
        return fence.len();
    }
    if text.starts_with("](") {
        let mut is_escaped = false;
        let is_end = |letter: char| {
            let ends = letter == ')' && !is_escaped;
            is_escaped = letter == '\\' && !is_escaped;
            ends
        };
        return text.find(is_end).map_or(text.len(), |end| end + 1);
    }
    0
}

/// Returns whether the URL at the start has an escape or a mark in it. It ends at a space or tag.
fn holds_marks(text: &str) -> bool {
    let end = text.find(|letter: char| letter.is_whitespace() || letter == '<').unwrap_or(text.len());
    let end = (0..=end.min(MAX_URL_BYTES)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    let url = text[..end].split("](").next().unwrap_or_default().trim_end_matches('*');
    url.contains(['\\', '*', '`', '[', ']'])
        || url.contains("~~")
        || url.match_indices('&').any(|(at, _)| is_entity(&url[at + 1..]))
}

/// Escapes the starts of lines that would begin a block: a heading, quotation, list item, rule or footnote.
pub(super) fn escape_lines(text: &str) -> String {
    text.split('\n').map(escape_line).collect::<Vec<_>>().join("\n")
}

fn escape_line(line: &str) -> String {
    let at = match line.as_bytes().first() {
        Some(b'-' | b'|' | b':') if is_table_rule(line) => Some(0),
        Some(b'#' | b'>' | b'-' | b'+' | b'=' | b':') => starts_block(line).then_some(0),
        Some(b'0'..=b'9') => list_number_end(line),
        Some(b'[') => footnote_label_end(line),
        _ => None,
    };
    let Some(at) = at else { return line.to_owned() };
    let sign = match line.as_bytes()[at] {
        b'=' => "&#61;",
        b':' => "&#58;",
        b'|' => "&#124;",
        _ => return format!("{}\\{}", &line[..at], &line[at..]),
    };
    format!("{}{sign}{}", &line[..at], &line[at + 1..])
}

/// Returns whether a line would make a table of the line above.
fn is_table_rule(line: &str) -> bool {
    line.contains('-') && line.trim_end().chars().all(|letter| matches!(letter, '|' | ':' | '-' | ' '))
}

fn starts_block(line: &str) -> bool {
    let sign = &line[..1];
    let rest = line.trim_start_matches(sign);
    let alone = rest.trim_matches([' ', '-']).is_empty();
    match sign {
        ">" => true,
        "#" => line.len() - rest.len() <= 6 && (rest.is_empty() || rest.starts_with(' ')),
        "=" => alone,
        // In some renderers, a colon begins a description.
        ":" => true,
        _ => alone || line[1..].starts_with(' '),
    }
}

/// Returns the offset of the dot or parenthesis that makes a number a list marker.
fn list_number_end(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    (digits <= 9 && (rest.is_empty() || rest.starts_with(' '))).then_some(digits)
}

/// Returns the offset of the colon that makes a line a footnote definition.
fn footnote_label_end(line: &str) -> Option<usize> {
    let end = line.find(']')?;
    (line.starts_with("[^") && line[end + 1..].starts_with(':')).then_some(end + 1)
}

/// Escapes the URL of a link.
pub(super) fn escape_url(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len());
    for (at, letter) in url.char_indices() {
        match letter {
            ' ' => escaped.push_str("%20"),
            '<' => escaped.push_str("%3C"),
            '>' => escaped.push_str("%3E"),
            '|' => escaped.push_str("%7C"),
            '\\' | '(' | ')' => escaped.extend(['\\', letter]),
            '&' if is_entity(&url[at + 1..]) => escaped.push_str("&amp;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// Escapes a heading that ends with `#` signs, which would be dropped, or with `}`, which some renderers take for the end
/// of its attributes.
pub(super) fn escape_heading_end(text: &str) -> String {
    if let Some(stem) = text.strip_suffix('}') {
        return format!("{stem}&#125;");
    }
    let stem = text.trim_end_matches('#');
    let is_end = stem.len() < text.len() && (stem.is_empty() || stem.ends_with(' '));
    if is_end { format!("{stem}\\{}", &text[stem.len()..]) } else { text.to_owned() }
}

/// Writes inline code, with as many backticks as it needs.
pub(super) fn inline_code(text: &str) -> String {
    let fence = "`".repeat(longest_backtick_run(text) + 1);
    let is_padded = text.starts_with(' ') && text.ends_with(' ');
    let space = if text.starts_with('`') || text.ends_with('`') || is_padded { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Returns the length of the longest run of backticks.
pub(super) fn longest_backtick_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ambiguous_signs_are_escaped() {
        for (text, wanted) in [
            ("a*b_c_d [e] `f` ~g~ \\h", "a\\*b_c_d \\[e\\] \\`f\\` ~g&#126; \\\\h"),
            ("_init_ and 5 < 6 but a<b", "\\_init\\_ and 5 < 6 but a&lt;b"),
            ("R&D, &amp; and &#39; and & so;", "R&D, &amp;amp; and &amp;#39; and & so;"),
            ("about ~5 km for $5 or US$6, a == b", "about ~5 km for $5 or US&#36;6, a &#61;= b"),
        ] {
            assert_eq!(escape_words(text, Place::default()), wanted);
        }
        let followed = Place { is_followed: true, ..Place::default() };
        assert_eq!(escape_words("R&D", followed), "R&amp;D");
        assert_eq!(escape_words("R& D", followed), "R& D");
        for (text, wanted) in [
            ("# a", "\\# a"),
            ("#tag", "#tag"),
            ("> a", "\\> a"),
            ("- a\n-5 degrees", "\\- a\n-5 degrees"),
            ("a\n=", "a\n&#61;"),
            ("---", "\\---"),
            ("a | b\n--- | ---\n|:-|\n:-:", "a | b\n\\--- | ---\n&#124;:-|\n&#58;-:"),
            (": so it is\n:so", "&#58; so it is\n&#58;so"),
            ("1986. A year\n3.5 per cent", "1986\\. A year\n3.5 per cent"),
            ("[^1]: said so", "[^1]&#58; said so"),
        ] {
            assert_eq!(escape_lines(text), wanted);
        }
    }

    #[test]
    fn bare_urls_with_escapes_are_kept_from_becoming_links() {
        for (line, wanted) in [
            ("see http://a.example/b_c?d=e&f=g.", "see http://a.example/b_c?d=e&f=g."),
            ("http://www.&lt;b>x", "http&#58;//www.&lt;b>x"),
            ("www.a.example/\\*b\\*", "www&#46;a.example/\\*b\\*"),
            ("http://a.example/**b**", "http&#58;//a.example/**b**"),
            ("**http://a.example/b** c", "**http://a.example/b** c"),
            ("http://a.example[^1]", "http&#58;//a.example[^1]"),
            ("[http://a.example](http://a.example/\\(b\\))", "[http://a.example](http://a.example/\\(b\\))"),
            ("`http://a.example/*b*` and ``www.`*a*` ``", "`http://a.example/*b*` and ``www.`*a*` ``"),
            ("http://a.example/<br>*b*", "http://a.example/<br>*b*"),
        ] {
            assert_eq!(break_autolinks(line), wanted);
        }
    }

    #[test]
    fn urls_code_and_headings_are_delimited() {
        assert_eq!(escape_url("https://a.example/b_(c)?d=1&copy;=2"), "https://a.example/b_\\(c\\)?d=1&amp;copy;=2");
        assert_eq!(["a", "a`b", "`"].map(inline_code), ["`a`", "``a`b``", "`` ` ``"]);
        assert_eq!(["C#", "C #", "##", "a {#b}"].map(escape_heading_end), ["C#", "C \\#", "\\##", "a {#b&#125;"]);
    }
}
