//! Splits a text at empty lines, rules, fences and underlines.

use super::{parse_heading, parse_list_item};
use crate::dom::words;
use crate::text::laid_out;

/// A part of a text.
pub(super) enum RawBlock<'a> {
    /// Lines between empty lines.
    Lines(Vec<&'a str>),
    /// Lines after `>`, without the mark.
    Quote(Vec<&'a str>),
    /// An underlined line.
    Heading(&'a str),
    /// Fenced or indented code.
    Code(String),
}

/// Splits a text into blocks, in order.
pub(super) fn split(text: &str) -> Vec<RawBlock<'_>> {
    mark_indented_code(split_by_marks(text))
}

/// Splits a text at its marks, without indented code.
fn split_by_marks(text: &str) -> Vec<RawBlock<'_>> {
    let mut blocks = vec![RawBlock::Lines(Vec::new())];
    let all: Vec<&str> = text.lines().collect();
    let closed =
        |fence: &str, at: usize| all.iter().rposition(|line| line.trim() == fence).is_some_and(|last| last > at);
    let mut lines = all.iter().enumerate();
    while let Some((at, line)) = lines.next() {
        let bare = line.trim();
        if let Some(fence) = opening_fence(bare).filter(|fence| closed(fence, at)) {
            let code: Vec<&str> =
                lines.by_ref().map(|(_, line)| *line).take_while(|line| line.trim() != fence).collect();
            blocks.extend([RawBlock::Code(code.join("\n")), RawBlock::Lines(Vec::new())]);
            continue;
        }
        match (blocks.last_mut(), strip_quote_marks(bare)) {
            (Some(RawBlock::Quote(quote)), Some(inner)) => quote.push(inner),
            (_, Some(inner)) => blocks.push(RawBlock::Quote(vec![inner])),
            (Some(block), None) if underlined_heading(block, bare).is_some() => {
                let heading = underlined_heading(block, bare).unwrap_or_default();
                *block = RawBlock::Heading(heading);
                blocks.push(RawBlock::Lines(Vec::new()));
            }
            _ if bare.is_empty() || is_horizontal_rule(bare) => blocks.push(RawBlock::Lines(Vec::new())),
            (Some(RawBlock::Lines(group)), None) => group.push(line.trim_end()),
            _ => blocks.push(RawBlock::Lines(vec![line.trim_end()])),
        }
    }
    blocks
}

/// Returns the heading above an underline: a single line that is no sentence.
fn underlined_heading<'a>(above: &RawBlock<'a>, line: &str) -> Option<&'a str> {
    let is_drawn = line.len() >= 2 && ["=", "-"].iter().any(|sign| line.trim_start_matches(sign).is_empty());
    let RawBlock::Lines(group) = above else { return None };
    let [heading] = group[..] else { return None };
    let heading = heading.trim();
    let is_open = !heading.ends_with(['.', ':', ',', ';', '。', '：']);
    let starts_block = parse_list_item(heading).is_some() || parse_heading(heading).is_some();
    (is_drawn && is_open && !starts_block && words::count(heading) <= 20).then_some(heading)
}

/// Indentation of code in columns. Lines further in are centred.
const CODE_INDENT: std::ops::RangeInclusive<usize> = 4..=8;

/// Turns drawings into code, and blocks that are indented after an empty line unless most of the text is indented.
fn mark_indented_code(blocks: Vec<RawBlock<'_>>) -> Vec<RawBlock<'_>> {
    let (inner, outer): (Vec<&str>, Vec<&str>) =
        blocks.iter().flat_map(plain_lines).partition(|line| indent(line) >= *CODE_INDENT.start());
    let has_code = !inner.is_empty() && inner.len() <= outer.len() * 2;
    let mut read: Vec<RawBlock<'_>> = Vec::with_capacity(blocks.len());
    let mut code: Vec<String> = Vec::new();
    let mut in_list = true;
    for block in blocks {
        match block {
            RawBlock::Lines(group) if group.is_empty() => {}
            RawBlock::Lines(group)
                if laid_out::is_drawn(&group)
                    || has_code && !in_list && (is_code(&group) || !code.is_empty() && is_more_code(&group)) =>
            {
                code.push(group.join("\n"));
            }
            block => {
                read.extend(take_code(&mut code));
                in_list = may_contain_indented_items(&block, in_list);
                read.push(block);
            }
        }
    }
    read.extend(take_code(&mut code));
    read
}

fn plain_lines<'a>(block: &RawBlock<'a>) -> Vec<&'a str> {
    if let RawBlock::Lines(group) = block { group.clone() } else { Vec::new() }
}

