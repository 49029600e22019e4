//! What one walk over a page tells about its elements: how much text they hold, which of them look alike, and where
//! there is prose.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashMap;
use foldhash::fast::FixedState;

use super::mentions::Mentions;
use crate::dom::tree::{self, Walk};
use crate::dom::words;

/// Most words of a text that may be a control, and of a link that may be one.
const MAX_CONTROL_WORDS: usize = 6;
const MAX_LINK_WORDS: usize = 3;
/// From how many occurrences a short text is a control.
const MIN_CONTROLS: usize = 3;
/// Least words of a paragraph that counts as prose.
const MIN_PROSE_WORDS: usize = 15;
/// Most elements of one kind that are looked at.
const MAX_ALIKE: usize = 4_000;

/// An element, and where it stands on the page.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) node: NodeId,
    /// Nodes before it and up to its end.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) depth: usize,
    /// Words that are no controls, and those of them outside of links.
    pub(super) words: usize,
    pub(super) plain: usize,
}

/// Elements that look alike.
#[derive(Default)]
pub(super) struct Alike {
    /// Those that hold no name of an author.
    pub(super) spans: Vec<Span>,
    /// The number of others.
    with_names: usize,
    /// How many of the former hold a date: these have the head of their post.
    with_dates: usize,
}

/// The survey of a page.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) alike: Vec<Alike>,
    /// All elements with text.
    pub(super) spans: HashMap<NodeId, Span>,
    /// The places of names and dates.
    pub(super) places: HashMap<NodeId, usize>,
    /// The words outside of links and controls on the page.
    pub(super) plain: usize,
    /// The paragraphs of prose.
    pub(super) prose: Vec<Span>,
}

struct Frame {
    start: usize,
    words: usize,
    plain: usize,
    names: usize,
    dates: usize,
    prose: usize,
}

#[derive(Default)]
struct Surveyor {
    survey: Survey,
    alike: HashMap<u64, Alike>,
    open: Vec<Frame>,
    nodes: usize,
    words: usize,
    plain: usize,
    names: usize,
    dates: usize,
    prose: usize,
    in_link: usize,
}

impl Survey {
    pub(super) fn take(page: &Document, mentions: &Mentions) -> Survey {
        let body = tree::body(page);
        let controls = count_short_texts(&body);
        let authors = mentions.authors.iter().map(|mention| (mention.node, true));
        let dates = mentions.dates.iter().map(|mention| (mention.node, false));
        let mentioned: HashMap<NodeId, bool> = authors.chain(dates).collect();
        let surveyor = RefCell::new(Surveyor::default());
        tree::walk(
            &body,
            |node| {
                let mut surveyor = surveyor.borrow_mut();
                let is_name = mentioned.get(&node.id).copied();
                let entered = surveyor.enter(node, &controls);
                if let Some(is_name) = is_name {
                    let place = surveyor.nodes;
                    surveyor.survey.places.insert(node.id, place);
                    surveyor.names += usize::from(is_name);
                    surveyor.dates += usize::from(!is_name);
                }
                entered
            },
            |node| surveyor.borrow_mut().leave(node),
        );
        let Surveyor { mut survey, alike, plain, .. } = surveyor.into_inner();
        survey.plain = plain;
        survey.alike = alike.into_values().filter_map(Alike::tidy).collect();
        survey.alike.sort_by_key(|alike| std::cmp::Reverse((alike.words(), alike.spans[0].start)));
        survey
    }
}

impl Alike {
    /// Orders the elements and drops those within others. `None` if there are too few, or if many of them hold
    /// names or dates.
    fn tidy(mut self) -> Option<Alike> {
        let count = self.spans.len();
        if count < 2 || self.with_names * 5 > count || self.with_dates * 5 > count * 3 {
            return None;
        }
        self.spans.sort_by_key(|span| span.start);
        let mut end = 0;
        self.spans.retain(|span| {
            let is_outer = span.start >= end;
            end = end.max(span.end);
            is_outer
        });
        (self.spans.len() >= 2).then_some(self)
    }

    pub(super) fn words(&self) -> usize {
        self.spans.iter().map(|span| span.words).sum()
    }
}

