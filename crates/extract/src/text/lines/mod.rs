//! Parses lines of plain text into paragraphs, headings, quotations, code and list items.

mod hard_wraps;
mod text_blocks;

use crate::dom::words;
use hard_wraps::LineWidths;
use text_blocks::RawBlock;

/// A block of plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its text on one line, without the mark of its shape; code keeps its lines.
    pub(super) text: String,
    pub(super) shape: Shape,
    /// The number of a numbered item, else 0.
    pub(super) number: u32,
}

/// The kind of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Paragraph,
    Heading,
    Bullet,
    Numbered,
    Quote,
    Code,
}

impl Line {
    fn new(text: &str, shape: Shape) -> Line {
        Line { text: words::one_line(text, 1_000_000), shape, number: 0 }
    }

    pub(super) const fn is_item(&self) -> bool {
        matches!(self.shape, Shape::Bullet | Shape::Numbered)
    }
}

/// Maximum number of blocks.
const MAX_LINES: usize = 50_000;

/// Parses a text into blocks.
pub(super) fn read(text: &str) -> Vec<Line> {
    let text = text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}', '\u{0c}'], "\n");
    let text = strip_outer_quote(&text);
    let widths = LineWidths::measure(&text);
    let mut lines = Vec::new();
    for block in text_blocks::split(&text) {
        if lines.len() > MAX_LINES {
            break;
        }
        match block {
            RawBlock::Code(code) => lines.push(Line { text: code, shape: Shape::Code, number: 0 }),
            RawBlock::Heading(text) => lines.push(Line::new(text, Shape::Heading)),
            RawBlock::Lines(group) => add_lines(&group, &widths, &mut lines),
            RawBlock::Quote(inner) => add_quote_lines(&inner, &mut lines),
        }
    }
    lines.truncate(MAX_LINES);
    lines.retain(|line| !line.text.is_empty());
    unmark_lone_items(&mut lines);
    mark_headings(&mut lines);
    lines
}

/// Strips the quotation marks of a mail that is quoted as a whole.
fn strip_outer_quote(text: &str) -> std::borrow::Cow<'_, str> {
    let filled = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let quoted = filled().filter(|line| line.starts_with('>')).count();
    if quoted < 3 || quoted * 10 < filled().count() * 9 {
        return text.into();
    }
    let bare = |line: &'_ str| line.trim_start().strip_prefix('>').map_or(line, str::trim_start).to_owned();
    text.lines().map(|line| bare(line) + "\n").collect::<String>().into()
}

/// Adds the lines of a quotation, whose wrapping width may differ from that of the text.
fn add_quote_lines(inner: &[&str], lines: &mut Vec<Line>) {
    for group in inner.split(|line| line.is_empty()).filter(|group| !group.is_empty()) {
        let from = lines.len();
        add_lines(group, &LineWidths::measure_quote(group), lines);
        for line in lines[from..].iter_mut().filter(|line| line.shape == Shape::Paragraph) {
            line.shape = Shape::Quote;
        }
    }
}

fn add_lines(group: &[&str], widths: &LineWidths, lines: &mut Vec<Line>) {
    for text in widths.join_wrapped(group, |line| starts_block(line.trim())) {
        let bare = text.trim();
        lines.push(match (parse_heading(bare), parse_list_item(bare)) {
            (Some(heading), _) => Line::new(heading, Shape::Heading),
            (_, Some((shape, number, item))) => Line { number, ..Line::new(item, shape) },
            _ => Line::new(bare, Shape::Paragraph),
        });
    }
}

/// Returns whether a line starts a block of its own.
fn starts_block(line: &str) -> bool {
    parse_list_item(line).is_some() || parse_heading(line).is_some()
}

/// Parses `## A heading`, optionally closed by `#` signs.
fn parse_heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = text.strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| text.trim_end_matches(['#', ' ']))
}

