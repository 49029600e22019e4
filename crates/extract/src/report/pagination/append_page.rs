//! Appends a following page to an article.

use std::collections::HashSet;

use dom_query::NodeRef;

use crate::dom::tree::{self, attribute};
use crate::dom::urls::is_same_image;
use crate::dom::{inner_text, words};
use crate::page::{Article, Image, Reason};
use crate::report::removed_blocks::RemovedBlocks;
use crate::sanitize::allow_list::ID_PREFIX;
use crate::{parse, sanitize};

/// Minimum words of a repetition; shorter sentences may well occur twice.
const MIN_SENTENCE_WORDS: usize = 5;

/// Appends a further page to an article, without what both pages show (title, standfirst, byline, captions, images,
/// whole paragraphs).
///
/// Metadata is that of the first page; `next_page` is that of the following page. A page that repeats the article adds
/// no words, which the caller may check.
///
/// ```
/// # let read = |html| extract::article(&extract::Page {
/// #     source: extract::Source::Html(html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[],
/// # });
/// let first = read("<title>Rain</title><p>It rained all day in the valley.</p>");
/// let second = read("<title>Rain</title><h1>Rain</h1><p>On the next day it rained again.</p>");
/// let whole = extract::append_page(first, &second);
/// assert_eq!(whole.text, "It rained all day in the valley.\n\nOn the next day it rained again.");
/// ```
pub fn append_page(mut article: Article, following: &Article) -> Article {
    let body = parse::parse_fragment(article.body.as_str());
    let further_body = parse::parse_fragment(following.body.as_str());
    let (body, further_body) = (tree::body(&body), tree::body(&further_body));
    let mut repeats = RemovedBlocks::default();
    let mut seen = SeenContent::collect(&article, &body);
    seen.remove_repeats(&further_body, following, &mut repeats);
    rename_ids(&body, &further_body);
    let lead = new_lead_image(&article, following);
    let rest = sanitize::sanitize_tree(&further_body, None);
    let html = [article.body.as_str(), &lead.as_ref().map(figure_html).unwrap_or_default(), rest.as_str()].concat();
    article.body = sanitize::sanitize_html(&html, None);
    let added = inner_text::render(&further_body);
    if !added.is_empty() {
        article.text = if article.text.is_empty() { added } else { format!("{}\n\n{added}", article.text) };
    }
    article.word_count = words::count(&article.text);
    let known: HashSet<_> = article.images.iter().map(|image| image.url.clone()).collect();
    let shown = article.body.as_str();
    let new = following.images.iter().filter(|image| !known.contains(&image.url));
    // An image that was removed as a repetition, or that stands for the whole article, is not shown here.
    let new = new.filter(|image| shown.contains(&tree::escape(image.url.as_str()))).cloned();
    article.images.extend(new.collect::<Vec<_>>());
    for block in following.removed.iter().chain(&repeats.into_vec()) {
        if !article.removed.contains(block) {
            article.removed.push(block.clone());
        }
    }
    article.next_page = following.next_page.clone();
    article
}

/// The content so far, for comparison.
struct SeenContent {
    titles: Vec<String>,
    byline: Option<String>,
    /// Keys of paragraphs, captions and other blocks.
    keys: HashSet<String>,
    images: Vec<Image>,
}

impl SeenContent {
    fn collect(article: &Article, body: &NodeRef<'_>) -> Self {
        let mut keys: HashSet<String> =
            innermost_blocks(body).iter().map(|block| words::match_key(&tree::line_text(block))).collect();
        keys.extend(article.excerpt.as_deref().map(words::match_key));
        keys.extend(article.lead_image.iter().map(|lead| words::match_key(&lead.description)));
        let images = article.lead_image.iter().chain(&article.images).cloned().collect();
        let byline = article.byline.as_deref().map(words::match_key).filter(|byline| !byline.is_empty());
        Self { titles: vec![words::match_key(&article.title)], byline, keys, images }
    }

    /// Removes what was shown before from a following page.
    fn remove_repeats(&mut self, body: &NodeRef<'_>, following: &Article, removed: &mut RemovedBlocks) {
        self.titles.push(words::match_key(&following.title));
        for image in tree::images(body) {
            if self.has_image(&image) {
                self.remove_image(&image, removed);
            }
        }
        for (place, block) in innermost_blocks(body).iter().enumerate() {
            let line = tree::line_text(block);
            if let Some(reason) = self.reason(place, block, &line) {
                removed.push(reason, &line);
                block.remove_from_parent();
            }
        }
    }