/// Returns whether indented lines after this block belong to a list item.
fn may_contain_indented_items(block: &RawBlock<'_>, in_list: bool) -> bool {
    let RawBlock::Lines(group) = block else { return false };
    let is_set_in = group.iter().all(|line| indent(line) > 0);
    group.iter().any(|line| parse_list_item(line.trim()).is_some()) || in_list && is_set_in
}

/// Returns whether lines are indented like code, and read neither as prose nor as a list.
fn is_code(group: &[&str]) -> bool {
    let is_prose = |line: &&&str| {
        let count = words::count(line);
        count >= 8 || count >= 4 && words::ends_sentence(line)
    };
    let least = group.iter().map(|line| indent(line)).min().unwrap_or_default();
    let is_table = |line: &&str| line.trim().contains('\t');
    CODE_INDENT.contains(&least)
        && group.iter().filter(is_prose).count() * 2 < group.len()
        && parse_list_item(group[0].trim()).is_none()
        && !group.iter().any(is_table)
}

/// Returns whether lines after code and an empty line are still code.
fn is_more_code(group: &[&str]) -> bool {
    group.iter().all(|line| indent(line) >= *CODE_INDENT.start())
}

/// Takes the code collected so far, without its common indentation.
fn take_code(code: &mut Vec<String>) -> Option<RawBlock<'static>> {
    let whole = std::mem::take(code).join("\n\n");
    let space = |line: &str| line.len() - line.trim_start().len();
    let least = whole.lines().filter(|line| !line.is_empty()).map(space).min()?;
    let lines: Vec<&str> = whole.lines().map(|line| line.get(least..).unwrap_or_default()).collect();
    Some(RawBlock::Code(lines.join("\n")))
}

/// Returns the indentation in columns; a tab is four.
fn indent(line: &str) -> usize {
    line.chars()
        .map_while(|letter| [(' ', 1), ('\t', 4)].iter().find(|(space, _)| *space == letter))
        .map(|(_, wide)| wide)
        .sum()
}

/// Returns the fence that opens code: three backticks or tildes, with an optional language.
fn opening_fence(line: &str) -> Option<&'static str> {
    let named = |rest: &str| rest.len() < 20 && !rest.contains(['`', ' ']);
    ["```", "~~~"].into_iter().find(|fence| line.strip_prefix(fence).is_some_and(named))
}

/// Strips any number of `>` marks.
fn strip_quote_marks(line: &str) -> Option<&str> {
    let inner = line.trim_start_matches(['>', ' ']);
    let marks = &line[..line.len() - inner.len()];
    // `>>` before a headline is an arrow; a quotation has a space after each mark, or no text.
    let is_quoted = marks.starts_with('>') && (inner.is_empty() || marks.ends_with(' ')) && !marks.starts_with(">> ");
    is_quoted.then_some(inner)
}

/// Returns whether a line is drawn with signs, as a separator. Below the head of a table are several such lines.
fn is_horizontal_rule(line: &str) -> bool {
    let has_columns = line.contains("  ") && line.contains(['-', '=']) && line.split("  ").any(|part| part.len() > 2);
    if has_columns {
        return false;
    }
    let sign = line.chars().next().filter(|sign| "-*_=~–—•·#".contains(*sign));
    sign.is_some_and(|sign| line.chars().filter(|letter| *letter == sign).count() >= 3)
        && line.chars().all(|letter| Some(letter) == sign || letter == ' ')
}
