//! Turns addresses that stand alone where a script or the content system would show an embed into cards.

use dom_query::NodeRef;
use url::Url;

use super::{Remainder, insert_card, is_wanted, service_kind, to_page_url};
use crate::dom::tree;
use crate::dom::urls;

/// The most nodes of a box or line with an address.
const MAX_NODES: usize = 20;

/// Replaces bare addresses by cards: any in a box for embeds, and those of known services in a line of their own.
pub(crate) fn replace_with_cards(boxes: &[NodeRef<'_>], lines: &[NodeRef<'_>]) {
    for element in boxes {
        if let Some((text, url)) = find_address(element) {
            insert_card(&text, Some(url), Remainder::Nothing);
        }
    }
    for line in lines.iter().filter(|line| line.parent().is_some()) {
        if let Some((text, url)) = find_address(line).filter(|(_, url)| service_kind(url) != "Page") {
            insert_card(&text, Some(url), Remainder::Nothing);
        }
    }
}

/// Returns whether a class marks a box for an embed.
pub(crate) fn has_box_class(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| {
        class.starts_with("wp-block-embed")
            || matches!(class, "oembed" | "embed-responsive" | "kg-embed-card" | "embed")
    })
}

/// Returns the only text of an element apart from its caption, if that is an address without a link.
fn find_address<'a>(element: &NodeRef<'a>) -> Option<(NodeRef<'a>, Url)> {
    if element.descendants_it().nth(MAX_NODES).is_some() {
        return None;
    }
    let is_caption =
        |text: &NodeRef<'_>| text.ancestors_it(Some(4)).any(|above| tree::has_name(&above, &["figcaption"]));
    let mut texts = element.descendants_it().filter(|node| tree::is_nonblank_text(node) && !is_caption(node));
    let (text, None) = (texts.next()?, texts.next()) else { return None };
    let is_linked = text.ancestors_it(Some(4)).any(|above| tree::has_name(&above, &["a", "pre", "code"]));
    let shows_more = element.descendants_it().any(|node| tree::has_name(&node, &["img", "iframe", "video", "audio"]));
    let address = tree::read_text(&text, |text| text.trim().to_owned())?;
    let is_address = address.starts_with("http") && !address.contains(char::is_whitespace);
    let url = urls::resolve_http(&address, None).filter(|url| is_address && is_wanted(url.as_str()))?;
    (!is_linked && !shows_more).then(|| (text, to_page_url(&url)))
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn an_address_in_place_of_an_embed_is_a_card() {
        let card =
            "<p class=\"embed\"><a href=\"https://youtu.be/AbC\" rel=\"noopener noreferrer\">Video on youtu.be</a></p>";
        let address = "\nhttps://youtu.be/AbC\n";
        for (html, wanted) in [
            (
                format!(
                    "<figure class='wp-block-embed is-type-video'><div class=wp-block-embed__wrapper>{address}</div>\
                         <figcaption>The first slate</figcaption></figure>"
                ),
                format!("<figure>{card}<figcaption>The first slate</figcaption></figure>"),
            ),
            (format!("<div class=oembed>{address}</div>"), card.to_owned()),
            (format!("<p>{address}</p>"), card.to_owned()),
            ("<p>https://a.example/list</p>".to_owned(), "<p>https://a.example/list</p>".to_owned()),
            ("<p>See https://youtu.be/AbC</p>".to_owned(), "<p>See https://youtu.be/AbC</p>".to_owned()),
            ("<pre>https://youtu.be/AbC</pre>".to_owned(), "<pre>https://youtu.be/AbC</pre>".to_owned()),
        ] {
            assert_eq!(sanitize_html(&html, None).as_str().replace('\n', ""), wanted, "{html}");
        }
        let other = sanitize_html("<figure class=wp-block-embed><div>https://b.example/talk</div></figure>", None);
        assert!(other.as_str().contains(">Embedded page on b.example</a>"), "{}", other.as_str());
    }
}