    fn has_image(&self, image: &NodeRef<'_>) -> bool {
        let source = attribute(image, "src").and_then(|url| url::Url::parse(&url).ok());
        source.is_some_and(|source| self.images.iter().any(|known| is_same_image(&known.url, &source)))
    }

    /// Removes an image with its figure, unless the figure holds more than one.
    fn remove_image(&self, image: &NodeRef<'_>, removed: &mut RemovedBlocks) {
        let figure = image.ancestors_it(Some(6)).find(|above| tree::has_name(above, &["figure"]));
        let alone = figure.filter(|figure| tree::images(figure).len() == 1);
        match alone {
            Some(figure) => {
                removed.push(Reason::RepeatedCaption, &tree::line_text(&figure));
                figure.remove_from_parent();
            }
            None => image.remove_from_parent(),
        }
    }

    fn reason(&self, place: usize, block: &NodeRef<'_>, line: &str) -> Option<Reason> {
        let key = words::match_key(line);
        if key.is_empty() {
            return None;
        }
        // Near the top, a short heading with the title in it is the title with a number: "The ferry, page 2".
        let is_heading = tree::has_name(block, &["h2", "h3", "h4", "h5", "h6"]);
        if self.titles.contains(&key)
            || (is_heading && place < 3 && self.titles.iter().any(|title| is_title_with_number(&key, title)))
        {
            return Some(Reason::RepeatedTitle);
        }
        let count = words::count(line);
        let names_author = self.byline.as_ref().is_some_and(|byline| key.contains(byline.as_str()));
        if place < 5 && count <= 15 && names_author {
            return Some(Reason::Details);
        }
        if is_pager(line) {
            return Some(Reason::Navigation);
        }
        (count >= MIN_SENTENCE_WORDS && self.keys.contains(&key)).then_some(Reason::RepeatedText)
    }
}

/// Returns the innermost text blocks in order.
fn innermost_blocks<'a>(body: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    const BLOCKS: &[&str] = &["p", "h2", "h3", "h4", "h5", "h6", "li", "figcaption", "blockquote", "pre"];
    tree::elements(body, |node| {
        tree::has_name(node, BLOCKS) && (!tree::has_block(node) || tree::has_name(node, &["p"]))
    })
}

