//! Finds the next page of an article.
//!
//! `rel=next` alone means little: on blogs it is the next post. So the URL must be that of this page but for a page
//! number, and the link must look like one of a pager. The number that the link shows outranks the one in its URL,
//! which may count from zero.

use dom_query::{Document, NodeRef};
use url::Url;

use super::next_words::Label;
use super::page_numbers::{NumberStyle, PagePair, PageUrl, may_have_page_number};
use crate::dom::tree::{self, attribute};
use crate::dom::urls;

/// The maximum number of links to further pages that are compared.
const MAX_LINKS: usize = 500;

/// The least difference between the offsets of two pages.
const MIN_STEP: u32 = 2;
/// Words in the classes and ids of lists with a pager of their own: comments, other articles.
const LIST_WORDS: &[&str] =
    &["comment", "views-", "view-content", "view-display", "view-dom-id", "related", "recommend"];

/// Returns the URL of the next page, if this is one page of several.
pub(crate) fn find(page: &Document, url: Option<&Url>, base: Option<&Url>) -> Option<Url> {
    let here = url.filter(|url| url.path().len() > 1 || url.query().is_some())?;
    let own = PageUrl::new(here);
    let links = tree::elements(&page.root(), |node| tree::has_name(node, &["a", "link"]) && node.has_attr("href"));
    let read = |link: &NodeRef<'_>| PagerLink::read(link, &own, base);
    let mut pager = Pager(links.iter().filter_map(read).take(MAX_LINKS).collect());
    pager.number_offsets();
    let mut next = pager.find_next()?.url.clone();
    next.set_fragment(None);
    Some(next)
}

/// The links of a page to other pages of its article.
struct Pager(Vec<PagerLink>);

/// A link whose URL is that of this page but for a page number.
struct PagerLink {
    url: Url,
    pair: PagePair,
    label: Label,
    is_rel_next: bool,
    /// It is in the head of the page.
    is_in_head: bool,
    /// A container calls itself a pager.
    is_in_pager: bool,
}

impl PagerLink {
    fn read(link: &NodeRef<'_>, own: &PageUrl<'_>, base: Option<&Url>) -> Option<PagerLink> {
        let is_numbered = |href: &String| !href.starts_with('#') && href.bytes().any(|byte| byte.is_ascii_digit());
        let href = attribute(link, "href").filter(is_numbered).filter(|href| may_have_page_number(href))?;
        let url = urls::resolve_http(&href, base)?;
        let pair = own.compare(&url)?;
        let is_in_head = tree::has_name(link, &["link"]);
        let rel = attribute(link, "rel").unwrap_or_default();
        let names: Vec<String> = link.ancestors_it(Some(8)).map(|above| tree::class_and_id(&above)).collect();
        if names.iter().any(|name| LIST_WORDS.iter().any(|word| name.contains(word))) {
            return None;
        }
        let text = tree::line_text(link);
        let text = if text.trim().is_empty() {
            attribute(link, "aria-label").or_else(|| attribute(link, "title"))
        } else {
            Some(text)
        };
        let is_pager_name = |name: &String| {
            ["pag", "pager", "seiten", "fenye", "nav-links", "post-nav"].iter().any(|word| name.contains(word))
        };
        Some(PagerLink {
            url,
            pair,
            label: Label::read(&text.unwrap_or_default()),
            is_rel_next: rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next")),
            is_in_head,
            is_in_pager: names.iter().take(4).any(is_pager_name),
        })
    }

    fn shown_number(&self) -> Option<u32> {
        match self.label {
            Label::Number(number) if !self.is_in_head => Some(number),
            _ => None,
        }
    }

    /// Returns by how much the shown number exceeds that of the URL: one if URLs count from zero.
    fn offset(&self) -> Option<u32> {
        self.shown_number()?.checked_sub(self.pair.there).filter(|offset| *offset <= 1)
    }
}

impl Pager {
    /// Turns offsets into page numbers that count from zero, by the step between them.
    fn number_offsets(&mut self) {
        let offsets = self.0.iter().filter(|link| link.pair.style == NumberStyle::Offset);
        let numbers = offsets.flat_map(|link| [link.pair.here.unwrap_or(0), link.pair.there]);
        let step = numbers.fold(0, greatest_common_divisor);
        self.0.retain(|link| link.pair.style != NumberStyle::Offset || step >= MIN_STEP);
        for link in self.0.iter_mut().filter(|link| link.pair.style == NumberStyle::Offset) {
            let pair = &mut link.pair;
            *pair = PagePair {
                style: NumberStyle::Named,
                here: pair.here.map(|here| here / step),
                there: pair.there / step,
            };
        }
    }

