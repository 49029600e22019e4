//! Joins paragraphs that were hard-wrapped at a fixed width, as in mail and old files.

use crate::dom::words;

/// Maximum width of hard-wrapped lines, in columns.
const MAX_WRAPPED_COLUMNS: usize = 100;
/// Minimum width of lines that tell the wrapping width, in columns.
const MIN_MEASURED_COLUMNS: usize = 30;

/// The width of the lines of a text.
pub(super) struct LineWidths {
    /// The width at which it is wrapped; `None` if it is not.
    wrapped_at: Option<usize>,
}

impl LineWidths {
    /// Measures a text: nearly all longer lines must end before the same column, and some close to it.
    pub(super) fn measure(text: &str) -> LineWidths {
        LineWidths::measure_lines(text.lines(), MIN_MEASURED_COLUMNS)
    }

    /// Measures a quotation, which may be narrow: a line that starts in lower case continues the one before.
    pub(super) fn measure_quote(group: &[&str]) -> LineWidths {
        let goes_on = group.iter().skip(1).any(|line| line.starts_with(char::is_lowercase));
        LineWidths::measure_lines(group.iter().copied(), if goes_on { 0 } else { MIN_MEASURED_COLUMNS })
    }

    fn measure_lines<'a>(lines: impl Iterator<Item = &'a str>, narrowest: usize) -> LineWidths {
        let mut widths: Vec<usize> =
            lines.map(|line| columns(line.trim())).filter(|width| *width >= narrowest).collect();
        widths.sort_unstable();
        let wide = widths.get(widths.len().saturating_sub(1) * 9 / 10).copied();
        LineWidths { wrapped_at: wide.filter(|wide| *wide <= MAX_WRAPPED_COLUMNS) }
    }

    /// Joins the lines of each paragraph in a group. `stands_alone` tells lines that start a block.
    pub(super) fn join_wrapped(&self, group: &[&str], stands_alone: impl Fn(&str) -> bool) -> Vec<String> {
        let is_wrapped = self.is_wrapped(group);
        let mut joined: Vec<String> = Vec::new();
        for (at, line) in group.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| group[before]);
            let goes_on = before.is_some_and(|before| {
                let item = stands_alone(joined.last().map_or("", |line| line.trim_start()));
                let belongs = if item {
                    self.continues_item(before, line)
                } else {
                    is_wrapped && self.continues_paragraph(before, line)
                };
                belongs && !stands_alone(line)
            });
            match joined.last_mut().filter(|_| goes_on) {
                Some(last) => join_lines(last, line.trim()),
                None => joined.push((*line).to_owned()),
            }
        }
        joined
    }

    /// Returns whether the lines of a group break in the middle of sentences.
    fn is_wrapped(&self, group: &[&str]) -> bool {
        let Some(width) = self.wrapped_at else { return false };
        let Some((_, before)) = group.split_last() else { return false };
        let full = before.iter().filter(|line| columns(line) * 10 >= width * 6).count();
        let open = before.iter().filter(|line| !ends_sentence(line)).count();
        let too_wide = group.iter().any(|line| columns(line) > MAX_WRAPPED_COLUMNS + MAX_WRAPPED_COLUMNS / 4);
        !before.is_empty() && !too_wide && full * 4 >= before.len() * 3 && open * 2 >= before.len()
    }

    /// Returns whether a line continues the paragraph of the line before: not after an early end, and not if it is
    /// indented.
    fn continues_paragraph(&self, before: &str, line: &str) -> bool {
        let width = self.wrapped_at.unwrap_or(MAX_WRAPPED_COLUMNS);
        let had_room = columns(before) + first_word(line) < width.saturating_sub(width / 12);
        let is_indented = indent(line) > indent(before);
        let ends = ends_sentence(before);
        !(ends && had_room || is_indented && (ends || had_room))
    }

    /// Returns whether a line continues a list item: it is indented, or starts in lower case after a full line.
    fn continues_item(&self, before: &str, line: &str) -> bool {
        let small = line.trim_start().starts_with(char::is_lowercase);
        let full = self.wrapped_at.is_some_and(|width| columns(before) * 10 >= width * 7);
        indent(line) >= 2 && !ends_sentence(before) || small && full
    }
}

/// Returns the width of a line in columns; East Asian characters take two.
fn columns(line: &str) -> usize {
    line.chars().map(|letter| if words::is_wide(letter) { 2 } else { 1 }).sum()
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|letter| letter.is_whitespace()).count()
}

fn first_word(line: &str) -> usize {
    line.split_whitespace().next().map_or(0, columns)
}

fn ends_sentence(line: &str) -> bool {
    let end = line.trim_end().trim_end_matches(['"', '”', '»', '’', '\'', ')', '」', '』']);
    end.ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '：', '؟', '।'])
}

/// Joins two lines as before the break: without a space in scripts that have none, and after a hyphen.
fn join_lines(line: &mut String, next: &str) {
    let ends = line.trim_end().len();
    line.truncate(ends);
    let wordless = |letter: Option<char>| letter.is_some_and(words::is_wide);
    let hyphen = line.ends_with('-') && !line.ends_with(" -") && next.starts_with(char::is_lowercase);
    let spaceless = wordless(line.chars().next_back()) && wordless(next.chars().next());
    if !hyphen && !spaceless {
        line.push(' ');
    }
    line.push_str(next);
}

#[cfg(test)]
mod tests {
    fn texts(text: &str) -> Vec<String> {
        crate::text::lines::read(text).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn hard_wrapped_paragraphs_are_joined_and_single_lines_are_not() {
        let text = "The river rose again last night and stood above the\nlower meadows in the morning, where the sheep had to be\nbrought to the hill.\n\nOne line.\nAnother line.";
        assert_eq!(
            texts(text),
            [
                "The river rose again last night and stood above the lower meadows in the morning, where the sheep had to be brought to the hill.",
                "One line.",
                "Another line."
            ]
        );
    }

    #[test]
    fn short_last_line_ends_a_paragraph_without_empty_lines() {
        let text = "The river rose again last night and stood above the\nlower meadows in the morning, where the sheep had to be\nbrought to the hill.\nIn the afternoon the fire brigade came with two boats and\na great many sandbags, which nobody needed.\nThe sheep are well.";
        assert_eq!(
            texts(text),
            [
                "The river rose again last night and stood above the lower meadows in the morning, where the sheep had to be brought to the hill.",
                "In the afternoon the fire brigade came with two boats and a great many sandbags, which nobody needed.",
                "The sheep are well."
            ]
        );
    }

    #[test]
    fn indented_line_starts_a_paragraph() {
        let text = "   The river rose again last night and stood above the\nlower meadows in the morning, where all the sheep stood.\n   In the afternoon the fire brigade came with two boats and\na great many sandbags, which nobody needed any more by then.";
        assert_eq!(texts(text).len(), 2);
    }

    #[test]
    fn lines_in_scripts_without_spaces_are_joined_without_space() {
        let text = "昨天夜里河水又涨了，早晨淹没了下游的草地，村民们只好把羊群\n赶到山上去，孩子们也跟着上了山，一直待到晚上才回来，大家都\n很累。";
        assert_eq!(texts(text), [text.replace('\n', "")]);
    }

    #[test]
    fn one_long_line_does_not_prevent_unwrapping() {
        let wrapped = "The river rose again last night and stood above the\nlower meadows in the morning, where the sheep had to be\nbrought to the hill.\n\n".repeat(6);
        let long = format!("{wrapped}https://valley.example/{}", "a".repeat(150));
        assert_eq!(texts(&long).len(), 7);
    }
}
