//! Lines of plain text → paragraphs, headings and list items.

use crate::words;

/// A block of a plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its words on one line, without a list mark.
    pub(super) text: String,
    pub(super) shape: Shape,
}

/// What a block of plain text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Paragraph,
    Heading,
    Bullet,
    Numbered,
}

/// Most blocks that are read.
const MOST: usize = 50_000;
/// Lines up to this many characters may be wrapped by hand.
const WIDEST: usize = 100;

/// Reads a text.
pub(super) fn read(text: &str) -> Vec<Line> {
    let text = text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}', '\u{0c}'], "\n");
    let groups: Vec<Vec<&str>> = groups(&text);
    let width = groups.iter().flatten().map(|line| line.chars().count()).max().unwrap_or(0);
    let mut lines: Vec<Line> = groups.iter().flat_map(|group| group_lines(group, width)).take(MOST).collect();
    lone_bullets(&mut lines);
    headings(&mut lines);
    lines
}

/// Lines between empty lines.
fn groups(text: &str) -> Vec<Vec<&str>> {
    let mut groups = vec![Vec::new()];
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            groups.push(Vec::new());
        } else if let Some(group) = groups.last_mut() {
            group.push(line);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn group_lines(group: &[&str], width: usize) -> Vec<Line> {
    if is_wrapped(group, width) {
        return vec![paragraph(&group.join(" "))];
    }
    let mut lines: Vec<Line> = Vec::new();
    for text in group {
        match list_mark(text) {
            Some((shape, text)) => lines.push(Line { text: words::one_line(text, 100_000), shape }),
            None => lines.push(paragraph(text)),
        }
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

fn paragraph(text: &str) -> Line {
    let heading = text.starts_with('#') && text.trim_start_matches('#').starts_with(' ');
    let shape = if heading { Shape::Heading } else { Shape::Paragraph };
    let text = if heading { text.trim_start_matches('#') } else { text };
    Line { text: words::one_line(text, 1_000_000), shape }
}

/// Whether the lines of a group are one paragraph broken by hand: all but the last nearly as wide as
/// the page, and most of them ending in the middle of a sentence.
fn is_wrapped(group: &[&str], width: usize) -> bool {
    let Some((_, before)) = group.split_last() else {
        return false;
    };
    if before.is_empty() || width > WIDEST || group.iter().any(|line| list_mark(line).is_some()) {
        return false;
    }
    let wide = before.iter().all(|line| line.chars().count() * 10 >= width * 6);
    let open = before.iter().filter(|line| !line.ends_with(['.', '!', '?', ':', '。', '”', '"'])).count();
    wide && open * 2 >= before.len()
}

/// `- item`, `* item`, `• item`, `1. item`, `1) item`.
fn list_mark(line: &str) -> Option<(Shape, &str)> {
    for mark in ["- ", "* ", "• ", "· ", "▪ ", "‣ ", "◦ ", "●"] {
        if let Some(rest) = line.strip_prefix(mark) {
            return Some((Shape::Bullet, rest));
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?;
    let item = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))?;
    (1..=2).contains(&digits).then_some((Shape::Numbered, item))
}

/// A single marked line is no list: its mark was a dash of speech or a date.
fn lone_bullets(lines: &mut [Line]) {
    for at in 0..lines.len() {
        let same = |other: Option<&Line>| other.is_some_and(|line| line.shape == lines[at].shape);
        let alone = !same(at.checked_sub(1).and_then(|before| lines.get(before))) && !same(lines.get(at + 1));
        if alone && matches!(lines[at].shape, Shape::Bullet | Shape::Numbered) {
            let mark = if lines[at].shape == Shape::Bullet { "– " } else { "" };
            lines[at] = Line { text: format!("{mark}{}", lines[at].text), shape: Shape::Paragraph };
        }
    }
}

/// A short line without an end between paragraphs is a heading if prose follows at once.
fn headings(lines: &mut [Line]) {
    let prose = |line: &Line| {
        line.shape == Shape::Paragraph
            && words::count(&line.text) >= 15
            && line.text.ends_with(['.', '!', '?', '”', '"', '。', '…'])
    };
    for at in 1..lines.len().saturating_sub(1) {
        let line = &lines[at];
        let short = words::count(&line.text) <= 10 && line.text.chars().count() <= 80;
        let open = line.text.ends_with(char::is_alphanumeric) || line.text.ends_with('?');
        let name = line.text.chars().next().is_some_and(|letter| !letter.is_lowercase());
        if line.shape == Shape::Paragraph && short && open && name && prose(&lines[at + 1]) && prose(&lines[at - 1]) {
            lines[at].shape = Shape::Heading;
        }
    }
}

/// The name in a line that is a byline.
pub(super) fn byline(text: &str) -> Option<String> {
    let rest = [
        "By ",
        "BY ",
        "by ",
        "Von ",
        "Par ",
        "Por ",
        "Di ",
        "Door ",
        "Av ",
        "Автор: ",
        "Text: ",
        "作者：",
        "文/",
        "記者",
    ]
    .iter()
    .find_map(|by| text.strip_prefix(by))?;
    let name = rest.split(['|', '•', '·', '—', ',']).next().unwrap_or(rest).trim();
    let names = name.split_whitespace().filter(|word| word.chars().next().is_some_and(char::is_uppercase)).count();
    let wordless = name.chars().next().is_some_and(words::is_wordless_script);
    ((1..=8).contains(&names) && !name.ends_with(['.', '?', '!']) || wordless).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_wrapped_by_hand_are_joined_and_single_lines_are_not() {
        let text = "The river rose again last night and stood above the\nlower meadows in the morning, where the sheep had to be\nbrought to the hill.\n\nOne line.\nAnother line.";
        let texts: Vec<String> = read(text).into_iter().map(|line| line.text).collect();
        assert_eq!(
            texts,
            [
                "The river rose again last night and stood above the lower meadows in the morning, where the sheep had to be brought to the hill.",
                "One line.",
                "Another line."
            ]
        );
    }

    #[test]
    fn marked_lines_are_a_list_and_a_single_dash_is_speech() {
        let shapes = |text: &str| read(text).into_iter().map(|line| line.shape).collect::<Vec<_>>();
        assert_eq!(shapes("- salt\n- bread\n- tea"), [Shape::Bullet; 3]);
        assert_eq!(shapes("1. salt\n2) bread"), [Shape::Numbered; 2]);
        assert_eq!(shapes("- Are you there?"), [Shape::Paragraph]);
    }
}
