//! Plain text: what a tree says as text ([`of_tree`]), and articles that arrive as text
//! ([`article`]): lines become paragraphs, headings and lists, and the same judgement as for HTML
//! tells the article from the rest.

mod lines;

use std::collections::HashSet;

use dom_query::{NodeId, NodeRef};

use crate::judge::{self, Block, Kind};
use crate::removed::Collected;
use crate::tree::{self, Walk, escape};
use crate::{Article, Page, Reason, bylines, clean, dates, language, names, words};
use lines::{Line, Shape};

/// The text of a canonical tree: blocks separated by an empty line, items and rows by a line break,
/// cells by a tab.
pub(crate) fn of_tree(root: &NodeRef<'_>) -> String {
    of_article(root, &HashSet::new())
}

/// The same without some texts, which are shown but are no part of the running text.
pub(crate) fn of_article(root: &NodeRef<'_>, without: &HashSet<NodeId>) -> String {
    let out = std::cell::RefCell::new(Writer::default());
    tree::walk(
        root,
        |node| {
            if node.is_text() {
                if !without.contains(&node.id) {
                    out.borrow_mut().text(&node.text());
                }
                return Walk::Past;
            }
            let name = tree::name(node);
            // What is written above the letters says again how they are read.
            if tree::is_unseen(&name) || matches!(name.as_str(), "rt" | "rp" | "rtc") {
                return Walk::Past;
            }
            out.borrow_mut().edge(&name);
            if name == "pre" {
                out.borrow_mut().verbatim += 1;
            }
            Walk::Into
        },
        |node| {
            let name = tree::name(node);
            let mut out = out.borrow_mut();
            if name == "pre" {
                out.verbatim = out.verbatim.saturating_sub(1);
            }
            if name != "br" && name != "td" && name != "th" {
                out.edge(&name);
            }
        },
    );
    out.into_inner().text.trim_end().to_owned()
}

/// Writes text with the white space that the elements around it ask for.
#[derive(Default)]
struct Writer {
    text: String,
    /// Line breaks due before the next word.
    breaks: usize,
    space: bool,
    tab: bool,
    verbatim: usize,
}

impl Writer {
    fn edge(&mut self, name: &str) {
        match name {
            "br" => self.breaks = (self.breaks + 1).min(2),
            "li" | "tr" | "dt" | "dd" | "thead" | "tbody" | "tfoot" => self.breaks = self.breaks.max(1),
            "td" | "th" => self.tab = true,
            "rp" | "wbr" => {}
            name if tree::is_inline(name) => {}
            _ => self.breaks = 2,
        }
    }

    fn text(&mut self, text: &str) {
        if self.verbatim > 0 {
            self.due();
            self.text.push_str(text);
            return;
        }
        for letter in text.chars() {
            if letter.is_whitespace() && letter != '\u{a0}' {
                self.space = true;
            } else if !words::is_invisible(letter) {
                self.due();
                self.text.push(if letter == '\u{a0}' { ' ' } else { letter });
            }
        }
    }

    fn due(&mut self) {
        if !self.text.is_empty() {
            match (self.breaks, self.tab, self.space) {
                (0, true, _) => self.text.push('\t'),
                (0, false, true) => self.text.push(' '),
                (0, false, false) => {}
                (breaks, ..) => self.text.push_str(&"\n\n"[..breaks.min(2)]),
            }
        }
        (self.breaks, self.tab, self.space) = (0, false, false);
    }
}

/// How many blocks from the top a title, byline or date may stand.
const TOP: usize = 8;

/// Reads an article that arrived as plain text.
pub(crate) fn article(text: &str, page: &Page<'_>) -> Article {
    let lines = lines::read(text);
    let mut verdicts = vec![None; lines.len()];
    let title_at = title_line(&lines);
    let title = title_at.map(|at| lines[at].text.clone()).unwrap_or_default();
    if let Some(at) = title_at {
        verdicts[..at].fill(Some(Reason::AboveTheArticle));
    }
    let (byline, published) = details(&lines, title_at, page, &mut verdicts);
    let blocks: Vec<Block> = lines.iter().map(block).collect();
    for (verdict, judged) in verdicts.iter_mut().zip(judge::blocks(&title, &blocks)) {
        *verdict = judged.or(*verdict);
    }
    if let Some(at) = title_at {
        verdicts[at] = Some(Reason::RepeatedTitle);
    }
    let removed = removed(&lines, &verdicts, title_at);
    let kept: Vec<&Line> =
        lines.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_none()).map(|(line, _)| line).collect();
    let body = clean::clean(&html(&kept), page.url);
    let text = plain(&kept);
    let excerpt = kept.iter().find(|line| line.shape == Shape::Paragraph).map(|line| words::one_line(&line.text, 499));
    Article {
        title: words::one_line(&title, names::LONGEST - 1),
        byline,
        published: published.map(|date| date.at),
        published_day: published.map(|date| date.day),
        site_name: None,
        canonical: None,
        sections: Vec::new(),
        tags: Vec::new(),
        language: language::of(&[], &text),
        direction: language::direction(None, &text),
        excerpt,
        lead_image: None,
        word_count: words::count(&text),
        body,
        text,
        pictures: Vec::new(),
        removed,
    }
}

