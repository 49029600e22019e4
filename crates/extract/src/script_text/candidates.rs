//! Finds the bodies of articles in the values of scripts, by their shape.

use std::sync::LazyLock;

use serde_json::Value;

use super::rich_text::References;
use super::{block_kinds, literals, plain_text, rich_text};
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::words;
use crate::stop;

/// The maximum number of values looked at, and their depth.
const MAX_VALUES: usize = 400_000;
const MAX_DEPTH: usize = 60;
/// The minimum number of words of a body, and of a paragraph in a list of texts.
const MIN_WORDS: usize = 40;
const MIN_PARAGRAPH_WORDS: usize = 5;
/// How many levels below an object with the title of the page its body may be.
const TITLE_LEVELS: usize = 6;
/// The minimum number of bytes of a text that may be JSON itself.
const MIN_JSON_BYTES: usize = 100;
/// The share of a page's prose that is in the element around its article.
const MAIN_SHARE: f64 = 0.8;

/// Words in the names of fields with a body.
const BODY_WORDS: &[&str] = &[
    "body",
    "content",
    "html",
    "text",
    "story",
    "markdown",
    "rendered",
    "article",
    "paragraphs",
    "blocks",
    "document",
    "richtext",
    "full",
];
/// Words in the names of fields with a summary.
const SUMMARY_WORDS: &[&str] = &[
    "description",
    "summary",
    "excerpt",
    "abstract",
    "dek",
    "teaser",
    "seo",
    "meta",
    "caption",
    "standfirst",
    "snippet",
];
/// Words in the names of fields with something else.
const FOREIGN_WORDS: &[&str] = &[
    "comment",
    "related",
    "recommend",
    "footer",
    "navigation",
    "menu",
    "cookie",
    "consent",
    "privacy",
    "terms",
    "legal",
    "translation",
    "i18n",
    "locale",
    "bio",
    "newsletter",
    "advert",
    "promo",
    "trending",
    "latest",
    "sidebar",
    "popular",
    "mostread",
    "disclaimer",
    "author",
    "dictionary",
    "config",
    "css",
    "style",
];
const TITLE_FIELDS: &[&str] = &["title", "headline", "name", "heading", "headlines", "pageTitle"];

/// A text that may be the body of the article.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) html: String,
    pub(super) words: usize,
    /// It stands below the title of the page.
    pub(super) has_title: bool,
    score: f64,
}

impl Candidate {
    pub(super) fn new(html: String, key: &str, has_title: bool) -> Option<Candidate> {
        let words = count_words(&html);
        let weight = match key.to_ascii_lowercase() {
            key if SUMMARY_WORDS.iter().any(|word| key.contains(word)) => 0.3,
            key if BODY_WORDS.iter().any(|word| key.contains(word)) => 1.3,
            _ => 1.0,
        };
        let score = words as f64 * weight * if has_title { 3.0 } else { 1.0 };
        (words >= MIN_WORDS).then_some(Candidate { html, words, has_title, score })
    }
}

/// Returns the best of several bodies; `None` if it may be any of them.
pub(super) fn choose(mut candidates: Vec<Candidate>) -> Option<Candidate> {
    candidates.sort_by(|one, other| other.score.total_cmp(&one.score));
    let mut rest = candidates.into_iter();
    let best = rest.next()?;
    let start = |candidate: &Candidate| -> String {
        strip_tags(&candidate.html).chars().filter(|letter| letter.is_alphanumeric()).take(60).collect()
    };
    let own = start(&best);
    let rivals = rest.filter(|other| other.words * 2 > best.words && start(other) != own).count();
    (best.has_title || rivals == 0).then_some(best)
}

/// Collects candidates from the values of scripts.
pub(super) struct Collector<'v> {
    /// The key of the page's title.
    title: &'v str,
    /// The objects that others refer to by name.
    objects: References<'v>,
    values: usize,
    pub(super) found: Vec<Candidate>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'v> {
    key: &'v str,
    depth: usize,
    /// Levels below which the title of the page still counts.
    title_levels: usize,
}

impl<'v> Collector<'v> {
    pub(super) fn new(title: &'v str) -> Self {
        Collector { title, objects: References::default(), values: MAX_VALUES, found: Vec::new() }
    }

