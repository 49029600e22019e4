//! Removes text without meaning: labels of a missing table of contents, bullets typed into list items.

use dom_query::NodeRef;

use super::remove_with_reason;
use crate::cleanup::phrase_rules::{BlockKind, TextBlock};
use crate::dom::{tree, words};
use crate::page::{Reason, Reasons};

/// Labels of a table of contents.
const CONTENTS_LABELS: &[&str] = &[
    "in this article",
    "in this post",
    "in this guide",
    "in diesem artikel",
    "dans cet article",
    "en este artículo",
    "table of contents",
    "inhaltsverzeichnis",
];
/// Words that may also be a section heading; then content follows.
const CONTENTS_HEADINGS: &[&str] = &["content", "contents", "inhalt", "sommaire", "índice", "contenido"];
/// The maximum length of a label.
const MAX_LABEL_BYTES: usize = 40;
/// Signs typed before an item's text, where the list has its own bullets.
const BULLETS: [char; 5] = ['•', '●', '▪', '◦', '‣'];

/// Removes dangling labels and extra bullets from the blocks of an article.
pub(super) fn remove(blocks: &[(NodeRef<'_>, TextBlock)], reasons: &mut Reasons) {
    for (node, block) in blocks.iter().filter(|(node, _)| node.parent().is_some()) {
        match block.kind {
            BlockKind::Item if starts_with_bullet(&block.text) => strip_bullet(node),
            BlockKind::Heading | BlockKind::Paragraph
                if block.text.len() <= MAX_LABEL_BYTES && lacks_contents(node, &words::match_key(&block.text)) =>
            {
                remove_with_reason(node, Reason::Orphan, reasons);
            }
            _ => {}
        }
    }
}

/// Returns whether a line announces a table of contents and none follows.
fn lacks_contents(node: &NodeRef<'_>, key: &str) -> bool {
    let is_label = CONTENTS_LABELS.contains(&key);
    if !is_label && !CONTENTS_HEADINGS.contains(&key) {
        return false;
    }
    let is_heading = |node: &NodeRef<'_>| tree::has_name(node, &["h2", "h3", "h4", "h5", "h6"]);
    let block = node.parent().filter(is_heading).unwrap_or(*node);
    // Headings of a lower level are its contents.
    let is_below = |next: &NodeRef<'_>| is_heading(&block) && is_heading(next) && tree::name(next) > tree::name(&block);
    block.next_element_sibling().is_some_and(|next| match is_label {
        true => !tree::has_name(&next, &["ul", "ol", "dl", "table", "details"]) && !is_below(&next),
        false => is_heading(&next) && !is_below(&next) || tree::has_name(&next, &["hr"]),
    })
}

/// Returns whether a text begins with a single bullet. Two or three in a row have a meaning.
fn starts_with_bullet(text: &str) -> bool {
    text.strip_prefix(BULLETS).is_some_and(|rest| !rest.trim_start().starts_with(BULLETS))
}

fn strip_bullet(item: &NodeRef<'_>) {
    let Some(text) = item.descendants_it().find(tree::is_nonblank_text) else { return };
    let rest = tree::read_text(&text, |text| text.trim_start().trim_start_matches(BULLETS).trim_start().to_owned());
    text.set_text(rest.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    const RAIN: &str =
        "<p>It rained in the valley from Monday to Friday, and the river rose by the height of a man.</p>";

    fn read(article: &str) -> String {
        let html = format!("<body><article><h1>High water</h1>{article}</article>");
        let page = crate::page::Page {
            source: crate::page::Source::Html(&html),
            url: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        crate::article(&page).body.as_str().replace('\n', "")
    }

    #[test]
    fn removes_labels_without_a_list() {
        let section = format!("<h2>The ferry and its crew</h2>{RAIN}", RAIN = RAIN.replace("rained", "snowed"));
        for label in ["<p><b>IN THIS ARTICLE</b></p>", "<h2>Content</h2><hr>", "<p>In this article:</p>"] {
            assert_eq!(
                read(&format!("{RAIN}{label}{section}")).replace("<hr>", ""),
                format!("{RAIN}{section}"),
                "{label}"
            );
        }
        for unchanged in [
            format!("{section}<h2>Contents</h2>{RAIN}"),
            format!("{section}<h2>In this guide</h2><h3>The ferry at night</h3>{RAIN}"),
        ] {
            assert_eq!(read(&unchanged), unchanged);
        }
    }

    #[test]
    fn list_items_lose_their_extra_bullet() {
        let items = |bullet: &str| {
            let (one, two) =
                ("The river rose by the height of a man, and fell.", "The ferry stayed where it was all week.");
            format!(
                "{RAIN}<ul><li>{bullet}{one}</li><li>{bullet}{two}</li></ul>{RAIN2}",
                RAIN2 = RAIN.replace("rained", "snowed")
            )
        };
        assert_eq!(read(&items("<span>•</span>")), items(""));
    }
}