/// Parses `- item`, `* item`, `• item`, `1. item`, `1) item` or `１、项` into shape, number and text.
fn parse_list_item(line: &str) -> Option<(Shape, u32, &str)> {
    const BULLETS: [&str; 17] =
        ["o  ", "- ", "* ", "+ ", "• ", "· ", "▪ ", "‣ ", "◦ ", "○ ", "■ ", "□ ", "✓ ", "✔ ", "➤ ", "●", "・"];
    if let Some(item) = BULLETS.iter().find_map(|mark| line.strip_prefix(mark)) {
        return Some((Shape::Bullet, 0, item));
    }
    let is_digit = |letter: &char| letter.is_ascii_digit() || ('０'..='９').contains(letter);
    let digits: String = line.chars().take_while(is_digit).collect();
    let rest = &line[digits.len()..];
    let item = [". ", ") ", "．", "、", "）"].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let digit = |letter: char| u32::from(letter) % 16;
    let number = digits.chars().take(2).fold(0, |number, letter| number * 10 + digit(letter));
    (1..=2).contains(&digits.chars().count()).then_some((Shape::Numbered, number, item))
}

/// Turns single items back into paragraphs: their mark was a dash of speech or part of a date.
fn unmark_lone_items(lines: &mut [Line]) {
    for at in 0..lines.len() {
        let same = |other: Option<&Line>| other.is_some_and(|line| line.shape == lines[at].shape);
        let alone = !same(at.checked_sub(1).and_then(|before| lines.get(before))) && !same(lines.get(at + 1));
        if alone && lines[at].is_item() {
            let mark = match lines[at].shape {
                Shape::Bullet => "– ".to_owned(),
                _ => format!("{}. ", lines[at].number),
            };
            lines[at] = Line::new(&format!("{mark}{}", lines[at].text), Shape::Paragraph);
        }
    }
}

/// Turns short paragraphs into headings if prose follows at once, or a list below a very short one.
fn mark_headings(lines: &mut [Line]) {
    let prose = |line: &Line| {
        line.shape == Shape::Paragraph
            && words::count(&line.text) >= 12
            && line.text.ends_with(['.', '!', '?', '”', '"', '。', '！', '？', '」', '…', '؟', '।'])
    };
    for at in 1..lines.len().saturating_sub(1) {
        let line = &lines[at];
        let short = words::count(&line.text) <= 10 && line.text.chars().count() <= 80;
        let open = line.text.ends_with(char::is_alphanumeric) || line.text.ends_with(['?', '？', '؟']);
        let name = line.text.chars().next().is_some_and(|letter| !letter.is_lowercase());
        let between = prose(&lines[at + 1]) && (prose(&lines[at - 1]) || lines[at - 1].is_item());
        let over_list = lines[at + 1].is_item() && words::count(&line.text) <= 4;
        if line.shape == Shape::Paragraph && short && open && name && (between || over_list) {
            lines[at].shape = Shape::Heading;
        }
    }
}