    /// Collects the candidates in a value.
    pub(super) fn collect(&mut self, value: &'v Value) {
        self.objects.clear();
        self.index(value, 0);
        self.visit(value, Place { key: "", depth: 0, title_levels: 0 });
    }

    /// Notes the objects that a cache of Apollo keeps by name: `"Article:7": {…}`.
    fn index(&mut self, value: &'v Value, depth: usize) {
        let Value::Object(fields) = value else { return };
        for (key, inner) in fields.iter().filter(|(_, inner)| inner.is_object()) {
            if key.contains(':') {
                self.objects.insert(key, inner);
            } else if depth < 4 {
                self.index(inner, depth + 1);
            }
        }
    }

    fn visit(&mut self, value: &'v Value, place: Place<'v>) {
        stop::check();
        if place.depth > MAX_DEPTH || self.values == 0 || is_foreign(place.key) {
            return;
        }
        self.values -= 1;
        match value {
            Value::String(text) => self.visit_text(text, place),
            Value::Array(items) if is_element(items) => self.visit_page(value, place),
            Value::Array(items) if self.is_block_list(items) => self.add(self.write(value), place),
            Value::Array(items) => {
                for item in items {
                    self.visit(item, Place { depth: place.depth + 1, ..place });
                }
            }
            Value::Object(fields) => {
                let title_levels = match self.matches_title(value) {
                    Some(true) => TITLE_LEVELS,
                    Some(false) => 0,
                    None => place.title_levels.saturating_sub(1),
                };
                for (key, inner) in fields {
                    self.visit(inner, Place { key, depth: place.depth + 1, title_levels });
                }
            }
            _ => {}
        }
    }

    fn visit_text(&mut self, text: &str, place: Place<'v>) {
        let start = text.trim_start();
        if text.len() > MIN_JSON_BYTES
            && start.starts_with(['{', '['])
            && let Some(value) = literals::parse_json(text)
        {
            let mut inner = Collector { values: self.values, ..Collector::new(self.title) };
            inner.index(&value, 0);
            inner
                .visit(&value, Place { key: "", title_levels: place.title_levels, depth: place.depth + MAX_DEPTH / 3 });
            self.values = inner.values;
            self.found.append(&mut inner.found);
            return;
        }
        let key = place.key.to_ascii_lowercase();
        let is_body = BODY_WORDS.iter().any(|word| key.contains(word));
        let is_prose = text.split_whitespace().take(MIN_WORDS).count() == MIN_WORDS && !start.starts_with(['<', '{']);
        if plain_text::has_blocks(text) || is_body && (is_prose || text.contains("&lt;p")) {
            self.add(plain_text::to_html(text), place);
        }
    }

    /// Visits an element of React: its own text is a candidate, and so are the values it passes on.
    fn visit_page(&mut self, element: &'v Value, place: Place<'v>) {
        let total = prose_words(element, 0);
        if total >= MIN_WORDS {
            let main = find_main(element, total as f64 * MAIN_SHARE);
            self.add(self.write(main), Place { key: "", ..place });
        }
        self.visit_props(element, place);
    }

