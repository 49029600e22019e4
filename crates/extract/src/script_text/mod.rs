//! Finds the text of an article in the scripts of a page that shows it only by running them.
//!
//! Many sites send the text as data: in JSON-LD, in the state of Next.js, Nuxt, Apollo, Redux and the like, or in rows
//! for React. It is known by its shape (`candidates`), read without running anything (`states`, `flight`, `literals`),
//! written as HTML (`rich_text`, `block_kinds`, `plain_text`) and treated like any part of the page from then on. It is used only
//! where the page itself shows much less, or only its beginning. `shell` recognizes pages without any text.

mod block_kinds;
mod candidates;
mod flight;
mod literals;
mod plain_text;
mod rich_text;
mod shell;
mod states;
#[cfg(test)]
mod tests;

use dom_query::{Document, NodeId, NodeRef};
use foldhash::HashSet;
use serde_json::Value;

use crate::dom::tree;
use crate::dom::words;
use crate::metadata::Metadata;
use crate::parse;
use candidates::{Candidate, Collector};
pub(crate) use shell::needs_scripts;

/// The maximum words of visible prose on a page whose scripts are searched.
const MAX_VISIBLE_WORDS: usize = 600;
/// The maximum words of visible prose that is not in the text of the scripts, unless that has the title of the page.
const MAX_OTHER_WORDS: usize = 60;
/// The maximum number of visible paragraphs that are compared.
const MAX_VISIBLE_PARAGRAPHS: usize = 200;
/// The share of a text from which a page shows enough of it.
const MAX_SHOWN_SHARE: f64 = 0.75;
/// The number of samples of a text that are looked for on the page, and their bytes.
const SAMPLES: usize = 40;
const SAMPLE_BYTES: usize = 40;
/// The minimum number of words of a paragraph.
const MIN_PROSE_WORDS: usize = 10;
/// The minimum number of characters of a beginning.
const MIN_PREFIX_CHARS: usize = 60;
/// Links in headings from which a page is a list.
const MAX_LINKED_HEADINGS: usize = 4;

/// What a page shows without its scripts.
pub(crate) struct ShownText {
    /// Words of prose.
    pub(crate) prose: usize,
    /// Headings that are links.
    pub(crate) linked_headings: usize,
}

/// Puts the text that scripts would show into the page. Returns the element with it.
pub(crate) fn insert(page: &Document, scripts: &[&str], metadata: &Metadata, shown: &ShownText) -> Option<NodeId> {
    if shown.prose > MAX_VISIBLE_WORDS || shown.linked_headings > MAX_LINKED_HEADINGS {
        return None;
    }
    let candidate = find(scripts, metadata)?;
    // Cheap, before the text is parsed.
    if candidate.words * 4 < shown.prose * 5 {
        return None;
    }
    let fragment = parse::parse_fragment(&candidate.html);
    let (own, visible) = (Paragraphs::collect(&fragment.root()), Paragraphs::collect(&tree::body(page)));
    let shown_share = shown_share(&tree::line_text(&fragment.root()), &tree::line_text(&tree::body(page)));
    if shown_share > MAX_SHOWN_SHARE
        || visible.list.len() > MAX_VISIBLE_PARAGRAPHS
        || !is_better(&candidate, &own, &visible)
    {
        return None;
    }
    let repeated = visible.list.iter().filter(|(_, key, _)| own.keys.contains(key));
    repeated.for_each(|(node, ..)| node.remove_from_parent());
    let body = tree::body(page);
    let article = page.tree.new_element("article");
    body.append_child(&article);
    copy_children(&tree::body(&fragment), &article);
    Some(article.id)
}

/// Finds the text of the page's article in its scripts.
fn find(scripts: &[&str], metadata: &Metadata) -> Option<Candidate> {
    let title = words::match_key(&metadata.title);
    let scripts: Vec<&str> = scripts.iter().copied().filter(|script| may_hold_prose(script)).collect();
    let states = scripts.iter().filter(|script| !flight::has_rows(script)).flat_map(|script| states::read(script));
    let values: Vec<Value> = states.chain(flight::read(&scripts)).collect();
    let mut collector = Collector::new(&title);
    values.iter().for_each(|value| collector.collect(value));
    let stated = metadata.stated_body.as_deref().map(plain_text::to_html);
    collector.found.extend(stated.and_then(|html| Candidate::new(html, "", true)));
    candidates::choose(collector.found)
}

