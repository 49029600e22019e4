//! Finds the byline: in metadata, in elements marked as the author's, in lines near the headline.

use dom_query::NodeRef;

use crate::dom::tree::{self, Walk};
use crate::dom::words;
use crate::metadata::byline;
use crate::metadata::json_ld::JsonLdFacts;
use crate::metadata::meta_elements::{self, MetaElements};
use crate::metadata::visible_lines::{VisibleLines, push_with_gap};

const AUTHOR_NAMES: &[&str] = &[
    "citation_author",
    "citation_authors",
    "author",
    "parsely-author",
    "sailthru.author",
    "article:author_name",
    "shareaholic:article_author_name",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "article:author",
    "og:article:author",
    "og:author",
    "author_name",
    "byl",
    "byline",
    "creator",
    "cxenseparse:author",
    "rbauthors",
    "auteur",
    "autor",
    "verfasser",
];

/// Lines after the headline within which a marked name is the author's.
const NEAR_HEADLINE_LINES: usize = 14;
/// Lines around the headline that may hold a date and a name and nothing else.
const BESIDE_HEADLINE_LINES: usize = 5;

/// Returns the byline. `sites` are the names of the site.
pub(super) fn find(
    metas: &MetaElements,
    facts: &JsonLdFacts,
    lines: &VisibleLines<'_>,
    sites: &[String],
) -> Option<String> {
    let is_strong = |name: &String| !byline::is_generic(name, sites);
    let stated = stated_bylines(metas, facts);
    if let Some(strong) = stated.iter().find(|name| is_strong(name)) {
        if let Some(other) = visible_author_instead(strong, lines).filter(is_strong) {
            let whole = stated.iter().find(|name| name.starts_with(&other)).cloned();
            return whole.or(Some(other));
        }
        // One source may name only the first of several authors.
        let goes_on = |name: &&String| name.strip_prefix(strong.as_str()).is_some_and(continues_names);
        let longer = stated.iter().find(|name| is_strong(name) && goes_on(name));
        return Some(longer.unwrap_or(strong).clone());
    }
    let seen: Vec<String> = visible_bylines(lines).into_iter().map(|(_, name)| name).collect();
    let strong = seen.iter().find(|name| is_strong(name)).cloned();
    let own = |name: &String| !byline::is_domain(name) || byline::is_site_name(name, sites);
    strong
        .or_else(|| stated.into_iter().find(own))
        .or_else(|| seen.into_iter().next())
        .or_else(|| byline_beside_date(lines))
}

/// Least names of a page that lists the works of several people.
const MIN_LISTED: usize = 3;

