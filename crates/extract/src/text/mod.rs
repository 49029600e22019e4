//! Extracts articles from plain text.
//!
//! `lines` parses blocks, the phrase rules of [`crate::cleanup`] find what is not the article, `to_html` writes the
//! rest. `laid_out` knows texts made for paper, `markup` reads Markdown and its kin.

mod laid_out;
mod lines;
mod markup;
mod to_html;

use crate::cleanup::phrase_rules::{self, BlockKind, TextBlock};
use crate::dom::short_text;
use crate::dom::words;
use crate::metadata::{byline, dates, language};
use crate::page::{Article, Markup, Page, Reason, Verdict};
use crate::parse::{MAX_TEXT_BYTES, bytes_in_html};
use crate::report::removed_blocks::RemovedBlocks;
use crate::sanitize;
use lines::{Line, Shape};

/// Maximum distance of byline and date from the title, in blocks.
const MAX_BLOCKS_FROM_TITLE: usize = 8;
/// Maximum number of menu blocks before the title.
const MAX_MENU_BLOCKS: usize = 80;

/// Maximum number of lines, empty ones included. A novel in hard-wrapped lines has 70,000.
const MAX_LINES: usize = 300_000;

/// Extracts the article from a text that is declared to be in a markup.
pub(crate) fn markup_article(text: &str, markup: Markup, page: &Page<'_>) -> Article {
    markup::article(text, markup, page, false)
}

/// Extracts the article from plain text.
pub(crate) fn article(text: &str, page: &Page<'_>) -> Article {
    if let Some(markup) = markup::detect(text, page) {
        return markup::article(text, markup, page, page.url.is_none());
    }
    let (text, is_cut_off) = cut_off(text);
    let text = laid_out::without_page_breaks(text);
    let (heading, text) = laid_out::split_heading(&text);
    let lines = lines::read(&text);
    let mut verdicts = vec![None; lines.len()];
    let (title_at, title, byline, published) = match heading {
        Some(heading) => (None, heading.title, byline::normalize(&heading.authors), None),
        None => {
            let title_at = find_title_line(&lines);
            let title = title_at.map(|at| strip_subject_prefix(&lines[at].text)).unwrap_or_default();
            let (byline, published) = mark_clutter(&lines, title_at, &title, page, &mut verdicts);
            (title_at, title, byline, published)
        }
    };
    let removed = list_removed(&lines, &verdicts, title_at);
    let kept: Vec<&Line> =
        lines.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_none()).map(|(line, _)| line).collect();
    let body = sanitize::sanitize_html(&to_html::to_html(&kept), page.url);
    let text = to_html::to_text(&kept);
    let excerpt = kept
        .iter()
        .find(|line| line.shape == Shape::Paragraph)
        .map(|line| words::one_line(&to_html::strip_marks(&line.text), 499));
    Article {
        title: words::one_line(&title, short_text::MAX_CHARS - 1),
        byline,
        published: published.map(|date| date.timestamp),
        published_day: published.map(|date| date.day),
        site_name: None,
        canonical_url: None,
        sections: Vec::new(),
        tags: Vec::new(),
        language: language::detect(&[], &text),
        direction: language::text_direction(None, &text),
        excerpt,
        lead_image: None,
        word_count: words::count(&text),
        body,
        text,
        images: Vec::new(),
        is_cut_off,
        needs_javascript: false,
        removed,
        verdict: Verdict::Article,
        next_page: None,
    }
}