fn block(line: &Line) -> Block {
    let kind = match line.shape {
        Shape::Paragraph => Kind::Paragraph,
        Shape::Heading => Kind::Heading,
        Shape::Bullet | Shape::Numbered => Kind::Item,
    };
    Block { text: line.text.clone(), kind, links: 0.0, marked: false }
}

/// The first line near the top that reads like a title: some words, no full stop, not clutter.
fn title_line(lines: &[Line]) -> Option<usize> {
    let reads_like_one = |line: &Line| {
        let count = words::count(&line.text);
        let ends = line.text.ends_with(['.', ':', ';', ',', '。']) && !line.text.ends_with("...");
        !ends
            && (1..=30).contains(&count)
            && line.text.chars().count() <= 200
            && matches!(line.shape, Shape::Paragraph | Shape::Heading)
            && judge::alone(&line.text).is_none()
    };
    let mut candidates = (0..lines.len().min(TOP)).filter(|at| reads_like_one(&lines[*at]));
    let first_prose = lines.iter().position(|line| words::count(&line.text) > 30).unwrap_or(lines.len());
    let candidates: Vec<usize> = candidates.by_ref().filter(|at| *at < first_prose).collect();
    let signed = |at: &&usize| lines.get(**at + 1).is_some_and(|next| lines::byline(&next.text).is_some());
    // A line above a byline is the title, whatever stands above it; a single word is the section.
    if let Some(at) = candidates.iter().find(signed) {
        return Some(*at);
    }
    candidates.iter().find(|at| words::count(&lines[**at].text) >= 3).or(candidates.first()).copied()
}

/// Byline and date among the short lines around the title.
fn details(
    lines: &[Line],
    title_at: Option<usize>,
    page: &Page<'_>,
    verdicts: &mut [Option<Reason>],
) -> (Option<String>, Option<dates::Dated>) {
    let (mut byline, mut published) = (None, None);
    let start = title_at.map_or(0, |at| at.saturating_sub(3));
    for at in (start..lines.len().min(start + TOP)).filter(|at| Some(*at) != title_at) {
        let text = &lines[at].text;
        if words::count(text) > 12 || text.ends_with('.') {
            continue;
        }
        let named = byline.is_none().then(|| lines::byline(text)).flatten().and_then(|name| bylines::byline(&[name]));
        let dated = published.is_none().then(|| dates::parse(text, page.now, dates::Order::Unknown)).flatten();
        if named.is_some() || dated.is_some() {
            verdicts[at] = Some(Reason::Details);
        }
        byline = byline.or(named);
        published = published.or(dated);
    }
    (byline, published)
}

fn removed(lines: &[Line], verdicts: &[Option<Reason>], title_at: Option<usize>) -> Vec<crate::Removed> {
    let mut collected = Collected::default();
    for (at, line) in lines.iter().enumerate().filter(|(at, _)| Some(*at) != title_at) {
        if let Some(reason) = verdicts[at] {
            collected.note(reason, &line.text);
        }
    }
    collected.into_list()
}

fn html(lines: &[&Line]) -> String {
    let mut html = String::new();
    let mut open = "";
    for line in lines {
        let list = match line.shape {
            Shape::Bullet => "ul",
            Shape::Numbered => "ol",
            _ => "",
        };
        if list != open {
            html.push_str(&if open.is_empty() { String::new() } else { format!("</{open}>") });
            html.push_str(&if list.is_empty() { String::new() } else { format!("<{list}>") });
            open = list;
        }
        let tag = match line.shape {
            Shape::Heading => "h2",
            Shape::Paragraph => "p",
            Shape::Bullet | Shape::Numbered => "li",
        };
        html.push_str(&format!("<{tag}>{}</{tag}>", escape(&line.text)));
    }
    if !open.is_empty() {
        html.push_str(&format!("</{open}>"));
    }
    html
}

fn plain(lines: &[&Line]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        let item = |line: &Line| matches!(line.shape, Shape::Bullet | Shape::Numbered);
        if at > 0 {
            text.push_str(if item(line) && item(lines[at - 1]) { "\n" } else { "\n\n" });
        }
        text.push_str(&line.text);
    }
    text
}
