//! Reads the links of a page with the elements around them.

use dom_query::{Document, NodeRef};
use html5ever::LocalName;
use url::Url;

use crate::dom::selector::{OutlineElement, Selector};
use crate::dom::tree::{self, Walk};
use crate::dom::{short_text, urls, words};
use crate::{parse, stop};

/// The most links of a page that are read.
const MAX_LINKS: usize = 2_000;

/// The most lines of a page that are kept.
const MAX_LINES: usize = 1_500;

/// The most headings that are kept, and the most dates.
const MAX_MARKS: usize = 4_000;

/// Bytes of a line or of the text of a link that are read.
const MAX_RAW: usize = 2_000;

/// Characters of the text of a link.
const MAX_TEXT: usize = 300;

/// Characters of a line of the page.
const MAX_LINE: usize = 160;

/// Lines of the text of a link that are told apart.
const MAX_LINK_LINES: usize = 8;

/// The links of a page. Elements without links, headings and dates in them are left out.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) url: Url,
    pub(super) title: Option<String>,
    /// Each stands behind its parent.
    pub(super) elements: Vec<Element>,
    pub(super) links: Vec<Link>,
    pub(super) headings: Vec<Mark>,
    pub(super) times: Vec<Mark>,
    pub(super) lines: Vec<Line>,
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) parent: Option<usize>,
    pub(super) name: LocalName,
    pub(super) id: String,
    pub(super) class: String,
    pub(super) role: String,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) element: usize,
    pub(super) url: Url,
    /// The lines of its text.
    pub(super) texts: Vec<String>,
    /// The heading in it.
    pub(super) heading: Option<String>,
    /// What else it says of itself, or the description of its picture.
    pub(super) label: Option<String>,
}

impl Link {
    /// Returns what a reader sees of it.
    pub(super) fn shown_text(&self) -> Option<String> {
        let all = self.texts.join(" ");
        let text = self.heading.clone().unwrap_or(all);
        Some(words::one_line(&text, MAX_LINE)).filter(|text| !text.is_empty()).or_else(|| self.label.clone())
    }
}

/// A heading with its text, or a `<time>` with its date.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) element: usize,
    pub(super) text: String,
}

#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) is_heading: bool,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    /// The link at this position.
    Link(usize),
}

impl Outline {
    /// Returns the positions of the links that a selector selects.
    pub(super) fn find(&self, selector: &Selector) -> Vec<usize> {
        let matches = selector.match_outline(self.elements.iter().map(|element| OutlineElement {
            parent: element.parent,
            name: &element.name,
            id: &element.id,
            class: &element.class,
        }));
        (0..self.links.len()).filter(|link| matches[self.links[*link].element]).collect()
    }

    /// Returns an element and those around it, from inside to outside.
    pub(super) fn path(&self, element: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(element), |element| self.elements[*element].parent)
    }

    /// Returns whether a link leads to the page itself or to the front page of its site, and so to no article.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        let same_host = urls::host_without_www(url) == urls::host_without_www(&self.url);
        let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
        same_host && (path(url) == path(&self.url) && url.query() == self.url.query() || is_root(url))
    }
}

fn is_root(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none() && url.fragment().is_none()
}

/// Reads a page. Nothing of it is shown or fetched.
pub(super) fn read(html: &str, url: &Url) -> Outline {
    let page = parse::parse_page(html).tree;
    let mut reader = Reader {
        base: find_base(&page, url),
        outline: Outline {
            url: url.clone(),
            title: find_title(&page),
            elements: Vec::new(),
            links: Vec::new(),
            headings: Vec::new(),
            times: Vec::new(),
            lines: Vec::new(),
        },
        open: Vec::new(),
        line: Line::default(),
    };
    let reader_cell = std::cell::RefCell::new(&mut reader);
    tree::walk(
        &tree::body(&page),
        |node| reader_cell.borrow_mut().enter(node),
        |node| {
            if node.is_element() {
                reader_cell.borrow_mut().leave();
            }
        },
    );
    reader.end_line();
    reader.outline
}

fn find_base(page: &Document, url: &Url) -> Url {
    let bases = tree::elements(&page.root(), |node| tree::has_name(node, &["base"]));
    let stated = bases.first().and_then(|base| tree::attribute(base, "href"));
    stated.and_then(|href| urls::resolve_http(&href, Some(url))).unwrap_or_else(|| url.clone())
}

fn find_title(page: &Document) -> Option<String> {
    let titles = tree::elements(&page.root(), |node| tree::has_name(node, &["title"]));
    titles.first().and_then(|title| short_text::clean_text(&title.text()))
}

/// An element that is being read.
struct Open {
    element: usize,
    /// Something in it is kept.
    is_kept: bool,
    is_block: bool,
    link: Option<usize>,
    heading: Option<usize>,
}

struct Reader {
    base: Url,
    outline: Outline,
    open: Vec<Open>,
    line: Line,
}

