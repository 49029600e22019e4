//! Reads lists of links, in any form people have them: texts with links on their lines, alone, behind titles or in Markdown;
//! and pages that are nothing but links. Pure.

use crate::ingest::fetch;
use crate::ingest::intake::html_tokens::{HtmlToken, read_tokens};
use crate::ingest::intake::link_finder::{MAX_BYTES, find_links, remove_hidden};
use crate::ingest::intake::urls_in_text::{is_broken_between, trim_punctuation};
use crate::ingest::intake::{ImportRequest, MAX_URLS, RejectedInput};

/// Characters beside the links of a line: more are prose.
const MAX_CHARS_BESIDE_LINKS: usize = 200;

/// The same in Markdown, where articles and notes have links too.
const MAX_CHARS_BESIDE_LINKS_IN_MARKDOWN: usize = 60;

/// Elements of a page that is more than a list.
const PAGE_ELEMENTS: &[&str] = &["script", "article", "main", "nav", "form", "iframe", "video", "footer", "aside"];

/// A line of a text.
enum Line<'a> {
    /// Has links, and not much else.
    Links(Vec<String>),
    /// Has links among many words.
    Prose(Vec<String>),
    /// Has none.
    Text(&'a str),
}

/// Returns the links of a text that is a list of links, and what was not taken from it; `None` for any other text.
pub(super) fn parse_text_list(
    name: &str,
    text: &str,
    max_beside: usize,
) -> Option<Vec<Result<ImportRequest, RejectedInput>>> {
    let text = remove_hidden(text).replace("\r\n", "\n");
    let lines: Vec<(usize, Line<'_>)> = text
        .split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'])
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !is_comment(line))
        .map(|(number, line)| (number, read_line(line, max_beside)))
        .collect();
    let link_lines = lines.iter().filter(|(_, line)| matches!(line, Line::Links(_))).count();
    // An article may end with some links, and a list may contain a mistyped line, so most lines decide.
    let is_mostly_links = link_lines * 3 >= lines.len() * 2;
    let is_titles_and_links = !is_mostly_links && has_titles_before_links(&lines);
    if link_lines == 0 || !(is_mostly_links || is_titles_and_links) {
        return None;
    }
    let mut inputs = Vec::new();
    let mut lines = lines.into_iter().peekable();
    while let Some((number, line)) = lines.next() {
        match line {
            Line::Links(mut links) | Line::Prose(mut links) => {
                if let Some(link) = links.last_mut() {
                    while let Some(piece) = lines.peek().and_then(|(_, next)| find_rest(link, next)) {
                        link.push_str(piece);
                        lines.next();
                    }
                }
                inputs.extend(links.iter().map(|link| read_link(name, &format!("line {number}"), link)));
            }
            Line::Text(_) if is_titles_and_links => {}
            Line::Text(text) => inputs.push(read_link(name, &format!("line {number}"), text)),
        }
    }
    Some(limit_count(name, inputs))
}

/// Returns how many characters may stand beside the links of a line.
pub(super) const fn max_chars_beside_links(is_markdown: bool) -> usize {
    if is_markdown { MAX_CHARS_BESIDE_LINKS_IN_MARKDOWN } else { MAX_CHARS_BESIDE_LINKS }
}

/// Returns whether a line is a comment or a heading without a link.
fn is_comment(line: &str) -> bool {
    line.starts_with('#') && !line.contains("](")
}

fn read_line(line: &str, max_beside: usize) -> Line<'_> {
    let links = find_links(line);
    if links.is_empty() {
        let word = trim_punctuation(strip_list_marker(line));
        return if is_bare_url(word) { Line::Links(vec![word.to_owned()]) } else { Line::Text(line) };
    }
    let of_links: usize = links.iter().map(|link| line[link.start..link.end].chars().count()).sum();
    let labels: usize = line.split('[').skip(1).filter_map(|rest| Some(rest.split_once("](")?.0.chars().count())).sum();
    if line.chars().count().saturating_sub(of_links + labels) > max_beside {
        return Line::Prose(links.into_iter().map(|link| link.text).collect());
    }
    Line::Links(links.into_iter().map(|link| link.text).collect())
}

