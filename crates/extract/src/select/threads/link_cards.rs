//! Previews that forum software adds to links: heading, picture and first words of another page. In a thread the link is
//! enough.

use dom_query::NodeRef;

use crate::dom::{tree, words};

/// Words in class names of previews.
const CARD_WORDS: &[&str] = &["onebox", "unfurl", "linkcard", "linkpreview", "urlpreview"];
/// Pairs of such words.
const CARD_PAIRS: &[(&str, &str)] = &[("link", "card"), ("link", "preview"), ("url", "preview"), ("embed", "link")];

/// Replaces the previews in a post by links.
pub(super) fn shorten(post: &NodeRef<'_>) {
    for card in tree::elements(post, is_card) {
        if !card.ancestors_it(None).any(|above| above.id == post.id) {
            continue;
        }
        let links = tree::elements(&card, |inside| tree::has_name(inside, &["a"]) && inside.has_attr("href"));
        let longest = links.iter().max_by_key(|link| words::count(&tree::line_text(link)));
        let Some(link) = longest else { continue };
        if !tree::has_visible_text(link) {
            let to = link.attr("href").unwrap_or_default();
            link.append_child(&card.tree.new_text(to.to_string()));
        }
        let line = card.tree.new_element("p");
        card.insert_before(&line);
        line.append_child(link);
        card.remove_from_parent();
    }
}

fn is_card(node: &NodeRef<'_>) -> bool {
    if !tree::has_name(node, &["aside", "div", "article", "blockquote", "figure"]) {
        return false;
    }
    tree::class_and_id(node).split_ascii_whitespace().any(|class| {
        let words: Vec<&str> = class.split(['-', '_']).filter(|word| !word.is_empty()).collect();
        words.iter().any(|word| CARD_WORDS.contains(word))
            || words.windows(2).any(|pair| CARD_PAIRS.contains(&(pair[0], pair[1])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_becomes_its_link() {
        let page = crate::parse::parse_fragment(
            "<div><p>See this:</p><aside class='onebox allowlisted'><header><img src=i.png><a href=https://a.example/>a.example</a></header>\
             <article><h3><a href=https://a.example/rain>Rain in the valley</a></h3><p>It rained all day.</p></article></aside></div>",
        );
        let body = tree::body(&page);
        shorten(&body);
        let wanted = "<div><p>See this:</p><p><a href=\"https://a.example/rain\">Rain in the valley</a></p></div>";
        assert_eq!(body.inner_html().to_string(), wanted);
    }
}
