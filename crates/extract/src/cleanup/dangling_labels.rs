//! What is set and says nothing: a label above a list of contents that is not there, a dot that a list item begins with.

use dom_query::NodeRef;

use super::take;
use crate::cleanup::phrase_rules::{Block, Kind};
use crate::dom::{tree, words};
use crate::page::{Reason, Reasons};

/// Labels that announce what the article is about.
const IN_THIS_ARTICLE: &[&str] = &[
    "in this article",
    "in this post",
    "in this guide",
    "in diesem artikel",
    "dans cet article",
    "en este artículo",
    "table of contents",
    "inhaltsverzeichnis",
];
/// Words that may also be the heading of a section; then something stands below.
const CONTENTS: &[&str] = &["content", "contents", "inhalt", "sommaire", "índice", "contenido"];
/// No label has more bytes.
const LONGEST: usize = 40;
/// Signs before the text of an item, where the list shows its own.
const DOTS: [char; 5] = ['•', '●', '▪', '◦', '‣'];

/// Takes them out of the blocks of an article.
pub(super) fn mend(blocks: &[(NodeRef<'_>, Block)], reasons: &mut Reasons) {
    for (node, block) in blocks.iter().filter(|(node, _)| node.parent().is_some()) {
        match block.kind {
            Kind::Item if has_dot(&block.text) => without_dot(node),
            Kind::Heading | Kind::Paragraph
                if block.text.len() <= LONGEST && announces_nothing(node, &words::match_key(&block.text)) =>
            {
                take(node, Reason::Orphan, reasons);
            }
            _ => {}
        }
    }
}

/// Whether a line announces a list of contents, and none follows.
fn announces_nothing(node: &NodeRef<'_>, key: &str) -> bool {
    let is_label = IN_THIS_ARTICLE.contains(&key);
    if !is_label && !CONTENTS.contains(&key) {
        return false;
    }
    let is_heading = |node: &NodeRef<'_>| tree::has_name(node, &["h2", "h3", "h4", "h5", "h6"]);
    let block = node.parent().filter(is_heading).unwrap_or(*node);
    // Headings of a lower level are what is in it.
    let is_below = |next: &NodeRef<'_>| is_heading(&block) && is_heading(next) && tree::name(next) > tree::name(&block);
    block.next_element_sibling().is_some_and(|next| match is_label {
        true => !tree::has_name(&next, &["ul", "ol", "dl", "table", "details"]) && !is_below(&next),
        false => is_heading(&next) && !is_below(&next) || tree::has_name(&next, &["hr"]),
    })
}

/// Whether a text begins with one dot. Two or three say something of what they stand before.
fn has_dot(text: &str) -> bool {
    text.strip_prefix(DOTS).is_some_and(|rest| !rest.trim_start().starts_with(DOTS))
}

fn without_dot(item: &NodeRef<'_>) {
    let Some(text) = item.descendants_it().find(tree::is_nonblank_text) else { return };
    let rest = tree::read_text(&text, |text| text.trim_start().trim_start_matches(DOTS).trim_start().to_owned());
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
        for told in [
            format!("{section}<h2>Contents</h2>{RAIN}"),
            format!("{section}<h2>In this guide</h2><h3>The ferry at night</h3>{RAIN}"),
        ] {
            assert_eq!(read(&told), told);
        }
    }

    #[test]
    fn list_items_lose_their_extra_bullet() {
        let items = |dot: &str| {
            let (one, two) =
                ("The river rose by the height of a man, and fell.", "The ferry stayed where it was all week.");
            format!(
                "{RAIN}<ul><li>{dot}{one}</li><li>{dot}{two}</li></ul>{RAIN2}",
                RAIN2 = RAIN.replace("rained", "snowed")
            )
        };
        assert_eq!(read(&items("<span>•</span>")), items(""));
    }
}
