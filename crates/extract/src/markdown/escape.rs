//! Escapes text that would be read as Markdown.

/// Escapes the characters of a text that could be inline marks.
pub(super) fn escape_words(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut before = None;
    for (at, letter) in text.char_indices() {
        let rest = &text[at + letter.len_utf8()..];
        let is_mark = match letter {
            '\\' | '`' | '*' | '[' | ']' | '~' => true,
            '_' => !(before.is_some_and(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric)),
            '<' => !rest.starts_with([' ', '=']),
            '&' => is_entity(rest),
            _ => false,
        };
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(if letter.is_ascii_whitespace() { ' ' } else { letter });
        before = Some(letter);
    }
    escaped
}

/// Returns whether `&` and the text after it form a character reference: `amp;`, `#39;`.
fn is_entity(rest: &str) -> bool {
    let name = rest.split(';').next().unwrap_or_default();
    name.len() < rest.len()
        && (1..=32).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// Escapes the starts of lines that would begin a block: a heading, quotation, list item, rule or footnote.
pub(super) fn escape_lines(text: &str) -> String {
    text.split('\n').map(escape_line).collect::<Vec<_>>().join("\n")
}

fn escape_line(line: &str) -> String {
    let at = match line.as_bytes().first() {
        Some(b'#' | b'>' | b'-' | b'+' | b'=') => starts_block(line).then_some(0),
        Some(b'0'..=b'9') => list_number_end(line),
        Some(b'[') => footnote_label_end(line),
        _ => None,
    };
    at.map_or_else(|| line.to_owned(), |at| format!("{}\\{}", &line[..at], &line[at..]))
}

fn starts_block(line: &str) -> bool {
    let sign = &line[..1];
    let rest = line.trim_start_matches(sign);
    let alone = rest.trim_matches([' ', '-']).is_empty();
    match sign {
        ">" => true,
        "#" => line.len() - rest.len() <= 6 && (rest.is_empty() || rest.starts_with(' ')),
        "=" => alone,
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

/// Escapes a heading that ends with `#` signs, which would be dropped.
pub(super) fn escape_heading_end(text: &str) -> String {
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
            ("a*b_c_d [e] `f` ~g~ \\h", "a\\*b_c_d \\[e\\] \\`f\\` \\~g\\~ \\\\h"),
            ("_init_ and 5 < 6 but a<b", "\\_init\\_ and 5 < 6 but a\\<b"),
            ("R&D, &amp; and &#39; and & so;", "R&D, \\&amp; and \\&#39; and & so;"),
        ] {
            assert_eq!(escape_words(text), wanted);
        }
        for (text, wanted) in [
            ("# a", "\\# a"),
            ("#tag", "#tag"),
            ("> a", "\\> a"),
            ("- a\n-5 degrees", "\\- a\n-5 degrees"),
            ("a\n===", "a\n\\==="),
            ("---", "\\---"),
            ("1986. A year\n3.5 per cent", "1986\\. A year\n3.5 per cent"),
            ("[^1]: said so", "[^1]\\: said so"),
        ] {
            assert_eq!(escape_lines(text), wanted);
        }
    }

    #[test]
    fn urls_code_and_headings_are_delimited() {
        assert_eq!(escape_url("https://a.example/b_(c)?d=1&copy;=2"), "https://a.example/b_\\(c\\)?d=1&amp;copy;=2");
        assert_eq!(["a", "a`b", "`"].map(inline_code), ["`a`", "``a`b``", "`` ` ``"]);
        assert_eq!(["C#", "C #", "##"].map(escape_heading_end), ["C#", "C \\#", "\\##"]);
    }
}