/// `1. `, `2) `, `- `, `[x] `
fn strip_list_marker(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix(['.', ')']).filter(|after| after.starts_with(char::is_whitespace)).unwrap_or(line);
    let rest = rest.trim_start().trim_start_matches(['-', '*', '+', '•', '·', '–']).trim_start();
    ["[ ]", "[x]", "[X]"].iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(rest).trim_start()
}

fn is_bare_url(word: &str) -> bool {
    !word.contains(char::is_whitespace) && fetch::parse_url(word).is_ok()
}

/// Returns whether the text is titles, each with its links on the next line.
fn has_titles_before_links(lines: &[(usize, Line<'_>)]) -> bool {
    let links = lines.iter().filter(|(_, line)| matches!(line, Line::Links(_))).count();
    let is_title = |line: &str| line.chars().count() <= MAX_CHARS_BESIDE_LINKS;
    links >= 2
        && matches!(lines.last(), Some((_, Line::Links(_))))
        && lines.windows(2).all(|pair| match &pair[0].1 {
            Line::Text(text) => is_title(text) && matches!(pair[1].1, Line::Links(_)),
            Line::Links(_) => true,
            Line::Prose(_) => false,
        })
}

/// Returns the next line if a link was broken before it.
fn find_rest<'a>(link: &str, next: &Line<'a>) -> Option<&'a str> {
    match next {
        Line::Text(piece) if link.len() + piece.len() <= MAX_BYTES && is_broken_between(link, piece) => Some(piece),
        _ => None,
    }
}

/// Returns the links of a page that is a list of links; `None` for any other page.
pub(super) fn parse_html_list(name: &str, html: &str) -> Option<Vec<Result<ImportRequest, RejectedInput>>> {
    let (mut links, mut beside, mut silent, mut in_link) = (Vec::new(), 0, 0_usize, false);
    for token in read_tokens(html) {
        match token {
            HtmlToken::Start(tag, attributes) => match tag.as_str() {
                tag if PAGE_ELEMENTS.contains(&tag) => return None,
                "link" if attributes.find("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("stylesheet")) => {
                    return None;
                }
                "a" => {
                    in_link = true;
                    // Links within the page and to its neighbours belong to the page.
                    links.extend(attributes.find("href").filter(|href| href.contains(':')).map(str::to_owned));
                }
                tag if is_silent(tag) => silent += 1,
                _ => {}
            },
            HtmlToken::End(tag) => match tag.as_str() {
                "a" => in_link = false,
                tag if is_silent(tag) => silent = silent.saturating_sub(1),
                _ => {}
            },
            HtmlToken::Text(text) if !in_link && silent == 0 => {
                let chars = text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
                if chars > MAX_CHARS_BESIDE_LINKS {
                    return None;
                }
                beside += chars;
            }
            HtmlToken::Text(_) => {}
        }
    }
    if links.is_empty() || beside > MAX_CHARS_BESIDE_LINKS_IN_MARKDOWN * links.len() {
        return None;
    }
    let read = |(index, link): (usize, &String)| read_link(name, &format!("link {}", index + 1), link);
    Some(limit_count(name, links.iter().enumerate().map(read).collect()))
}

/// Elements whose text is no part of a list: titles, headings and styles.
fn is_silent(tag: &str) -> bool {
    matches!(tag, "title" | "style" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn read_link(name: &str, place: &str, link: &str) -> Result<ImportRequest, RejectedInput> {
    let file_name = Some(name.to_owned());
    match crate::ingest::intake::parse_url(link) {
        Ok(url) => Ok(ImportRequest { url: Some(url), page: None, file_name, replaces: None }),
        Err(error) => Err(RejectedInput { name: format!("{name}, {place}"), problem: error.user_message() }),
    }
}

fn limit_count(
    name: &str,
    inputs: Vec<Result<ImportRequest, RejectedInput>>,
) -> Vec<Result<ImportRequest, RejectedInput>> {
    if inputs.len() <= MAX_URLS {
        return inputs;
    }
    let problem = format!("{} links; the limit is {MAX_URLS} at a time. Split the list.", inputs.len());
    vec![Err(RejectedInput { name: name.to_owned(), problem })]
}

#[cfg(test)]
mod tests;