impl Surveyor {
    fn enter(&mut self, node: &NodeRef<'_>, controls: &HashMap<u64, usize>) -> Walk {
        self.nodes += 1;
        let Some(name) = tree::element_name(node) else {
            let in_link = self.in_link > 0;
            let count = tree::read_text(node, |text| {
                let count = words::count(text);
                let is_control = in_link && count <= MAX_LINK_WORDS
                    || count <= MAX_CONTROL_WORDS
                        && controls.get(&hash_text(text)).is_some_and(|known| *known >= MIN_CONTROLS);
                if is_control { 0 } else { count }
            });
            self.words += count.unwrap_or(0);
            self.plain += if in_link { 0 } else { count.unwrap_or(0) };
            return Walk::Skip;
        };
        let is_dialog = || node.attr("role").is_some_and(|role| matches!(&*role, "dialog" | "alertdialog"));
        let is_aside = matches!(&*name, "nav" | "button" | "select" | "dialog");
        if tree::is_non_text(&name) || is_aside || is_dialog() || is_apart(node) {
            return Walk::Skip;
        }
        self.in_link += usize::from(&*name == "a");
        self.open.push(Frame {
            start: self.nodes,
            words: self.words,
            plain: self.plain,
            names: self.names,
            dates: self.dates,
            prose: self.prose,
        });
        Walk::Enter
    }

    fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(open) = self.open.pop() else { return };
        let name = tree::name(node);
        self.in_link -= usize::from(&*name == "a");
        let span = Span {
            node: node.id,
            start: open.start,
            end: self.nodes + 1,
            depth: self.open.len(),
            words: self.words - open.words,
            plain: self.plain - open.plain,
        };
        if span.words == 0 {
            return;
        }
        self.survey.spans.insert(node.id, span);
        if matches!(&*name, "p" | "li" | "dd" | "td" | "div" | "blockquote")
            && span.plain >= MIN_PROSE_WORDS
            && self.prose == open.prose
        {
            self.prose += 1;
            self.survey.prose.push(span);
        }
        if matches!(&*name, "a" | "b" | "i" | "em" | "strong" | "li" | "h1" | "h2" | "h3" | "h4" | "tr" | "tbody") {
            return;
        }
        let (has_names, has_dates) = (self.names > open.names, self.dates > open.dates);
        for look in looks_of(node, &name) {
            let alike = self.alike.entry(look).or_default();
            if has_names {
                alike.with_names += 1;
            } else if alike.spans.len() < MAX_ALIKE {
                alike.spans.push(span);
                alike.with_dates += usize::from(has_dates);
            }
        }
    }
}

/// Whether no reader sees an element, or it is what an author has below all posts.
pub(super) fn is_apart(node: &NodeRef<'_>) -> bool {
    let is_signature = || {
        node.attr("class").is_some_and(|classes| {
            classes.split([' ', '-', '_']).any(|word| matches!(word, "signature" | "Signature" | "sig"))
        })
    };
    tree::is_hidden(node) || is_signature()
}

/// Returns how an element looks, in several ways: by all of its classes, the first, its id, or its parent.
fn looks_of(node: &NodeRef<'_>, name: &str) -> Vec<u64> {
    let hash = |way: u8, text: &str| {
        let mut hasher = FixedState::default().build_hasher();
        (way, name).hash(&mut hasher);
        text.bytes().filter(|byte| !byte.is_ascii_digit()).for_each(|byte| byte.hash(&mut hasher));
        hasher.finish()
    };
    let first = |classes: &str| classes.split_ascii_whitespace().next().unwrap_or_default().to_owned();
    let mut looks = Vec::new();
    if let Some(classes) = node.attr("class").filter(|classes| !classes.trim().is_empty()) {
        looks.push(hash(0, &classes));
        // Names made by machines differ in their digits only.
        looks.push(FixedState::default().hash_one((4, name, &*classes)));
        looks.push(hash(1, &first(&classes)));
    }
    if let Some(id) = node.attr("id").filter(|id| id.contains(|letter: char| letter.is_ascii_digit())) {
        looks.push(hash(2, &id));
    }
    if looks.is_empty()
        && let Some(parent) = node.parent()
    {
        let of_parent = parent.attr("class").or_else(|| parent.attr("id")).unwrap_or_default();
        looks.push(hash(3, &format!("{} {}", tree::name(&parent), first(&of_parent))));
    }
    looks
}

/// Counts how often each short text occurs.
fn count_short_texts(body: &NodeRef<'_>) -> HashMap<u64, usize> {
    let mut counts = HashMap::default();
    for node in body.descendants_it() {
        let short = tree::read_text(&node, |text| {
            let text = text.trim();
            (text.len() <= 60 && !text.is_empty()).then(|| hash_text(text))
        });
        if let Some(hash) = short.flatten() {
            *counts.entry(hash).or_default() += 1;
        }
    }
    counts
}

fn hash_text(text: &str) -> u64 {
    FixedState::default().hash_one(text.trim())
}
