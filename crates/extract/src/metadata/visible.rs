//! What a reader sees of byline, date and section, by the marks that pages give them.

use dom_query::{Document, NodeRef};

use crate::names;
use crate::tree::{self, attribute};

/// The byline a reader sees, by the marks that pages give it.
pub(super) fn byline(page: &Document) -> Option<String> {
    let body = tree::body(page);
    let is_marked = |node: &NodeRef<'_>| {
        let rel = attribute(node, "rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word == "author"));
        let property = attribute(node, "itemprop").is_some_and(|name| name.contains("author"));
        rel || property || {
            let marks = tree::marks(node);
            [
                " author ",
                " byline ",
                "author-name",
                "author_name",
                "byline-name",
                "byline__name",
                "article-author",
                "post-author",
                "p-author",
                "entry-author",
                "article__author",
                "c-byline",
                " autor ",
                "article-byline",
            ]
            .iter()
            .any(|mark| marks.contains(mark))
        }
    };
    let in_comments = |node: &NodeRef<'_>| node.ancestors_it(None).any(|above| tree::marks(&above).contains("comment"));
    tree::elements(&body, is_marked).iter().take(20).find_map(|node| {
        let named = tree::elements(node, |inside| attribute(inside, "itemprop").is_some_and(|name| name == "name"));
        let text = named.first().map_or_else(|| tree::line(node), tree::line);
        let sane = text.chars().count() <= 100 && !text.is_empty() && !in_comments(node);
        sane.then(|| names::byline(&[text])).flatten()
    })
}

/// Dates in `time` elements and marked elements near the top, those marked as publication first.
pub(super) fn dates(page: &Document) -> Vec<String> {
    let body = tree::body(page);
    let is_date = |node: &NodeRef<'_>| {
        tree::is_any(node, &["time", "abbr"])
            && (node.has_attr("datetime")
                || node.has_attr("title")
                || node.has_attr("pubdate")
                || tree::is_any(node, &["time"]))
            || attribute(node, "itemprop").is_some_and(|name| name == "datePublished")
            || {
                let marks = tree::marks(node);
                [
                    "published",
                    "pubdate",
                    "post-date",
                    "entry-date",
                    "article-date",
                    "article__date",
                    "date-published",
                    "publish-date",
                    "dateline",
                    "timestamp",
                    "post__date",
                    "c-date",
                ]
                .iter()
                .any(|mark| marks.contains(mark))
            }
    };
    let in_other = |node: &NodeRef<'_>| {
        node.ancestors_it(None).any(|above| {
            tree::is_any(&above, &["aside", "footer", "nav"])
                || ["comment", "related", "sidebar", "widget"].iter().any(|mark| tree::marks(&above).contains(mark))
        })
    };
    let mut found: Vec<(u8, String)> = Vec::new();
    for node in tree::elements(&body, is_date).iter().take(60).filter(|node| !in_other(node)).take(12) {
        let marks =
            format!("{} {}", tree::marks(node), attribute(node, "itemprop").unwrap_or_default()).to_ascii_lowercase();
        let rank = match marks {
            marks if marks.contains("modif") || marks.contains("updat") => 2,
            marks if marks.contains("publi") || node.has_attr("pubdate") => 0,
            _ => 1,
        };
        let text = attribute(node, "datetime")
            .or_else(|| attribute(node, "content"))
            .or_else(|| attribute(node, "title").filter(|title| title.contains(|letter: char| letter.is_ascii_digit())))
            .unwrap_or_else(|| tree::line(node));
        found.push((rank, text));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, text)| text).collect()
}

/// The links of the first breadcrumb trail, without the front page.
pub(super) fn breadcrumbs(page: &Document) -> Vec<String> {
    let body = tree::body(page);
    let trails = tree::elements(&body, |node| {
        tree::is_any(node, &["nav", "ol", "ul", "div", "p"])
            && (tree::marks(node).contains("breadcrumb")
                || attribute(node, "aria-label").is_some_and(|label| label.to_lowercase().contains("breadcrumb")))
    });
    let Some(trail) = trails.first() else { return Vec::new() };
    let links = tree::elements(trail, |node| tree::is_any(node, &["a"]));
    let home = [
        "home",
        "start",
        "startseite",
        "accueil",
        "inicio",
        "início",
        "главная",
        "首页",
        "ホーム",
        "homepage",
        "front page",
    ];
    links
        .iter()
        .take(6)
        .map(tree::line)
        .filter(|text| text.chars().count() <= 40 && !home.contains(&text.to_lowercase().as_str()))
        .collect()
}