/// Returns whether a script has sentences. Most have none, and need not be read.
fn may_hold_prose(script: &str) -> bool {
    const MIN_SENTENCES: usize = 2;
    const MIN_FOREIGN_BYTES: usize = 300;
    let ends = [". ", "。", ".<", ".\"", ".'", ".\\", "।", "؟ "];
    let count = |end: &str| memchr::memmem::find_iter(script.as_bytes(), end.as_bytes()).take(MIN_SENTENCES).count();
    // Some languages have no full stop.
    let is_foreign =
        || script.bytes().filter(|byte| !byte.is_ascii()).take(MIN_FOREIGN_BYTES).count() == MIN_FOREIGN_BYTES;
    flight::has_rows(script) || is_foreign() || ends.iter().map(|end| count(end)).sum::<usize>() >= MIN_SENTENCES
}

/// Returns which share of a text the page shows, by samples.
fn shown_share(text: &str, page: &str) -> f64 {
    let (text, page) = (words::match_key(text), words::match_key(page));
    let step = (text.len() / SAMPLES).max(SAMPLE_BYTES);
    let (mut samples, mut shown) = (0, 0);
    for start in (0..text.len()).step_by(step) {
        let (start, end) = (text.floor_char_boundary(start), text.floor_char_boundary(start + SAMPLE_BYTES));
        let sample = text[start..end].trim();
        samples += 1;
        shown += usize::from(memchr::memmem::find(page.as_bytes(), sample.as_bytes()).is_some());
    }
    f64::from(shown as u32) / f64::from(samples.max(1) as u32)
}

/// Returns whether a text from scripts says more than the page shows.
fn is_better(candidate: &Candidate, own: &Paragraphs<'_>, visible: &Paragraphs<'_>) -> bool {
    let begins = |key: &str| {
        let start: String = key.chars().take(MIN_PREFIX_CHARS).collect();
        start.chars().count() == MIN_PREFIX_CHARS && own.text.contains(&start)
    };
    let (mut shared, mut total) = (0, 0);
    for (_, key, words) in &visible.list {
        total += words;
        shared += if own.keys.contains(key) || begins(key) { *words } else { 0 };
    }
    let is_beginning = shared * 2 >= total && candidate.words * 4 >= total * 5;
    let is_other = total - shared > MAX_OTHER_WORDS && !candidate.has_title;
    total == 0 || is_beginning || (candidate.words >= total * 2 && !is_other)
}

/// The paragraphs of prose in an element.
struct Paragraphs<'a> {
    /// Each with its key and number of words.
    list: Vec<(NodeRef<'a>, String, usize)>,
    keys: HashSet<String>,
    /// All keys together.
    text: String,
}

impl<'a> Paragraphs<'a> {
    fn collect(root: &NodeRef<'a>) -> Self {
        let mut paragraphs = Paragraphs { list: Vec::new(), keys: HashSet::default(), text: String::new() };
        tree::walk(
            root,
            |node| {
                let name = tree::name(node);
                if !node.is_element()
                    || tree::is_non_text(&name)
                    || tree::has_name(node, &["nav", "header", "footer", "aside", "form", "button"])
                {
                    return tree::Walk::Skip;
                }
                if !matches!(&*name, "p" | "blockquote" | "li" | "dd" | "pre")
                    || tree::has_name(node, &["blockquote", "li", "dd"]) && tree::has_block(node)
                {
                    return tree::Walk::Enter;
                }
                let text = tree::line_text(node);
                let (key, words) = (words::match_key(&text), words::count(&text));
                if words >= MIN_PROSE_WORDS {
                    paragraphs.text.push_str(&key);
                    paragraphs.keys.insert(key.clone());
                    paragraphs.list.push((*node, key, words));
                }
                tree::Walk::Skip
            },
            |_| {},
        );
        paragraphs
    }
}

/// Copies the children of an element into another tree.
fn copy_children(from: &NodeRef<'_>, into: &NodeRef<'_>) {
    let mut open: Vec<NodeRef<'_>> = vec![*into];
    let open = std::cell::RefCell::new(&mut open);
    tree::walk(
        from,
        |node| {
            let mut open = open.borrow_mut();
            let Some(parent) = open.last().copied() else { return tree::Walk::Skip };
            if let Some(text) = tree::read_text(node, str::to_owned) {
                parent.append_child(&parent.tree.new_text(text));
                return tree::Walk::Skip;
            }
            let name = tree::name(node);
            if !node.is_element()
                || matches!(&*name, "script" | "style" | "template" | "noscript" | "base" | "meta" | "link")
            {
                return tree::Walk::Skip;
            }
            let copy = parent.tree.new_element(&name);
            for attribute in node.attrs() {
                copy.set_attr(&attribute.name.local, &attribute.value);
            }
            parent.append_child(&copy);
            open.push(copy);
            tree::Walk::Enter
        },
        |_| {
            open.borrow_mut().pop();
        },
    );
}
