//! One walk over the body that collects the short lines with dates, names and breadcrumbs, their distance to the
//! headline, and the marks (class, id and property words) of the elements around them.

mod attributes;

use dom_query::{NodeData, NodeId, NodeRef};
use foldhash::HashSet;
use html5ever::{LocalName, local_name};

use crate::dom::tree::{self, attribute};
use crate::dom::words;
use crate::metadata::{byline, dates};
use attributes::{
    is_breadcrumbs, is_outside_article, may_be_breadcrumbs, names_author, names_other_author, read_marks,
};

/// Maximum number of lines.
const MAX_LINES: usize = 2_000;
/// Maximum bytes of a line with a date or a name.
const MAX_LINE_BYTES: usize = 400;
/// Maximum nodes of a byline.
const MAX_BYLINE_NODES: usize = 30;
/// Maximum number of elements marked as an author's.
const MAX_AUTHOR_ELEMENTS: usize = 40;

/// A short line of the page, or an attribute with a date.
#[derive(Debug)]
pub(super) struct Line {
    /// Number of lines before it.
    pub(super) index: usize,
    pub(super) text: String,
    /// Class, id and property words of the elements around it.
    pub(super) marks: String,
    /// From an attribute.
    pub(super) from_attribute: bool,
    /// Not visible.
    pub(super) hidden: bool,
    /// The text before it in its line, or a label such as "Written by" alone in the line before.
    pub(super) label: String,
}

impl Line {
    fn visible(index: usize, text: String, marks: String) -> Self {
        Self { index, text, marks, from_attribute: false, hidden: false, label: String::new() }
    }
}

/// The lines of a page's body.
#[derive(Default)]
pub(super) struct VisibleLines<'a> {
    /// Short lines with digits, which may hold a date.
    pub(super) date_lines: Vec<Line>,
    /// Short lines that start like a byline or are near the headline.
    pub(super) byline_lines: Vec<Line>,
    /// Elements whose marks name an author, with their line.
    pub(super) author_elements: Vec<(usize, NodeRef<'a>)>,
    /// The first breadcrumb trail.
    pub(super) breadcrumbs: Option<NodeRef<'a>>,
    /// The line of the headline.
    pub(super) headline_index: Option<usize>,
    /// Number of lines.
    pub(super) count: usize,
}

impl<'a> VisibleLines<'a> {
    /// Reads the lines of a body. `headline` is the heading that shows the title, if there is one.
    pub(super) fn read(body: &NodeRef<'a>, title: &str, headline: Option<&NodeRef<'a>>) -> Self {
        let mut reader = LineReader {
            found: VisibleLines::default(),
            text: String::new(),
            label: String::new(),
            marks: String::new(),
            parts: Vec::new(),
            title: words::match_key(title),
            headline: headline.map(|node| node.id),
            headline_frame: headline
                .into_iter()
                .flat_map(|node| node.ancestors_it(Some(3)))
                .map(|above| above.id)
                .collect(),
            headline_ancestors: headline
                .into_iter()
                .flat_map(|node| node.ancestors_it(None))
                .map(|above| above.id)
                .collect(),
        };
        let mut next = body.first_child();
        while let Some(node) = next {
            if reader.enter(&node) {
                if let Some(child) = node.first_child() {
                    next = Some(child);
                    continue;
                }
                reader.leave(&node);
            }
            let mut at = node;
            next = loop {
                if let Some(sibling) = at.next_sibling() {
                    break Some(sibling);
                }
                match at.parent() {
                    Some(parent) if parent.id != body.id => {
                        reader.leave(&parent);
                        at = parent;
                    }
                    _ => break None,
                }
            };
        }
        reader.end_line();
        reader.found
    }

    /// Returns the distance of a line to the headline: lines before it count twice.
    pub(super) fn distance(&self, at: usize) -> Option<usize> {
        self.headline_index.map(|headline| if at >= headline { at - headline } else { (headline - at) * 2 })
    }
}

/// Collects the lines.
struct LineReader<'a> {
    found: VisibleLines<'a>,
    text: String,
    /// The line before, if it is only a label: "Written by".
    label: String,
    /// Buffer for the marks of one element.
    marks: String,
    /// Elements around and inside the line.
    parts: Vec<NodeRef<'a>>,
    /// The key of the title. The first line equal to it is the headline, whatever its element.
    title: String,
    headline: Option<NodeId>,
    /// The nearest ancestors of the headline.
    headline_frame: Vec<NodeId>,
    headline_ancestors: HashSet<NodeId>,
}