/// Marks what is not the article in a text that somebody copied. Returns its byline and date.
fn mark_clutter(
    lines: &[Line],
    title_at: Option<usize>,
    title: &str,
    page: &Page<'_>,
    verdicts: &mut [Option<Reason>],
) -> (Option<String>, Option<dates::ParsedDate>) {
    if let Some(at) = title_at {
        verdicts[..at].fill(Some(Reason::AboveTheArticle));
    }
    let details = find_byline_and_date(lines, title_at, page, verdicts);
    let blocks: Vec<TextBlock> = lines.iter().map(to_phrase_block).collect();
    for (verdict, by_phrases) in verdicts.iter_mut().zip(phrase_rules::find_removal_reasons(title, "", &blocks)) {
        *verdict = by_phrases.or(*verdict);
    }
    for (verdict, line) in verdicts.iter_mut().zip(lines) {
        *verdict = verdict.or_else(|| image_credit_reason(&line.text));
    }
    if let Some(at) = title_at {
        verdicts[at] = Some(Reason::RepeatedTitle);
    }
    mark_comments(lines, verdicts);
    details
}

/// Returns as much of the text as is read, and whether that is less than all.
fn cut_off(text: &str) -> (&str, bool) {
    let line_limit = memchr::memchr_iter(b'\n', text.as_bytes()).nth(MAX_LINES).unwrap_or(text.len());
    let mut room = MAX_TEXT_BYTES;
    let is_full = |byte| {
        let left = room.checked_sub(bytes_in_html(byte));
        room = left.unwrap_or_default();
        left.is_none()
    };
    let byte_limit = text.bytes().position(is_full).unwrap_or(text.len());
    let end = text.floor_char_boundary(byte_limit.min(line_limit));
    (&text[..end], end < text.len())
}

fn to_phrase_block(line: &Line) -> TextBlock {
    let kind = match line.shape {
        Shape::Paragraph | Shape::Quote => BlockKind::Paragraph,
        Shape::Heading => BlockKind::Heading,
        Shape::Bullet | Shape::Numbered => BlockKind::Item,
        Shape::Code => BlockKind::Other,
    };
    TextBlock::new(to_html::strip_marks(&line.text), kind, 0.0)
}

/// Returns the line before the text that is most like a title. Text copied from a browser starts with the menus of its
/// page.
fn find_title_line(lines: &[Line]) -> Option<usize> {
    let candidates: Vec<usize> =
        (0..find_first_prose(lines, 0).min(MAX_MENU_BLOCKS)).filter(|at| looks_like_title(&lines[*at])).collect();
    let long = |at: usize, least: usize| words::count(&lines[at].text) >= least;
    // A line above a byline or date is the title. One or two lines may come in between: a standfirst, the author's
    // role. A single word is the section.
    let signed =
        |at: usize, near: usize| lines.iter().skip(at + 1).take(near).any(|next| is_byline_or_date(&next.text));
    let preferences: [&dyn Fn(usize) -> bool; 6] = [
        &|at| lines[at].shape == Shape::Heading && long(at, 2),
        &|at| long(at, 5) && signed(at, 5),
        &|at| signed(at, 1) || long(at, 3) && signed(at, 3),
        &|at| long(at, 4),
        &|at| long(at, 3),
        &|_| true,
    ];
    preferences.iter().find_map(|is_preferred| candidates.iter().copied().find(|at| is_preferred(*at)))
}

/// Strips marks and, from a mail, the label before its subject.
fn strip_subject_prefix(line: &str) -> String {
    let bare = to_html::strip_marks(line);
    let subject =
        ["Subject: ", "Betreff: ", "Objet : ", "Asunto: ", "Oggetto: "].iter().find_map(|name| bare.strip_prefix(name));
    subject.map_or(bare.clone(), str::to_owned)
}

/// Returns where the prose begins: a long line, or a shorter sentence.
fn find_first_prose(lines: &[Line], from: usize) -> usize {
    let is_prose = |line: &Line| {
        let count = words::count(&line.text);
        count > 30 || count >= 15 && line.text.ends_with(['.', '!', '?', '”', '"', '。', '؟', '।'])
    };
    lines.iter().skip(from).position(is_prose).map_or(lines.len(), |at| from + at)
}

