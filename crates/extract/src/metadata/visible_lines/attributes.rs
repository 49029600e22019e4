//! Interprets the marks of an element: class, id and property words.

use std::sync::LazyLock;

use dom_query::NodeRef;
use html5ever::{LocalName, local_name};

use crate::dom::multi_pattern::MultiPattern;
use crate::dom::tree;

/// What the attributes of an element indicate.
#[derive(Default, Clone, Copy)]
pub(super) struct Attributes {
    /// It may hold a machine-readable date.
    pub(super) may_hold_date: bool,
    /// It links to an author's page.
    pub(super) links_to_author: bool,
}

/// Writes the marks of an element into `into`, in lower case, with spaces around each attribute.
pub(super) fn read_marks(node: &NodeRef<'_>, into: &mut String) -> Attributes {
    let mut found = Attributes::default();
    into.clear();
    into.push(' ');
    let Some(element) = node.element_ref() else { return found };
    for attribute in &element.attrs {
        match &*attribute.name.local {
            "class" | "id" | "itemprop" | "property" | "data-testid" | "rel" => {
                let start = into.len();
                into.push_str(&attribute.value);
                into[start..].make_ascii_lowercase();
                into.push(' ');
            }
            "datetime" | "content" | "title" | "pubdate" => found.may_hold_date = true,
            "href" => found.links_to_author = is_author_url(&attribute.value),
            _ => {}
        }
    }
    found
}

/// Returns whether a URL is that of an author's page.
fn is_author_url(url: &str) -> bool {
    ["/author/", "/authors/", "/autor/", "/autoren/"].iter().any(|step| url.contains(step))
}

/// Returns whether a word names a box whose dates and names are not those of the article.
pub(super) fn is_other_box_word(word: &str) -> bool {
    matches!(
        word,
        "comment"
            | "comments"
            | "commentlist"
            | "kommentare"
            | "related"
            | "sidebar"
            | "recommended"
            | "menu"
            | "nav"
            | "navigation"
            | "recent"
            | "popular"
            | "latest"
            | "ticker"
            | "events"
            | "copyright"
            | "cookie"
    )
}

/// Returns whether an element is not part of the article: navigation, comments, quotations, other articles.
pub(super) fn is_outside_article(node: &NodeRef<'_>, name: &LocalName, marks: &str) -> bool {
    let in_article = || {
        node.ancestors_it(Some(6)).any(|above| {
            let mut marks = String::new();
            read_marks(&above, &mut marks);
            tree::has_name(&above, &["article", "main"]) || marks.contains("article") || marks.contains("hentry")
        })
    };
    match *name {
        local_name!("nav")
        | local_name!("form")
        | local_name!("select")
        | local_name!("blockquote")
        | local_name!("figcaption")
        | local_name!("script")
        | local_name!("style")
        | local_name!("noscript")
        | local_name!("template")
        | local_name!("svg") => return true,
        local_name!("footer") => return !in_article(),
        local_name!("aside") => {
            return !node.parent().is_some_and(|parent| tree::has_name(&parent, &["article", "header"]))
                && !in_article();
        }
        _ => {}
    }
    if marks.len() <= 1 {
        return false;
    }
    let mut words = marks.split([' ', '-', '_']);
    let is_calendar = |word: &str| word == "calendar" && !marks.contains("ico") && !marks.contains(" fa");
    // "With sidebar" describes the element beside it.
    let beside = |word: &str| {
        word == "sidebar"
            && [
                "content",
                "main",
                "right-s",
                "left-s",
                "has-",
                "with-",
                "no-",
                "page",
                "wrap",
                "body",
                "single",
                "description",
                "layout-",
            ]
            .iter()
            .any(|mark| marks.contains(mark))
    };
    words.clone().any(|word| (is_other_box_word(word) && !beside(word)) || is_calendar(word))
        || (words.any(|word| word == "footer") && !in_article())
}

pub(super) fn may_be_breadcrumbs(name: &LocalName) -> bool {
    matches!(*name, local_name!("nav") | local_name!("ol") | local_name!("ul") | local_name!("div") | local_name!("p"))
}

pub(super) fn is_breadcrumbs(node: &NodeRef<'_>, marks: &str) -> bool {
    marks.contains("breadcrumb")
        || node.attr("aria-label").is_some_and(|label| label.to_ascii_lowercase().contains("breadcrumb"))
}

/// Returns whether the marks name an author.
pub(super) fn names_author(marks: &str) -> bool {
    static MARKS: LazyLock<MultiPattern> = LazyLock::new(|| {
        MultiPattern::new(&["author", "byline", "autor", "writer", "verfasser", "redakteur", "auteur", "username"])
    });
    MARKS.is_match(marks)
}

/// Returns whether the marks name the author of an image or of a listed article, or an author's role.
pub(super) fn names_other_author(marks: &str) -> bool {
    static OTHERS: LazyLock<MultiPattern> = LazyLock::new(|| {
        MultiPattern::new(&[
            "img-author",
            "image-author",
            "photo-author",
            "picture-author",
            "foto-autor",
            "listing_",
            "list-item",
            "_role",
            "-role",
            "_position",
            "author-position",
        ])
    });
    OTHERS.is_match(marks)
}