impl<'a> LineReader<'a> {
    /// Enters a node. Returns whether to read its children.
    fn enter(&mut self, node: &NodeRef<'a>) -> bool {
        let Some(name) = node.qual_name_ref().map(|name| name.local.clone()) else {
            // A long line holds neither date nor name, so its text is not needed.
            if self.text.len() < MAX_LINE_BYTES {
                node.query(|inside| {
                    if let NodeData::Text { contents } = &inside.data {
                        self.push_text(contents);
                    }
                });
            }
            return false;
        };
        if self.found.count >= MAX_LINES {
            return false;
        }
        let attributes = read_marks(node, &mut self.marks);
        let is_outside =
            (is_outside_article(node, &name, &self.marks) || self.is_teaser()) && !holds_byline(node, &name);
        if is_outside && !self.is_near_headline(node) {
            if self.found.breadcrumbs.is_none() && self.marks.contains("breadcrumb") {
                self.found.breadcrumbs = Some(*node);
            }
            return false;
        }
        if ends_line(&name) {
            self.end_line();
            self.parts.extend(node.parent());
        }
        if self.headline == Some(node.id) && self.found.headline_index.is_none() {
            self.found.headline_index = Some(self.found.count);
        }
        if self.found.breadcrumbs.is_none() && may_be_breadcrumbs(&name) && is_breadcrumbs(node, &self.marks) {
            self.found.breadcrumbs = Some(*node);
        }
        if self.found.author_elements.len() < MAX_AUTHOR_ELEMENTS
            && (attributes.links_to_author || names_author(&self.marks))
            && !names_other_author(&self.marks)
        {
            self.found.author_elements.push((self.found.count, *node));
        }
        if attributes.may_hold_date {
            self.add_attribute_date(node, &name);
        }
        self.parts.push(*node);
        true
    }

    /// Appends text with single spaces, since indentation can be longer than a line.
    fn push_text(&mut self, text: &str) {
        let mut gap = text.starts_with(char::is_whitespace);
        for word in text.split_whitespace() {
            if gap {
                self.push_gap();
                self.text.push_str(word);
            } else {
                push_with_gap(&mut self.text, word);
            }
            gap = true;
            if self.text.len() >= MAX_LINE_BYTES {
                return;
            }
        }
        if text.ends_with(char::is_whitespace) {
            self.push_gap();
        }
    }

    fn push_gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// Returns whether an element well after the headline is called a teaser. Near the headline, that is often the
    /// article's own introduction.
    fn is_teaser(&self) -> bool {
        self.found.headline_index.is_some_and(|headline| self.found.count > headline + 10)
            && self.marks.split([' ', '-', '_']).any(|word| matches!(word, "teaser" | "teasers"))
    }

    /// Returns whether an element contains the headline, or is beside it within a few lines: there, a "teaser" or
    /// "sidebar" belongs to the article.
    fn is_near_headline(&self, node: &NodeRef<'a>) -> bool {
        if self.headline_ancestors.contains(&node.id) {
            return true;
        }
        let near = self.found.headline_index.is_some_and(|headline| self.found.count <= headline + 6);
        let own = || !["comment", "related", "recommend", "nav", "menu"].iter().any(|mark| self.marks.contains(mark));
        near && own()
            && !tree::has_name(
                node,
                &[
                    "nav",
                    "form",
                    "select",
                    "blockquote",
                    "figcaption",
                    "script",
                    "style",
                    "noscript",
                    "template",
                    "svg",
                ],
            )
            && node.parent().is_some_and(|parent| self.headline_frame.contains(&parent.id))
    }