    /// Visits what elements pass to components, other than elements.
    fn visit_props(&mut self, value: &'v Value, place: Place<'v>) {
        if place.depth > MAX_DEPTH || self.values == 0 {
            return;
        }
        self.values -= 1;
        let place = Place { depth: place.depth + 1, ..place };
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.visit_props(item, place)),
            Value::Object(props) => {
                for (key, inner) in props {
                    let is_page = matches!(inner, Value::Array(items) if is_element(items));
                    if key == "children" || is_page {
                        self.visit_props(inner, place);
                    } else if inner.is_object() || inner.is_array() || inner.is_string() {
                        self.visit(inner, Place { key, ..place });
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns whether an array holds the paragraphs of one text.
    fn is_block_list(&self, items: &[Value]) -> bool {
        const MAX_ITEMS: usize = 200;
        let is_block = |item: &&Value| {
            let named = item.get("__ref").and_then(Value::as_str).and_then(|name| self.objects.get(name));
            let item: &Value = named.copied().unwrap_or(item);
            match item {
                Value::String(text) => text.split_whitespace().nth(MIN_PARAGRAPH_WORDS - 1).is_some(),
                Value::Object(fields) => {
                    let has_title = TITLE_FIELDS.iter().take(2).any(|field| fields.contains_key(*field));
                    block_kinds::is_text_block(item) && !has_title
                }
                _ => false,
            }
        };
        let blocks = items.iter().take(MAX_ITEMS).filter(is_block).count();
        let is_single = items.len() == 1 && items.first().is_some_and(Value::is_object);
        blocks >= 2 && blocks * 2 >= items.len().min(MAX_ITEMS) || blocks == 1 && is_single
    }

    fn write(&self, value: &Value) -> String {
        rich_text::to_html(value, &self.objects)
    }

    fn add(&mut self, html: String, place: Place<'v>) {
        self.found.extend(Candidate::new(html, place.key, place.title_levels > 0));
    }

    /// Returns whether an object has the title of the page; `None` if it has no title.
    fn matches_title(&self, object: &Value) -> Option<bool> {
        let mut titles = TITLE_FIELDS.iter().filter_map(|field| object.get(*field)).filter_map(|title| {
            title.as_str().or_else(|| {
                ["basic", "rendered", "default", "text", "main"].iter().find_map(|name| title.get(*name)?.as_str())
            })
        });
        let key = words::match_key(titles.next()?);
        let rest = titles.any(|title| is_same_title(&words::match_key(title), self.title));
        Some(rest || is_same_title(&key, self.title))
    }
}

fn is_same_title(one: &str, other: &str) -> bool {
    let is_part = |part: &str, whole: &str| part.len() > 8 && whole.contains(part) && part.len() * 2 > whole.len();
    !one.is_empty() && (one == other || is_part(one, other) || is_part(other, one))
}

fn is_foreign(key: &str) -> bool {
    static WORDS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(FOREIGN_WORDS));
    WORDS.is_match(&key.to_ascii_lowercase())
}

/// Returns whether an array is an element of React.
fn is_element(items: &[Value]) -> bool {
    matches!(items, [Value::String(dollar), _, _, Value::Object(_), ..] if dollar == "$")
}

/// Counts the words in the paragraphs, items and headings of an element of React.
fn prose_words(value: &Value, depth: usize) -> usize {
    stop::check();
    match value {
        _ if depth > MAX_DEPTH => 0,
        Value::Array(items) => match items.as_slice() {
            [Value::String(dollar), tag, _, Value::Object(props), ..] if dollar == "$" => {
                let tag = tag.as_str().unwrap_or_default();
                let children = props.get("children").unwrap_or(&Value::Null);
                match tag {
                    "nav" | "footer" | "header" | "aside" | "script" | "style" | "button" | "form" => 0,
                    "p" | "blockquote" | "pre" => text_words(children, depth + 1),
                    _ => prose_words(children, depth + 1),
                }
            }
            _ => items.iter().map(|item| prose_words(item, depth + 1)).sum(),
        },
        _ => 0,
    }
}

fn text_words(value: &Value, depth: usize) -> usize {
    match value {
        Value::String(text) => text.split_whitespace().count(),
        _ if depth > MAX_DEPTH => 0,
        Value::Array(items) => match items.as_slice() {
            [Value::String(dollar), _, _, Value::Object(props), ..] if dollar == "$" => {
                props.get("children").map_or(0, |children| text_words(children, depth + 1))
            }
            _ => items.iter().map(|item| text_words(item, depth + 1)).sum(),
        },
        _ => 0,
    }
}

/// Returns the innermost element with at least this many words of prose.
fn find_main(element: &Value, least: f64) -> &Value {
    let mut main = element;
    for _ in 0..MAX_DEPTH {
        let inner = match main {
            Value::Array(items) if is_element(items) => items[3].get("children").map(std::slice::from_ref),
            Value::Array(items) => Some(items.as_slice()),
            _ => None,
        };
        let found = inner.into_iter().flatten().find(|child| prose_words(child, 0) as f64 >= least);
        // A list of paragraphs stays whole.
        match found {
            Some(child) => main = child,
            None => break,
        }
    }
    main
}

/// Counts the words outside of tags.
fn count_words(html: &str) -> usize {
    words::count(&strip_tags(html))
}

fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (at, part) in html.split('<').enumerate() {
        let visible = if at == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) };
        text.push_str(visible);
        text.push(' ');
    }
    text
}