/// Returns whether a page names several people, one after the other and each in a box of its own.
pub(super) fn lists_several(lines: &VisibleLines<'_>) -> bool {
    let mut names: Vec<String> = Vec::new();
    for (_, node) in &lines.author_elements {
        let name = author_element_text(node).and_then(|text| byline::parse_author_element(&text));
        if let Some(name) = name.filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    names.len() >= MIN_LISTED
}

/// Returns the author shown beside the headline, where the stated one appears nowhere: an account name that is the same
/// on all pages.
fn visible_author_instead(stated: &str, lines: &VisibleLines<'_>) -> Option<String> {
    let key = words::match_key(stated);
    let shares = |text: &str| {
        let text = words::match_key(text);
        key.split(' ').any(|word| word.len() > 2 && text.split(' ').any(|other| other == word))
    };
    if lines.byline_lines.iter().any(|line| shares(&line.text)) {
        return None;
    }
    let seen = visible_bylines(lines);
    let is_shown = seen.iter().any(|(_, name)| shares(name));
    let (_, first) = seen.into_iter().next().filter(|(rank, _)| *rank <= 1 && !is_shown)?;
    byline::looks_like_person(&first).then_some(first)
}

/// Returns whether the text after a name begins with another one.
fn continues_names(rest: &str) -> bool {
    [",", " and ", " und ", " & ", " et ", " y ", " e "].iter().any(|mark| rest.starts_with(mark))
}

/// Returns the bylines in metadata, the most trusted first.
fn stated_bylines(metas: &MetaElements, facts: &JsonLdFacts) -> Vec<String> {
    let named = AUTHOR_NAMES.iter().filter_map(|name| match *name {
        // Journals write them as catalogues do: "Lee, Ann".
        "citation_author" | "citation_authors" | "dc.creator" | "dcterms.creator" | "dc.contributor" => {
            byline::normalize(&byline::natural_order(metas.get(name)))
        }
        name => byline::normalize(metas.get(name)),
    });
    byline::normalize(&facts.authors).into_iter().chain(named).chain(card_byline(metas)).collect()
}

/// Returns the byline on the Twitter card, which has pairs of label and value.
fn card_byline(metas: &MetaElements) -> Option<String> {
    let is_label = |label: &String| byline::is_bare_label(label);
    metas.get("twitter:label1").first().filter(|label| is_label(label))?;
    byline::normalize(metas.get("twitter:data1").get(..1)?)
}

/// Returns the visible bylines with their rank, the surest first: marked elements near the headline, lines near it,
/// marked elements elsewhere, lines elsewhere, reviewers.
fn visible_bylines(lines: &VisibleLines<'_>) -> Vec<(u8, String)> {
    let is_near = |at: usize| {
        lines.headline_index.is_none_or(|headline| at + 6 >= headline && at <= headline + NEAR_HEADLINE_LINES)
    };
    let mut seen: Vec<(u8, String)> = Vec::new();
    let mut before: Option<NodeRef<'_>> = None;
    for (at, node) in &lines.author_elements {
        let Some(text) = author_element_text(node) else { continue };
        if let Some(name) = byline::parse_author_element(&text) {
            let rank = if is_near(*at) { 0 } else { 2 };
            match seen.last_mut().filter(|(known, _)| rank == 0 && *known == 0) {
                // Each author may have an element: they stand beside each other and are marked alike.
                Some((_, names)) if before.is_some_and(|before| are_alike(&before, node)) => {
                    *names = byline::normalize(&[names.clone(), name]).unwrap_or_default();
                }
                _ => seen.push((rank, name)),
            }
            before = Some(*node);
        }
    }
    for line in &lines.byline_lines {
        let mut pieces = line.text.split(['|', '•', '·']).map(str::trim);
        let named = pieces.find_map(byline::parse_line).or_else(|| {
            let label = Some(&line.label).filter(|label| !label.is_empty())?;
            byline::parse_line(&format!("{} {}", label.trim(), line.text))
        });
        let named = named.or_else(|| byline::parse_part_of_dated_line(&line.text));
        if let Some(name) = named {
            let rank = if is_near(line.index) { 1 } else { 3 };
            seen.push((if byline::names_reviewer(&line.text) { 4 } else { rank }, name));
        }
    }
    seen.sort_by_key(|(rank, _)| *rank);
    seen
}

/// Returns whether two elements are marked alike and are in the same box, each in at most one box of its own.
fn are_alike(first: &NodeRef<'_>, second: &NodeRef<'_>) -> bool {
    let mark =
        |node: &NodeRef<'_>| ["class", "rel", "itemprop"].map(|name| tree::attribute(node, name).unwrap_or_default());
    let parents = |node: &NodeRef<'_>| node.ancestors_it(Some(2)).map(|above| above.id).collect::<Vec<_>>();
    let (one, other) = (parents(first), parents(second));
    tree::name(first) == tree::name(second)
        && mark(first) == mark(second)
        && !mark(first).iter().all(String::is_empty)
        && one.iter().zip(&other).any(|(one, other)| one == other)
}

/// Returns a name next to the date beside the headline.
fn byline_beside_date(lines: &VisibleLines<'_>) -> Option<String> {
    let headline = lines.headline_index?;
    let beside = lines.date_lines.iter().filter(|line| {
        !line.from_attribute
            && line.index + BESIDE_HEADLINE_LINES >= headline
            && line.index <= headline + BESIDE_HEADLINE_LINES
    });
    beside.filter_map(|line| byline::parse_dated_line(&line.text)).next()
}

/// Maximum bytes of an element that may hold a name.
const MAX_TEXT_BYTES: usize = 160;

/// Maximum nodes in such an element.
const MAX_NODES: usize = 200;

/// Returns the text of a short element, or of its `itemprop=name`.
fn author_element_text(node: &NodeRef<'_>) -> Option<String> {
    let mut text = String::new();
    let mut name: Option<NodeRef<'_>> = None;
    let mut apart = false;
    let mut nodes = 0;
    tree::walk(
        node,
        |inside| {
            nodes += 1;
            if text.len() > MAX_TEXT_BYTES || nodes > MAX_NODES || name.is_some() {
                return Walk::Skip;
            }
            let Some(kind) = inside.qual_name_ref() else {
                let gap = std::mem::take(&mut apart);
                tree::read_text(inside, |words| {
                    let glued = text.ends_with(char::is_alphanumeric) && words.starts_with(char::is_alphanumeric);
                    text.push_str(if gap && glued { " " } else { "" });
                    push_with_gap(&mut text, words);
                });
                return Walk::Skip;
            };
            if inside.attr("itemprop").is_some_and(|property| &*property == "name") {
                name = Some(*inside);
            }
            if tree::is_non_text(&kind.local) {
                return Walk::Skip;
            }
            if !tree::is_inline(&kind.local) {
                text.push_str(" | ");
            }
            // Adjacent elements may be separated by style only: "Ann Lee" and "5 hours ago".
            apart |= inside.prev_sibling().is_some_and(|before| before.is_element());
            if follows_its_like(inside) && text.trim().rsplit(", ").next().is_some_and(|name| name.contains(' ')) {
                text.truncate(text.trim_end_matches([',', ' ']).len());
                text.push_str(", ");
            }
            Walk::Enter
        },
        |_| {},
    );
    let text = match name {
        Some(name) => tree::attribute(&name, "content").unwrap_or_else(|| meta_elements::line_text(&name)),
        None => words::one_line(&text, MAX_TEXT_BYTES),
    };
    (!text.is_empty() && text.len() <= MAX_TEXT_BYTES).then_some(text)
}

/// Returns whether an element follows directly on another of the same class: each holds a name.
fn follows_its_like(node: &NodeRef<'_>) -> bool {
    let Some(class) = tree::attribute(node, "class") else { return false };
    let mut before = node.prev_sibling();
    if before.is_some_and(|text| tree::is_blank_text(&text)) {
        before = before.and_then(|text| text.prev_sibling());
    }
    before.is_some_and(|before| {
        tree::attribute(&before, "class") == Some(class) && tree::name(&before) == tree::name(node)
    })
}

#[cfg(test)]
mod tests {
    /// Returns the byline of a page of The Valley Post with this head, and this body after its headline.
    fn byline(head: &str, body: &str) -> String {
        let html = format!(
            "<title>Rain in the valley</title><meta property=og:site_name content='Valley Post'>{head}\
             <h1>Rain in the valley</h1>{body}<p>It rained all day, and the river rose and rose.</p>"
        );
        let page = crate::page::Page {
            source: crate::page::Source::Html(&html),
            url: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        };
        crate::article(&page).byline.unwrap_or_else(|| "none".into())
    }

    #[test]
    fn bylines_split_over_elements_are_found() {
        for (body, wanted) in [
            ("<p>Written by</p><p>Ann Lee</p>", "Ann Lee"),
            ("<h3>Author</h3><p>Ann Lee</p>", "Ann Lee"),
            ("<p>Weather · 5 min read · By Ann Lee</p>", "Ann Lee"),
            ("<p class=author><a>Ann Lee</a><span>vor 5 Stunden</span></p>", "Ann Lee"),
            ("<p class=author><a>Ann Lee</a><span>, </span><a>Bo Ray</a></p>", "Ann Lee, Bo Ray"),
            ("<p class=byline><time>Sep 16</time> | By Ann Lee</p>", "Ann Lee"),
            ("<a href=/authors/ann-lee>Ann Lee</a>", "Ann Lee"),
            ("<p><a rel=author href=/ann>Ann Lee</a> and <a rel=author href=/bo>Bo Ray</a></p>", "Ann Lee, Bo Ray"),
            (
                "<div class=ltx_authors><span class=ltx_creator><span class='ltx_personname author'>Ann Lee</span></span>\
                 <span class=ltx_creator><span class='ltx_personname author'>Bo Ray</span></span></div>",
                "Ann Lee, Bo Ray",
            ),
            (
                "<div class=byline>Words by <a>Ann Lee</a>, <a>Bo Ray</a> and <a>Cy Dow</a>; pictures by Di Fox</div>",
                "Ann Lee, Bo Ray and Cy Dow",
            ),
            ("<div class=byline><time>Friday May 3, 2024 9 am</time> by <a>Ann Lee</a></div>", "Ann Lee"),
            ("<div class=byline>By <a>Ann Lee</a><span>Senior Staff Writer </span></div>", "Ann Lee"),
            ("<div class=hentry><p>Rain.</p><div class=post-footer><p class=author>Ann Lee</p></div></div>", "Ann Lee"),
        ] {
            assert_eq!(byline("", body), wanted, "{body}");
        }
    }

    #[test]
    fn names_of_catalogues_are_turned() {
        for (name, values, wanted) in [
            ("citation_author", &["Lee, Ann", "van der Ray, Bo"][..], "Ann Lee, Bo van der Ray"),
            ("citation_authors", &["Lee, Ann; Ray, Bo C."], "Ann Lee, Bo C. Ray"),
            ("dc.creator", &["García Márquez, Gabriel"], "Gabriel García Márquez"),
            ("dc.creator", &["Ann Lee, Bo Ray"], "Ann Lee, Bo Ray"),
            ("citation_author", &["Ann Lee"], "Ann Lee"),
            ("author", &["Lee, Ray"], "Lee, Ray"),
        ] {
            let head: String = values.iter().map(|value| format!("<meta name={name} content='{value}'>")).collect();
            assert_eq!(byline(&head, ""), wanted, "{head}");
        }
    }

    #[test]
    fn sharing_card_may_name_the_author() {
        let card =
            |label| format!("<meta name=twitter:label1 content='{label}'><meta name=twitter:data1 content='Ann Lee'>");
        assert_eq!(byline(&card("Written by"), ""), "Ann Lee");
        assert_eq!(byline(&card("Price"), ""), "none");
    }

    #[test]
    fn other_names_are_no_byline() {
        for body in [
            "<span class=img-author>Ann Lee</span>",
            "<div class=post-listing__author>Von Ann Lee</div>",
            "<p class=author-info__role>Chief Gardener</p>",
            "<p>Site Update - Part 14 / Chapter 121</p>",
            "<p class=author>Sponsored content</p>",
        ] {
            assert_eq!(byline("", body), "none", "{body}");
        }
        assert_eq!(byline("", "<p>Reviewed by Bo Ray</p><p>By Ann Lee</p>"), "Ann Lee");
        assert_eq!(byline("<meta name=author content=webhouse.org>", ""), "none");
        assert_eq!(byline("<meta name=author content=webhouse.org>", "<p>Von Ann Lee</p>"), "Ann Lee");
        let user = "<meta name=author content='Cy Dow'>";
        assert_eq!(byline(user, "<p>By Ann Lee</p>"), "Ann Lee");
        assert_eq!(byline(user, "<p>By Ann Lee</p><p>Pictures and Cy Dow</p>"), "Cy Dow");
        assert_eq!(byline(user, "<p>By The Ferry Staff</p>"), "Cy Dow");
        let several = "<meta name=author content='Ann Lee'><meta name=byl content='Ann Lee VALLEY POST'>";
        assert_eq!(byline(several, ""), "Ann Lee");
    }
}