/// Returns whether a line may be a title: a few words without a full stop, no clutter, no breadcrumbs.
fn looks_like_title(line: &Line) -> bool {
    let ends = line.text.ends_with(['.', ':', ';', ',', '。', '：']) && !line.text.ends_with("...");
    let is_path = line.text.contains(['|', '•', '→'])
        || has_unpaired_arrow(&line.text)
        || line.text.contains(" > ")
        || line.text.contains(" / ");
    !ends
        && !is_path
        && (1..=40).contains(&words::count(&line.text))
        && line.text.chars().count() <= 200
        && matches!(line.shape, Shape::Paragraph | Shape::Heading)
        && lines::parse_byline(&line.text).is_none()
        && !is_only_date(&line.text)
        && phrase_rules::find_line_reason(&line.text).is_none()
}

/// Returns whether a text has an arrow that is not part of a pair of quotation marks: `«…»` or `»…«`.
fn has_unpaired_arrow(text: &str) -> bool {
    [('«', '»'), ('‹', '›')].iter().any(|(left, right)| text.matches(*right).count() > text.matches(*left).count())
}

/// Returns whether a text is a date with at most one other word, such as the day of the week.
fn is_only_date(text: &str) -> bool {
    let between = |letter: char| !letter.is_alphanumeric();
    let is_part =
        |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit()) || dates::is_month(&word.to_lowercase());
    let others = text.split(between).filter(|word| !word.is_empty() && !is_part(word)).count();
    others <= 1 && is_dated(text)
}

fn is_dated(text: &str) -> bool {
    dates::count_digits(text) >= 3 && dates::parse(text, jiff::Timestamp::MAX, dates::DayMonthOrder::Unknown).is_some()
}

/// Returns whether a text is a byline, or a date and little else.
fn is_byline_or_date(text: &str) -> bool {
    words::count(text) <= 12 && !text.ends_with('.') && (lines::parse_byline(text).is_some() || is_dated(text))
}

/// Finds byline and date in the short lines around the title, and marks these lines as removed.
fn find_byline_and_date(
    lines: &[Line],
    title_at: Option<usize>,
    page: &Page<'_>,
    verdicts: &mut [Option<Reason>],
) -> (Option<String>, Option<dates::ParsedDate>) {
    let (mut byline, mut published) = (None, None);
    let start = title_at.map_or(0, |at| at.saturating_sub(3));
    for at in (start..lines.len().min(start + MAX_BLOCKS_FROM_TITLE + 3)).filter(|at| Some(*at) != title_at) {
        let text = &lines[at].text;
        if words::count(text) > 12 || text.ends_with(['.', ':']) {
            continue;
        }
        let named =
            byline.is_none().then(|| lines::parse_byline(text)).flatten().and_then(|name| byline::normalize(&[name]));
        let dated = published.is_none().then(|| dates::parse(text, page.now, dates::DayMonthOrder::Unknown)).flatten();
        if named.is_some() || dated.is_some() {
            verdicts[at] = Some(Reason::Details);
        }
        byline = byline.or(named);
        published = published.or(dated);
    }
    let prose = find_first_prose(lines, start);
    if let Some(at) = title_at.filter(|at| prose <= at + MAX_BLOCKS_FROM_TITLE + 3) {
        for between in at + 1..prose {
            if verdicts[between].is_none() && is_detail_line(&lines[between]) {
                verdicts[between] = Some(Reason::Details);
            }
        }
    }
    (byline, published)
}