    fn find_next(&self) -> Option<&PagerLink> {
        let votes = |offset: u32| self.0.iter().filter(|link| link.offset() == Some(offset)).count();
        let offset = u32::from(votes(1) > votes(0));
        let numbered = |style: NumberStyle| {
            self.0.iter().filter(|link| link.pair.style == style && link.shown_number().is_some()).count()
        };
        let by_number = self.0.iter().find(|link| {
            let current = link.pair.here.map_or(1, |here| here + offset);
            let is_next = link.shown_number() == Some(current + 1) && link.pair.there + offset == current + 1;
            // One number at the end of a word may be anything.
            is_next
                && (link.pair.style != NumberStyle::Glued
                    || link.is_in_pager
                    || numbered(NumberStyle::Glued) > 1
                    || self.has_next_label())
        });
        by_number.or_else(|| self.0.iter().find(|link| is_next_by_label(link, votes(0) > votes(1))))
    }

    fn has_next_label(&self) -> bool {
        self.0.iter().any(|link| matches!(link.label, Label::Next | Label::NextPage))
    }
}

fn greatest_common_divisor(one: u32, other: u32) -> u32 {
    let (mut one, mut other) = (one, other);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// Returns whether a link without a number leads to the next page, by its words and its URL.
fn is_next_by_label(link: &PagerLink, counts_from_one: bool) -> bool {
    let says_next = link.is_rel_next || matches!(link.label, Label::Next | Label::NextPage);
    let follows = match link.pair.here {
        Some(here) => link.pair.there == here + 1,
        None => link.pair.there == 2 || (link.pair.there == 1 && says_next && !counts_from_one),
    };
    if !follows || link.shown_number().is_some() {
        return false;
    }
    let is_short = !matches!(link.label, Label::Long);
    match link.pair.style {
        NumberStyle::Named if link.is_in_head => link.is_rel_next,
        NumberStyle::Named | NumberStyle::Offset => is_short || link.is_rel_next,
        _ if link.is_in_head => false,
        _ if link.label == Label::NextPage => true,
        NumberStyle::Bare => is_short && (link.is_rel_next || link.label == Label::Next && link.is_in_pager),
        NumberStyle::Glued => says_next && is_short && link.is_in_pager,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(here: &str, html: &str) -> Option<String> {
        let here = Url::parse(here).unwrap();
        let tree = crate::parse::parse_page(html).tree;
        find(&tree, Some(&here), Some(&here)).map(String::from)
    }

    #[test]
    fn next_page_has_the_same_url_with_the_next_number() {
        for (here, link, label, expected) in [
            ("https://a.example/rain", "?page=2", 2, Some("https://a.example/rain?page=2")),
            ("https://a.example/rain?page=2&x=1", "/rain?x=1&page=3", 3, Some("https://a.example/rain?x=1&page=3")),
            ("https://a.example/rain/", "/rain/2/", 2, Some("https://a.example/rain/2/")),
            ("https://a.example/rain/2/", "/rain/3/", 3, Some("https://a.example/rain/3/")),
            ("https://a.example/rain.html", "/rain-2.html", 2, Some("https://a.example/rain-2.html")),
            (
                "https://a.example/rain.html?utm_source=x",
                "rain.html/page/2#top",
                2,
                Some("https://a.example/rain.html/page/2"),
            ),
            ("https://a.example/rain", "/rain/seite-2", 2, Some("https://a.example/rain/seite-2")),
            ("https://a.example/rain?page=2", "/rain?page=1", 1, None),
            ("https://a.example/rain", "/rain?page=3", 3, None),
            ("https://a.example/rain", "/rain?page=3", 2, None),
            ("https://a.example/rain", "/snow/2", 2, None),
            ("https://a.example/rain", "https://b.example/rain/2", 2, None),
            ("https://a.example/rain-2024", "/rain-2025", 2, None),
            ("https://a.example/2025/11", "/2025/12", 2, None),
            ("https://a.example/", "/?page=2", 2, None),
        ] {
            assert_eq!(
                found(here, &format!("<p>It rained.</p><a href='{link}'>{label}</a>")).as_deref(),
                expected,
                "{here} {link}"
            );
        }
    }

    #[test]
    fn the_number_on_the_link_outranks_the_one_in_its_url() {
        let pager = "<ul class=pager><li><a href='/rain'>1</a><li><a href='/rain?page=1'>2</a><li><a href='/rain?page=2'>3</a>\
                     <li><a href='/rain?page=3'>4</a><li><a href='/rain?page=3'>last »</a></ul>";
        let mut at = "https://a.example/rain".to_owned();
        let mut read = Vec::new();
        while let Some(next) = found(&at, pager) {
            read.push(next.clone());
            at = next;
        }
        assert_eq!(
            read,
            ["https://a.example/rain?page=1", "https://a.example/rain?page=2", "https://a.example/rain?page=3"]
        );
        let words = "<a href='/rain?page=1'>Siguiente ›</a>";
        assert_eq!(found("https://a.example/rain", words).as_deref(), Some("https://a.example/rain?page=1"));
        let from_one = "<a href='/rain?page=1'>1</a> <a href='/rain?page=2'>2</a> <a href='/rain?page=1'>First</a>";
        assert_eq!(found("https://a.example/rain", from_one).as_deref(), Some("https://a.example/rain?page=2"));
    }

    #[test]
    fn offsets_are_followed_like_pages() {
        let pager =
            "<p class=pager><a href='/rain'>1</a> <a href='/rain?start=20'>2</a> <a href='/rain?start=40'>3</a></p>";
        let (second, third) = ("https://a.example/rain?start=20", "https://a.example/rain?start=40");
        for (here, html, wanted) in [
            ("https://a.example/rain", pager, Some(second)),
            (second, pager, Some(third)),
            (third, pager, None),
            ("https://a.example/rain", "<a href='?start=20'>Next</a>", Some(second)),
            (second, "<a href='?start=40'>Next page</a> <a href='?start=0'>Back</a>", Some(third)),
            ("https://a.example/rain", "<a href='?start=20'>What came before</a>", None),
            ("https://a.example/rain", "<a href='?start=1'>2</a>", None),
        ] {
            assert_eq!(found(here, html).as_deref(), wanted, "{here} {html}");
        }
    }

    #[test]
    fn numbers_glued_to_a_name_count_in_a_pager() {
        for (here, html, expected) in [
            (
                "https://a.example/hill.html",
                "Page 1 <a href=hill2.html>2</a> <a href=hill3.html>3</a>",
                Some("hill2.html"),
            ),
            ("https://a.example/hill2.htm", "<a href=hill1.htm>1</a> <a href=hill3.htm>3</a>", Some("hill3.htm")),
            ("https://a.example/page.html", "<p class=pages><a href=page2.html>Weiter</a></p>", Some("page2.html")),
            ("https://a.example/c_881.html", "<a href=c_881_2.html>下一页</a>", Some("c_881_2.html")),
            (
                "https://a.example/c_881_2.html",
                "<a href=c_881.html>上一页</a> <a href=c_881_3.html>下一页</a>",
                Some("c_881_3.html"),
            ),
            ("https://a.example/c_881.html", "<a href=c_881_1.html>次のページ</a>", Some("c_881_1.html")),
            ("https://a.example/team.html", "<a href=team2.html>2</a>", None),
            ("https://a.example/day1.html", "<a href=day2.html>Next</a>", None),
            ("https://a.example/rain", "<a href=/rain-2>Next</a>", None),
        ] {
            let expected = expected.map(|file| format!("https://a.example/{file}"));
            assert_eq!(found(here, html), expected, "{here} {html}");
        }
    }

    #[test]
    fn links_to_next_article_or_comments_are_ignored() {
        let here = "https://a.example/rain";
        for html in [
            "<a rel=next href=/snow>Next post: Snow</a>",
            "<link rel=next href=/rain-2>",
            "<a rel=next href=/rain-2>Next post: Rain, the second part of the story</a>",
            "<a href=/rain-2>Rain returns to the valley</a>",
            "<div id=comments><a href='/rain?page=2'>Older</a></div>",
            "<a href='#page-2'>2</a>",
            "<div class='js-view-dom-id-7'><h2>Other articles</h2><ul class=pager><li><a href='?page=1' rel=next>›</a></ul></div>",
        ] {
            assert_eq!(found(here, html), None, "{html}");
        }
        for html in
            ["<link rel=next href='?page=2'>", "<a rel=next href=/rain/2>Next</a>", "<a href='?page=2'>Weiter</a>"]
        {
            assert!(found(here, html).is_some(), "{html}");
        }
    }
}