/// Returns whether a heading is the title with little more than a number after it.
fn is_title_with_number(key: &str, title: &str) -> bool {
    let rest = key.strip_prefix(title).filter(|_| !title.is_empty()).unwrap_or_default();
    let mut words = rest.split_whitespace();
    rest.starts_with(' ')
        && words.clone().count() <= 4
        && words.any(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns whether a line is a pager: "2", "1 2 3", "Page 2 of 3", "2/3".
fn is_pager(line: &str) -> bool {
    let key = words::match_key(line);
    let words: Vec<&str> = key.split(' ').collect();
    let is_small = |word: &&str| word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = words.iter().filter(|word| is_small(word)).count();
    let of_pages = words.len() == 4 && is_small(&words[1]) && is_small(&words[3]);
    numbers > 0 && (numbers == words.len() && words.len() >= 2 || of_pages)
}

/// Returns the lead image of the following page, if it is new and its body does not show it.
fn new_lead_image(article: &Article, following: &Article) -> Option<Image> {
    let lead = following.lead_image.clone()?;
    let mut known = article.lead_image.iter().chain(&article.images);
    let is_known = known.any(|known| is_same_image(&known.url, &lead.url));
    // An image without a description, named only in the head, stands for the whole article.
    let is_worth = !lead.description.is_empty() && !following.body.shows_lead_image(lead.url.as_str());
    (!is_known && is_worth && article.lead_image.is_some()).then_some(lead)
}

fn figure_html(image: &Image) -> String {
    let (source, words) = (tree::escape(image.url.as_str()), tree::escape(&image.description));
    format!("<figure><img src=\"{source}\"><figcaption>{words}</figcaption></figure>")
}

/// Renames ids on the following page that both pages use, and the links to them.
fn rename_ids(body: &NodeRef<'_>, further_body: &NodeRef<'_>) {
    let ids = |body: &NodeRef<'_>| -> HashSet<String> {
        tree::elements(body, |node| node.has_attr("id")).iter().filter_map(|node| attribute(node, "id")).collect()
    };
    let taken = ids(body);
    let own = ids(further_body);
    if taken.is_disjoint(&own) {
        return;
    }
    let renamed = |id: &str, number: usize| match id.strip_prefix(ID_PREFIX) {
        Some(bare) => format!("{ID_PREFIX}{number}-{bare}"),
        None => format!("{number}-{id}"),
    };
    let number = (2..100).find(|number| own.iter().all(|id| !taken.contains(&renamed(id, *number)))).unwrap_or(100);
    for node in tree::elements(further_body, |node| node.has_attr("id") || node.has_attr("href")) {
        if let Some(id) = attribute(&node, "id") {
            node.set_attr("id", &renamed(&id, number));
        }
        if let Some(id) = attribute(&node, "href").as_deref().and_then(|href| href.strip_prefix('#')) {
            node.set_attr("href", &format!("#{}", renamed(id, number)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Article {
        let url = url::Url::parse("https://valley.example/rain").unwrap();
        let page = crate::page::Page {
            source: crate::page::Source::Html(html),
            url: Some(&url),
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        crate::article(&page)
    }

    const HEAD: &str = "<title>Rain in the valley</title><meta name=author content='Ines Marlowe'>
        <meta name=description content='It rained for a week, and nobody in the valley was surprised by it.'>";

    fn page(body: &str) -> Article {
        read(&format!(
            "<html><head>{HEAD}</head><body><article><h1>Rain in the valley</h1>{body}</article></body></html>"
        ))
    }

    fn paragraph(day: &str) -> String {
        format!(
            "<p>On {day} it rained from morning to night, the river rose by an inch, and the ferry of {day} was late.</p>"
        )
    }

    #[test]
    fn appending_a_page_adds_only_new_content() {
        let image = "<figure><img src=/river.jpg><figcaption>The river on Monday morning.</figcaption></figure>";
        let lead = "<p>It rained for a week, and nobody in the valley was surprised by it.</p>";
        let first = page(&format!("{lead}{}{image}{}", paragraph("Monday"), paragraph("Tuesday")));
        let second = page(&format!(
            "<p>By Ines Marlowe</p>{lead}{image}{}<h2>The ferry</h2>{}<p>Page 2 of 2</p>",
            paragraph("Wednesday"),
            paragraph("Thursday")
        ));
        let whole = append_page(first, &second);
        for day in ["Monday", "Tuesday", "Wednesday", "Thursday"] {
            assert_eq!(whole.text.matches(&format!("On {day} it rained")).count(), 1, "{}", whole.text);
        }
        assert_eq!(whole.text.matches("nobody in the valley").count(), 1, "{}", whole.text);
        assert_eq!(whole.body.as_str().matches("river.jpg").count(), 1, "{}", whole.body.as_str());
        assert!(!whole.text.contains("Page 2") && !whole.text.contains("By Ines"), "{}", whole.text);
        assert!(whole.body.as_str().contains("<h2>The ferry</h2>"));
        assert_eq!(crate::sanitize::sanitize_html(whole.body.as_str(), None), whole.body);
        assert_eq!(whole.word_count, words::count(&whole.text));
    }

    #[test]
    fn appending_the_same_page_adds_nothing() {
        let first = page(&format!("{}{}", paragraph("Monday"), paragraph("Tuesday")));
        assert_eq!(append_page(first.clone(), &first).text, first.text);
    }

    #[test]
    fn note_ids_of_two_pages_stay_distinct() {
        let note = |day: &str| {
            format!("{}<p>More <a href='#n1'>1</a> is said.</p><p id=n1>A note on {day} alone.</p>", paragraph(day))
        };
        let whole = append_page(page(&note("Monday")), &page(&note("Tuesday")));
        let html = whole.body.as_str();
        assert!(
            html.contains("id=\"a-n1\"") && html.contains("id=\"a-2-n1\"") && html.contains("href=\"#a-2-n1\""),
            "{html}"
        );
    }

    #[test]
    fn pagers_are_distinguished_from_sentences() {
        for line in ["Page 2 of 3", "Seite 2 von 3", "1 2 3", "2/3", "« 1 2 »"] {
            assert!(is_pager(line), "{line}");
        }
        for line in ["2", "In 12 of 20 towns it rained.", "Chapter 2", "1945", "3:1"] {
            assert_eq!(is_pager(line), line == "3:1", "{line}");
        }
        assert!(is_title_with_number("rain in the valley page 2", "rain in the valley"));
        assert!(!is_title_with_number("rain in the valley and beyond", "rain in the valley"));
    }
}
