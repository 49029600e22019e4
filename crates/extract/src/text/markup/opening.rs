//! Finds title, byline and date of a text in a markup, in its front matter or above its first paragraph.

use dom_query::NodeRef;

use super::front_matter::FrontMatter;
use super::take;
use crate::dom::{tree, words};
use crate::metadata::byline;
use crate::metadata::dates::{self, DayMonthOrder, ParsedDate};
use crate::page::{Page, Reason};
use crate::report::removed_blocks::RemovedBlocks;
use crate::text::lines;

/// Blocks above the text that may hold byline and date.
const MAX_BLOCKS: usize = 4;
/// The most words of a byline or a date.
const MAX_WORDS: usize = 12;

/// What stands above the text.
#[derive(Default)]
pub(super) struct Opening {
    pub(super) title: String,
    pub(super) byline: Option<String>,
    pub(super) published: Option<ParsedDate>,
    /// The lines that were removed from the text. The title is shown above it, so it is not listed.
    pub(super) removed: RemovedBlocks,
}

impl Opening {
    /// Takes title, byline and date out of the text.
    pub(super) fn take(root: &NodeRef<'_>, front: &FrontMatter, page: &Page<'_>) -> Opening {
        let stated = front.date.as_deref();
        let mut opening = Opening {
            title: front.title.clone().unwrap_or_default(),
            byline: byline::normalize(&front.authors),
            published: stated.and_then(|date| dates::parse(date, page.now, DayMonthOrder::Unknown)),
            removed: RemovedBlocks::default(),
        };
        opening.take_title(root);
        opening.take_details(root, page);
        opening
    }

    /// Takes the first heading, unless the front matter has another title.
    fn take_title(&mut self, root: &NodeRef<'_>) {
        let headings = ["h1", "h2", "h3", "h4", "h5", "h6"];
        let found = tree::elements(root, |node| tree::has_name(node, &headings)).into_iter().next();
        let is_first = |heading: &NodeRef<'_>| {
            let before = root.children_it(false).take_while(|block| {
                block.id != heading.id && !heading.ancestors_it(None).any(|above| above.id == block.id)
            });
            before.filter(|block| words::count(&tree::line_text(block)) > MAX_WORDS).count() == 0
        };
        let is_title = |heading: &NodeRef<'_>| tree::has_name(heading, &["h1"]) || is_first(heading);
        let Some(heading) = found.filter(is_title) else { return };
        let text = heading_text(&heading);
        if self.title.is_empty() && !text.is_empty() {
            self.title = text;
            heading.remove_from_parent();
        } else if words::match_key(&text) == words::match_key(&self.title) {
            heading.remove_from_parent();
        }
    }

    /// Takes short lines above the first paragraph that are a byline or a date.
    fn take_details(&mut self, root: &NodeRef<'_>, page: &Page<'_>) {
        let blocks: Vec<NodeRef<'_>> = root.children_it(false).filter(NodeRef::is_element).take(MAX_BLOCKS).collect();
        for block in blocks.iter().take_while(|block| tree::has_name(block, &["p"])) {
            let text = tree::line_text(block);
            if words::count(&text) > MAX_WORDS || text.ends_with(['.', ':']) || tree::has_image(block) {
                return;
            }
            let name = lines::parse_byline(&text).and_then(|name| byline::normalize(&[name]));
            let date = dates::parse(&text, page.now, DayMonthOrder::Unknown);
            if name.is_some() || date.is_some() {
                self.byline = self.byline.take().or(name);
                self.published = self.published.or(date);
                take(block, Reason::Details, &mut self.removed);
            }
        }
    }
}

/// Returns the text of a heading, or the description of its only image.
fn heading_text(heading: &NodeRef<'_>) -> String {
    let text = tree::line_text(heading);
    let image = tree::images(heading).into_iter().next().filter(|_| text.is_empty());
    image.and_then(|image| tree::attribute(&image, "alt")).unwrap_or(text)
}