/// Returns the name in a byline.
pub(super) fn parse_byline(text: &str) -> Option<String> {
    let rest = [
        "By ",
        "BY ",
        "by ",
        "Written by ",
        "Words by ",
        "Von ",
        "Par ",
        "Por ",
        "Di ",
        "Door ",
        "Av ",
        "Автор: ",
        "Text: ",
        "Interview: ",
        "From: ",
        "作者：",
        "文/",
        "記者",
        "بقلم ",
        "بقلم: ",
        "كتب ",
    ]
    .iter()
    .find_map(|by| text.strip_prefix(by))?;
    let name = rest.split(['|', '•', '·', '—', ',']).next().unwrap_or(rest).trim();
    let caseless = |letter: char| letter.is_alphabetic() && !letter.is_lowercase();
    let names = name.split_whitespace().filter(|word| word.chars().next().is_some_and(caseless)).count();
    let wordless = name.chars().next().is_some_and(words::is_unspaced_script);
    ((1..=8).contains(&names) && !name.ends_with(['.', '?', '!']) || wordless).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str) -> Vec<Shape> {
        read(text).into_iter().map(|line| line.shape).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        read(text).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn marked_lines_form_a_list_but_a_single_dash_does_not() {
        assert_eq!(shapes("- salt\n- bread\n- tea"), [Shape::Bullet; 3]);
        assert_eq!(shapes("1. salt\n2) bread"), [Shape::Numbered; 2]);
        assert_eq!(shapes("- Are you there?"), [Shape::Paragraph]);
        assert_eq!(texts("２、盐\n３、面包"), ["盐", "面包"]);
        assert_eq!(read("2. salt\n3. bread")[0].number, 2);
        assert_eq!(texts("7. Day of rain"), ["7. Day of rain"]);
    }

    #[test]
    fn list_items_keep_their_continuation_lines() {
        let text = "- four beams, each as long as you are tall, and\n  straight\n- rope";
        assert_eq!(texts(text), ["four beams, each as long as you are tall, and straight", "rope"]);
    }

    #[test]
    fn quoted_lines_form_a_quotation_unless_all_lines_are_quoted() {
        let text = "She wrote to me:\n\n> The river is high.\n> Do not come.\n>\n> Or come by boat.\n\nSo I came.";
        assert_eq!(shapes(text), [Shape::Paragraph, Shape::Quote, Shape::Quote, Shape::Quote, Shape::Paragraph]);
        assert_eq!(shapes("> One.\n>\n> Two.\n>\n> Three."), [Shape::Paragraph; 3]);
        assert_eq!(shapes(">> The goat takes the bus\nIt rained."), [Shape::Paragraph; 2]);
    }

    #[test]
    fn fenced_code_keeps_its_lines_and_needs_a_closing_fence() {
        assert_eq!(
            texts("Do this:\n```sh\nls  -l\n\ncd x\n```\nand that."),
            ["Do this:", "ls  -l\n\ncd x", "and that."]
        );
        assert_eq!(texts("```\nnever closed"), ["```", "never closed"]);
    }

    #[test]
    fn indented_lines_after_an_empty_line_are_code() {
        let text = "Build it with these two lines, which take a while:\n\n    cargo build\n\n        cargo run --release\n\nand then it runs.";
        assert_eq!(texts(text)[1..], ["cargo build\n\n    cargo run --release", "and then it runs."]);
        assert_eq!(shapes(text), [Shape::Paragraph, Shape::Code, Shape::Paragraph]);
    }

    #[test]
    fn indented_prose_and_list_items_are_no_code() {
        for text in [
            "The mayor said:\n\n    The river is high, and it will be higher tomorrow, so stay at home.\n\nWe did.",
            "- salt, of which you need a little\n\n    and then some more\n- bread",
            "It rained.\n\n                    THE SECOND DAY\n\nIt rained.",
            "    It rained\n\n    all day",
            "It rained.\n\n    In the afternoon\nit stopped.",
        ] {
            assert!(!shapes(text).contains(&Shape::Code), "{text}");
        }
    }

    #[test]
    fn underlined_lines_are_headings() {
        let text = "It rained all day.\n\nThe next day\n------------\nIt went on.\n\nThe end\n===\n\nIt stopped.";
        assert_eq!(
            shapes(text),
            [Shape::Paragraph, Shape::Heading, Shape::Paragraph, Shape::Heading, Shape::Paragraph]
        );
        assert_eq!(texts(text)[1], "The next day");
        assert_eq!(shapes("It rained all day.\n---\nIt stopped."), [Shape::Paragraph; 2]);
    }

    #[test]
    fn hard_wrapped_quotations_keep_their_paragraphs() {
        let quoted = "> The river rose again last\n> night and stood above the\n> lower meadows.\n>\n> Do not come, the bridge\n> is closed.";
        let long = "She wrote to me, and I had the letter in my pocket for many days before I dared to open it, since I knew well what it said.";
        assert_eq!(
            texts(&format!("{long}\n\n{quoted}\n\n{long}"))[1..3],
            [
                "The river rose again last night and stood above the lower meadows.",
                "Do not come, the bridge is closed."
            ]
        );
        let verse = "> Two roads met in a wood,\n> And I was tired,\n> And took the one with a bus.";
        assert_eq!(texts(&format!("{long}\n\n{verse}")).len(), 4);
    }

    #[test]
    fn marked_headings_are_parsed_and_horizontal_rules_dropped() {
        assert_eq!(
            shapes("## Rain ##\nIt rained.\n\n---\n\n* * *\n\nIt stopped."),
            [Shape::Heading, Shape::Paragraph, Shape::Paragraph]
        );
        assert_eq!(texts("## Rain ##"), ["Rain"]);
        assert_eq!(texts("#rain is a tag"), ["#rain is a tag"]);
    }
}