    fn leave(&mut self, node: &NodeRef<'a>) {
        if node.qual_name_ref().is_some_and(|name| ends_line(&name.local)) {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        if self.text.trim_start().is_empty() {
            self.text.clear();
            self.parts.clear();
            return;
        }
        let at = self.found.count;
        self.found.count += 1;
        if self.text.len() < MAX_LINE_BYTES {
            self.add_short_line(at);
        } else {
            self.label.clear();
            self.add_dateline(at);
        }
        self.text.clear();
        self.parts.clear();
    }

    fn add_short_line(&mut self, at: usize) {
        let is_title = self.found.headline_index.is_none()
            && self.text.len() >= self.title.len()
            && self.text.len() < self.title.len() * 2 + 40
            && self.title.len() > 3
            && words::match_key(&self.text) == self.title;
        if is_title {
            self.found.headline_index = Some(at);
        }
        let dated = dates::count_digits(&self.text) >= 3;
        let near = self.found.headline_index.is_some_and(|headline| at <= headline + 12) || at < 40;
        let label = std::mem::take(&mut self.label);
        let begins = self.text.len() < 160 && byline::starts_like_byline(&self.text);
        if begins && byline::is_bare_label(&self.text) {
            self.label.push_str(&self.text);
        }
        let signed = self.text.len() < 160 && (near || begins || !label.is_empty());
        if !dated && !signed {
            return;
        }
        let text = words::one_line(&self.text, 200);
        let marks = self.marks_of_line();
        if dated {
            if text.len() > 60 {
                self.add_dateline(at);
            }
            self.found.date_lines.push(Line::visible(at, text.clone(), marks.clone()));
        }
        if signed && !names_other_author(&marks) {
            self.found.byline_lines.push(Line { label, ..Line::visible(at, text, marks) });
        }
    }

    /// Adds the date at the start of a paragraph near the headline: "6 May 2024 – It rained", "Valley, 6 May 2024 | It
    /// rained".
    fn add_dateline(&mut self, at: usize) {
        let text = self.text.trim_start().trim_start_matches('(');
        let near = self.found.headline_index.is_some_and(|headline| at <= headline + 8);
        if !near {
            return;
        }
        let start = text.char_indices().nth(48).map_or(text, |(end, _)| &text[..end]);
        let alone = start
            .split(' ')
            .next()
            .filter(|word| word.len() >= 8 && word.starts_with(|first: char| first.is_ascii_digit()));
        let marks = [" – ", " - ", " — ", " | ", ": ", ") "].iter().filter_map(|mark| start.find(mark)).min();
        let parts = marks.or(alone.map(str::len));
        let holds_date = |end: &usize| dates::count_digits(&start[..*end]) >= 5;
        if let Some(end) = parts.filter(holds_date) {
            let line = Line::visible(at, words::one_line(&start[..end], 48), " dateline ".into());
            self.found.date_lines.push(line);
        }
    }

    fn marks_of_line(&self) -> String {
        let mut all = String::new();
        let mut one = String::new();
        for node in self.parts.iter().take(20) {
            read_marks(node, &mut one);
            all.push_str(&one);
            if tree::has_name(node, &["time"]) {
                all.push_str("time ");
            }
        }
        all
    }

    /// Adds the date in an attribute.
    fn add_attribute_date(&mut self, node: &NodeRef<'a>, name: &LocalName) {
        let may_hold_date = attribute(node, "datetime").or_else(|| {
            let dated = ["date", "publi", "time"].iter().any(|mark| self.marks.contains(mark));
            ["content", "title"].iter().filter(|_| dated).find_map(|name| attribute(node, name))
        });
        let Some(text) =
            may_hold_date.filter(|text| text.len() <= 60 && text.bytes().filter(u8::is_ascii_digit).count() >= 5)
        else {
            return;
        };
        let mut marks = self.marks.clone();
        marks.push_str(if *name == local_name!("time") { "time " } else { "" });
        marks.push_str(if node.has_attr("pubdate") { "published " } else { "" });
        let label = self.text.to_lowercase();
        self.found.date_lines.push(Line {
            index: self.found.count,
            text,
            marks,
            from_attribute: true,
            hidden: *name == local_name!("meta"),
            label,
        });
    }
}

/// Returns whether a `<nav>` holds the byline.
fn holds_byline(node: &NodeRef<'_>, name: &LocalName) -> bool {
    let is_author = |inside: NodeRef<'_>| inside.attr("itemprop").is_some_and(|property| &*property == "author");
    *name == local_name!("nav") && node.descendants_it().take(MAX_BYLINE_NODES).any(is_author)
}

/// Appends text to a line, with a space where two words would join. Pages often separate "Ann Lee" and "6 May" by style
/// only.
pub(super) fn push_with_gap(line: &mut String, text: &str) {
    if let (Some(last), Some(first)) = (line.chars().next_back(), text.chars().next()) {
        let run_together = (last.is_ascii_digit() && first.is_alphabetic())
            || (last.is_alphabetic() && first.is_ascii_digit())
            || (last.is_lowercase() && first.is_uppercase());
        if run_together {
            line.push(' ');
        }
    }
    line.push_str(text);
}

fn ends_line(name: &LocalName) -> bool {
    *name == local_name!("br") || !tree::is_inline(name)
}
