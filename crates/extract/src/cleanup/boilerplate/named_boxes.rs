//! Boxes that a whole name does not betray, but a word of it and what stands in or above them: comments below a post,
//! offers of a subscription.

use std::sync::LazyLock;

use dom_query::NodeRef;

use crate::dom::multi_pattern::MultiPattern;
use crate::dom::{tree, words};

/// Words of prose from which the text above a box of comments is a post.
const MIN_POST_WORDS: usize = 30;
/// Least words of a paragraph that counts.
const MIN_PROSE_WORDS: usize = 8;
/// Most words of a name, and bytes of text of an offer: `paywall` also names the text that is paid for.
const MAX_NAME_WORDS: usize = 4;
const MAX_OFFER_BYTES: usize = 400;
const MAX_SEARCHED_NODES: usize = 200;

/// The word for comments in names.
const COMMENT_WORDS: &[&str] = &[
    "comments",
    "commentlist",
    "kommentare",
    "kommentarer",
    "commentaires",
    "comentarios",
    "commenti",
    "reacties",
    "komentarze",
    "yorumlar",
    "komentari",
    "responses",
    "disqus",
];
/// The word for one comment in names.
const ITEM_WORDS: &[&str] = &[
    "comment",
    "kommentar",
    "commentaire",
    "comentario",
    "commento",
    "reactie",
    "komentarz",
    "yorum",
    "respond",
    "reply",
];
/// The words for offers of a subscription in names.
const OFFER_WORDS: &[&str] = &[
    "paywall",
    "regwall",
    "loginwall",
    "subscribewall",
    "piano",
    "metering",
    "premiumbox",
    "plusbox",
    "bezahlschranke",
];

/// The prose that a walk over the page has seen so far.
#[derive(Default)]
pub(super) struct PostText {
    words: usize,
}

impl PostText {
    /// Adds an element that the walk enters.
    pub(super) fn add(&mut self, node: &NodeRef<'_>, name: &str) {
        if self.is_post() || name != "p" || !tree::has_more_words_than(node, MIN_PROSE_WORDS) {
            return;
        }
        let text = tree::line_text(node);
        if words::ends_sentence(&text) {
            self.words += words::count(&text);
        }
    }

    /// Whether it is enough for a post of its own.
    pub(super) fn is_post(&self) -> bool {
        self.words >= MIN_POST_WORDS
    }
}

/// Whether class and id hold one of the words at all. Asked of every box of a page.
pub(super) fn may_be_named(names: &str) -> bool {
    static WORDS: LazyLock<MultiPattern> = LazyLock::new(|| MultiPattern::new(&[COMMENT_WORDS, OFFER_WORDS].concat()));
    WORDS.is_match(names)
}

/// Whether a word of a class or id is the one for comments.
pub(crate) fn is_named_after_comments(names: &str) -> bool {
    has_word(names, COMMENT_WORDS)
}

/// Whether a word of the class or id of a box says that it holds the comments, and its content agrees: it has comments
/// or a form for them, but not the post and no reviews of a product.
pub(super) fn is_named_comments(node: &NodeRef<'_>, names: &str) -> bool {
    let is_other = |inside: &NodeRef<'_>| {
        tree::has_name(inside, &["h1"]) || inside.is_element() && tree::class_and_id(inside).contains("review")
    };
    let is_item = |inside: &NodeRef<'_>| {
        has_word(&tree::class_and_id(inside), ITEM_WORDS) || tree::has_name(inside, &["textarea", "time"])
    };
    has_word(names, COMMENT_WORDS)
        && !is_other(node)
        && !first_inside(node).any(|inside| is_other(&inside))
        && first_inside(node).any(|inside| is_item(&inside))
}

/// Iterates over the first nodes in a box. The limit is for boxes of boxes with such names.
fn first_inside<'a>(node: &NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> {
    node.descendants_it().take(MAX_SEARCHED_NODES)
}

/// Whether a box of `bytes` of text is named after a paywall and has a button or link to pay.
pub(super) fn is_offer(node: &NodeRef<'_>, names: &str, bytes: usize) -> bool {
    (1..=MAX_OFFER_BYTES).contains(&bytes)
        && has_word(names, OFFER_WORDS)
        && first_inside(node).any(|inside| tree::has_name(&inside, &["a", "button", "form", "input"]))
}

fn has_word(names: &str, wanted: &[&str]) -> bool {
    names.split_ascii_whitespace().any(|name| {
        let mut words = name.split(['-', '_']).filter(|word| !word.is_empty());
        words.clone().count() <= MAX_NAME_WORDS && words.any(|word| wanted.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use crate::page::{Page, Source};

    const POST: &str = "<h1>Rain</h1><p>It rained in the valley from Monday to Friday, and the river rose by the height of a man.</p>\
        <p>On Saturday the sun came back, and the ferry went to the northern bank again, with its deck full of wet chairs.</p>";

    fn read(below: &str) -> String {
        let html = format!("<body><div class=post>{POST}</div>{below}</body>");
        crate::article(&Page { source: Source::Html(&html), url: None, now: jiff::Timestamp::UNIX_EPOCH, rules: &[] })
            .text
    }

    #[test]
    fn comments_are_no_text_however_long_they_are() {
        let comment = "<div class=comment-body><p>I have lived beside this river for forty years, and it was always so, whatever people say.</p></div>";
        for open in [
            "<div id=comments>",
            "<section class='blog-comments js-loaded'>",
            "<div class=post__comments><h2>3 thoughts</h2>",
        ] {
            let text = read(&format!("{open}{}</div>", comment.repeat(40)));
            assert!(text.contains("wet chairs") && !text.contains("forty years"), "{open}: {text}");
        }
    }

    #[test]
    fn an_offer_to_pay_goes_and_paid_text_stays() {
        let offer = "<div class=article-paywall><h2>All of it with a pass</h2><p>From 1 € a month you may read what we write.</p><button>Buy</button></div>";
        assert!(!read(offer).contains("1 €"));
        let paid = "<div class=paywall><p>On Sunday the mayor thanked those who had carried sand in the night, and the band played until the evening.</p></div>";
        assert!(read(paid).contains("the mayor thanked"));
    }
}