impl Reader {
    fn enter(&mut self, node: &NodeRef<'_>) -> Walk {
        stop::check();
        let Some(name) = tree::element_name(node) else {
            tree::read_text(node, |text| self.add_text(text));
            return Walk::Skip;
        };
        if tree::is_non_text(&name) || tree::is_ruby_annotation(&name) || tree::is_hidden(node) {
            return Walk::Skip;
        }
        if &*name == "img" {
            self.add_description(node);
            return Walk::Skip;
        }
        let above = self.open.last();
        let (mut link, mut heading) = (above.and_then(|it| it.link), above.and_then(|it| it.heading));
        let (parent, element) = (above.map(|it| it.element), self.outline.elements.len());
        let is_block = !tree::is_inline(&name) || &*name == "br";
        if is_block {
            self.break_line(link);
        }
        let new_link = if link.is_none() && &*name == "a" { self.add_link(node, element) } else { None };
        link = link.or(new_link);
        let has_room = self.outline.headings.len() < MAX_MARKS && self.outline.times.len() < MAX_MARKS;
        let is_heading = has_room && matches!(name.as_bytes(), b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6");
        if is_heading {
            self.outline.headings.push(Mark { element, text: String::new() });
            (heading, self.line.is_heading) = (Some(self.outline.headings.len() - 1), true);
        }
        let date = if has_room && &*name == "time" { tree::attribute(node, "datetime") } else { None };
        let is_kept = new_link.is_some() || is_heading || date.is_some();
        if let Some(text) = date.filter(|date| date.len() <= 40) {
            self.outline.times.push(Mark { element, text });
        }
        let attribute = |name: &str| tree::attribute(node, name).filter(|value| value.len() <= 400).unwrap_or_default();
        let (id, class, role) = (attribute("id"), attribute("class"), attribute("role"));
        self.outline.elements.push(Element { parent, name, id, class, role });
        self.open.push(Open { element, is_kept, is_block, link, heading });
        Walk::Enter
    }

    fn leave(&mut self) {
        let Some(left) = self.open.pop() else { return };
        if left.is_block {
            self.break_line(left.link);
        }
        match (left.is_kept, self.open.last_mut()) {
            (true, Some(above)) => above.is_kept = true,
            (true, None) => {}
            // It is the last one, since what was in it has gone before.
            (false, _) => self.outline.elements.truncate(left.element),
        }
        let (above_link, above_heading) = self.open.last().map_or((None, None), |above| (above.link, above.heading));
        if let Some(heading) = left.heading.filter(|_| above_heading.is_none()) {
            let text = &mut self.outline.headings[heading].text;
            *text = words::one_line(text, MAX_TEXT);
            let text = text.clone();
            if let Some(link) = left.link.filter(|_| !text.is_empty()) {
                self.outline.links[link].heading.get_or_insert(text);
            }
        }
        if let Some(link) = left.link.filter(|_| above_link.is_none()) {
            let texts = &mut self.outline.links[link].texts;
            texts.iter_mut().for_each(|text| *text = words::one_line(text, MAX_TEXT));
            texts.retain(|text| !text.is_empty());
        }
    }

    /// Adds a link to a page. Returns its position.
    fn add_link(&mut self, node: &NodeRef<'_>, element: usize) -> Option<usize> {
        let href = tree::attribute(node, "href").filter(|href| !href.starts_with('#'))?;
        let mut url = urls::resolve_http(&href, Some(&self.base))?;
        if self.outline.links.len() >= MAX_LINKS {
            return None;
        }
        // Some sites have their pages behind such a mark.
        if !url.fragment().is_some_and(|fragment| fragment.starts_with(['!', '/'])) {
            url.set_fragment(None);
        }
        let label = ["aria-label", "title"].iter().find_map(|name| tree::attribute(node, name));
        let label = label.and_then(|label| short_text::clean_text(&label));
        let position = self.outline.links.len();
        self.outline.links.push(Link { element, url, texts: vec![String::new()], heading: None, label });
        self.line.pieces.push(Piece::Link(position));
        Some(position)
    }

    fn add_description(&mut self, image: &NodeRef<'_>) {
        let Some(link) = self.open.last().and_then(|above| above.link) else { return };
        let label = &mut self.outline.links[link].label;
        *label = label.take().or_else(|| tree::attribute(image, "alt").and_then(|alt| short_text::clean_text(&alt)));
    }

    fn add_text(&mut self, text: &str) {
        let (link, heading) = self.open.last().map_or((None, None), |above| (above.link, above.heading));
        if let Some(heading) = heading {
            push_some(&mut self.outline.headings[heading].text, text);
        }
        match (link, self.line.pieces.last_mut()) {
            (Some(link), _) => {
                if let Some(line) = self.outline.links[link].texts.last_mut() {
                    push_some(line, text);
                }
            }
            (None, Some(Piece::Text(line))) => push_some(line, text),
            (None, _) if text.trim().is_empty() => {}
            (None, _) => {
                let mut line = String::new();
                push_some(&mut line, text);
                self.line.pieces.push(Piece::Text(line));
            }
        }
    }

    /// Begins a new line: of a link, if it is inside one, else of the page.
    fn break_line(&mut self, link: Option<usize>) {
        match link {
            Some(link) => {
                let texts = &mut self.outline.links[link].texts;
                let is_full = texts.len() == MAX_LINK_LINES;
                match texts.last_mut() {
                    Some(last) if is_full || last.trim().is_empty() => last.push(' '),
                    _ => texts.push(String::new()),
                }
            }
            None => self.end_line(),
        }
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        for piece in &mut line.pieces {
            if let Piece::Text(text) = piece {
                *text = words::one_line(text, MAX_LINE);
            }
        }
        if !line.pieces.is_empty() && self.outline.lines.len() < MAX_LINES {
            self.outline.lines.push(line);
        }
    }
}

fn push_some(line: &mut String, text: &str) {
    if line.len() < MAX_RAW {
        line.push_str(&text[..text.floor_char_boundary(MAX_RAW)]);
    }
}
