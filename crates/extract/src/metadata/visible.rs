//! What a reader sees of byline, date and section, by the marks that pages give them.

use dom_query::{Document, NodeRef};

use crate::bylines;
use crate::metadata::published;
use crate::tree::{self, attribute};

/// The byline a reader sees, by the marks that pages give it.
pub(super) fn byline(page: &Document, title: &str) -> Option<String> {
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
    let marked = tree::elements(&body, is_marked).iter().take(20).find_map(|node| {
        let named = tree::elements(node, |inside| attribute(inside, "itemprop").is_some_and(|name| name == "name"));
        let text = named.first().map_or_else(|| tree::line(node), tree::line);
        let sane = text.chars().count() <= 100 && !text.is_empty() && !in_comments(node);
        sane.then(|| bylines::byline(&[text])).flatten()
    });
    marked.or_else(|| near_headline(&body, title))
}

/// Elements before and after the headline in which a byline is looked for.
const NEAR: (usize, usize) = (15, 60);

/// "By Ann Lee" in a line near the headline, or a name in a place whose marks speak of an author.
fn near_headline(body: &NodeRef<'_>, title: &str) -> Option<String> {
    let heading = published::heading(body, title)?;
    let all = tree::elements(body, |_| true);
    let at = all.iter().position(|node| node.id == heading.id)?;
    let near = &all[at.saturating_sub(NEAR.0)..all.len().min(at + NEAR.1)];
    near.iter().filter(|node| !published::is_elsewhere(node) && node.descendants_it().take(12).count() < 12).find_map(
        |node| {
            let marks = tree::marks(node);
            let marked = ["author", "autor", "byline", "writer"].iter().any(|mark| marks.contains(mark));
            let text = tree::line(node);
            (text.chars().count() <= 100).then(|| bylines::in_line(&text, marked)).flatten()
        },
    )
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