/// Returns whether a line between title and text is a name, a role, a reading time, or a date in an unknown language.
fn is_detail_line(line: &Line) -> bool {
    let count = words::count(&line.text);
    let open = line.text.ends_with(|letter: char| letter.is_alphanumeric() || letter == ')');
    let year = line
        .text
        .split(|letter: char| !letter.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")));
    line.shape == Shape::Paragraph && open && (count <= 3 || year && count <= 6)
}

/// Returns the reason to remove a credit or caption whose image was not copied.
fn image_credit_reason(text: &str) -> Option<Reason> {
    const CREDIT_PREFIXES: [&str; 9] = [
        "image source",
        "image credit",
        "photo credit",
        "photo by",
        "photo:",
        "photograph:",
        "foto:",
        "bild:",
        "picture:",
    ];
    let start = text.get(..20.min(text.len())).unwrap_or_default().to_lowercase();
    if start.starts_with("image caption,") {
        return Some(Reason::NotPartOfTheArticle);
    }
    let credits = CREDIT_PREFIXES.iter().any(|credit| start.starts_with(credit));
    (credits && words::count(text) <= 8).then_some(Reason::Details)
}

/// Marks readers' comments as removed, if they begin after the larger part of the text. They are prose as well, so that
/// no rule for single lines finds them.
fn mark_comments(lines: &[Line], verdicts: &mut [Option<Reason>]) {
    let counts: Vec<usize> = lines.iter().map(|line| words::count(&line.text)).collect();
    let half =
        counts.iter().zip(&*verdicts).filter(|(_, verdict)| verdict.is_none()).map(|(count, _)| count).sum::<usize>()
            / 2;
    let mut before = 0;
    for at in 0..lines.len() {
        if starts_comments(&lines[at].text) && before > 0 && before >= half {
            verdicts[at..].fill(Some(Reason::Comments));
            return;
        }
        before += if verdicts[at].is_none() { counts[at] } else { 0 };
    }
}

/// Matches `Comments`, `3 comments`, `Comments (3)`.
fn starts_comments(text: &str) -> bool {
    let letters: String = text.chars().filter(|letter| letter.is_alphabetic() || *letter == ' ').collect();
    words::count(&letters) <= 3 && phrase_rules::find_line_reason(letters.trim()) == Some(Reason::Comments)
}

fn list_removed(
    lines: &[Line],
    verdicts: &[Option<Reason>],
    title_at: Option<usize>,
) -> Vec<crate::page::RemovedBlock> {
    let mut collected = RemovedBlocks::default();
    for (at, line) in lines.iter().enumerate().filter(|(at, _)| Some(*at) != title_at) {
        if let Some(reason) = verdicts[at] {
            collected.push(reason, &line.text);
        }
    }
    collected.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Extracts the article from a pasted text.
    fn pasted(text: &str) -> Article {
        let now = "2026-11-28T12:00:00Z".parse().unwrap();
        article(text, &Page { source: crate::page::Source::Text(text), url: None, now, rules: &[] })
    }

    const BODY: &str = "The council of the valley met on Monday and spoke for three hours about the wall above the harbour, which \
                        has stood there since the flood.\n\nIt will be looked at again in spring, when the water is lower and \
                        the masons are back from the islands.";

    #[test]
    fn quoted_headlines_are_titles() {
        for marks in [["«", "»"], ["»", "«"], ["‹", "›"], ["“", "”"], ["\"", "\""]] {
            let headline = marks.join("Good wages alone are not enough");
            let found = pasted(&format!("{headline}\n\nA short standfirst here.\n\n{BODY}"));
            assert_eq!(found.title, headline);
            assert!(found.text.starts_with("A short standfirst here.\n\nThe council"), "{}", found.text);
        }
        let way = pasted(&format!("Home » News » Valley\n\nGood wages alone are not enough\n\n{BODY}"));
        assert_eq!(way.title, "Good wages alone are not enough");
    }

    #[test]
    fn date_line_before_the_title_is_the_date() {
        for date in ["12 May 2024", "Sunday, 12 May 2024", "2024-05-12", "12. Mai 2024", "2024年5月12日"] {
            let found = pasted(&format!("{date}\n\nWall holds for now\nBy Jane Doe\n\n{BODY}"));
            assert_eq!(found.title, "Wall holds for now", "{date}");
            assert_eq!(found.published_day, Some(jiff::civil::date(2024, 5, 12)), "{date}");
            assert_eq!(found.byline.as_deref(), Some("Jane Doe"));
        }
        let named = pasted(&format!("What we saw on 12 May 2024\nBy Jane Doe\n\n{BODY}"));
        assert_eq!(named.title, "What we saw on 12 May 2024");
    }
}
