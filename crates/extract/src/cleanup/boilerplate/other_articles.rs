//! Other articles whose whole text is on the page: posts below this one, and texts behind the cards that link to them.

use dom_query::{NodeId, NodeRef};
use foldhash::HashSet;
use url::Url;

use crate::dom::tree::{self, Walk, attribute};
use crate::dom::{urls, words};

/// Classes that hide an element.
const HIDING_CLASSES: &[&str] =
    &["hide", "hidden", "is-hidden", "u-hidden", "d-none", "display-none", "uk-hidden", "ng-hide", "invisible"];
/// Least words that a post has of its own, so that the page is no list of posts.
const MIN_OWN_WORDS: usize = 30;
/// A post with fewer words introduces other articles that are this many times longer.
const MIN_LONG_WORDS: usize = 100;
const MAX_TIMES_LONGER: usize = 4;
/// Least words of a text behind a card, and least number of such cards.
const MIN_HIDDEN_WORDS: usize = 30;
const MIN_CARDS: usize = 2;
/// Most nodes before the heading of a post.
const MAX_NODES_BEFORE_HEADING: usize = 60;

/// The elements that may hold other articles, in document order.
#[derive(Default)]
pub(super) struct OtherArticles<'a> {
    articles: Vec<NodeRef<'a>>,
    hidden: Vec<NodeRef<'a>>,
    /// The first main heading, and how many articles begin before it.
    headline: Option<(NodeRef<'a>, usize)>,
}

impl<'a> OtherArticles<'a> {
    /// Adds an element that the walk over the page enters.
    pub(super) fn add(&mut self, node: &NodeRef<'a>, name: &str) {
        match name {
            "article" => self.articles.push(*node),
            "h1" if self.headline.is_none() => self.headline = Some((*node, self.articles.len())),
            "div" | "section" if tree::has_any_class(node, HIDING_CLASSES) => self.hidden.push(*node),
            _ => {}
        }
    }

    /// Returns the elements that hold other articles.
    pub(super) fn find(&self, page: Option<&Url>) -> Vec<NodeRef<'a>> {
        let mut found = self.find_posts_below(page);
        let cards: Vec<NodeRef<'a>> =
            self.hidden.iter().copied().filter(|node| self.is_behind_a_card(node, page)).collect();
        if cards.len() >= MIN_CARDS {
            found.extend(cards);
        }
        found
    }

    /// Returns the articles below the one with the main heading whose own heading leads to another page.
    fn find_posts_below(&self, page: Option<&Url>) -> Vec<NodeRef<'a>> {
        let Some((headline, before)) = self.headline else { return Vec::new() };
        let is_article = |node: &NodeRef<'_>| tree::has_name(node, &["article"]);
        let Some(own) = headline.ancestors_it(None).find(is_article) else { return Vec::new() };
        if link_of_heading(&headline).is_some_and(|link| leads_elsewhere(&link, page)) {
            return Vec::new();
        }
        let own_look = look_of(&own);
        let is_inside = |article: &NodeRef<'_>| article.ancestors_it(None).any(|above| above.id == own.id);
        let is_other = |article: &NodeRef<'_>| {
            // An article may have parts that are articles; other posts look like it.
            (!is_inside(article) || look_of(article) == own_look) && has_linked_heading(article, page)
        };
        let others: Vec<NodeRef<'a>> = self.articles[before..].iter().copied().filter(is_other).collect();
        let ids: HashSet<NodeId> = others.iter().map(|other| other.id).collect();
        let own_words = count_words_outside(&own, &ids);
        // A few words above many articles in the same container introduce them.
        let words_inside = || others.iter().filter(|other| is_inside(other)).map(count_words).sum::<usize>();
        let is_introduction = own_words < MIN_LONG_WORDS && words_inside() > own_words * MAX_TIMES_LONGER;
        if own_words >= MIN_OWN_WORDS && !is_introduction { others } else { Vec::new() }
    }

    /// Returns whether an element that a class hides stands behind a link to another page, and holds a text.
    fn is_behind_a_card(&self, node: &NodeRef<'_>, page: Option<&Url>) -> bool {
        let Some(before) = node.prev_element_sibling() else { return false };
        let link = std::iter::once(before)
            .chain(before.descendants_it().take(MAX_NODES_BEFORE_HEADING))
            .find(|inside| tree::has_name(inside, &["a"]));
        let holds_headline =
            || self.headline.is_some_and(|(headline, _)| headline.ancestors_it(None).any(|above| above.id == node.id));
        link.is_some_and(|link| leads_elsewhere(&link, page))
            && tree::has_more_words_than(node, MIN_HIDDEN_WORDS - 1)
            && !holds_headline()
    }
}

/// Counts the words of an element outside of others in it.
fn count_words_outside(own: &NodeRef<'_>, others: &HashSet<NodeId>) -> usize {
    let mut words = 0;
    tree::walk(
        own,
        |node| {
            words += tree::read_text(node, words::count).unwrap_or(0);
            if others.contains(&node.id) { Walk::Skip } else { Walk::Enter }
        },
        |_| {},
    );
    words
}

fn count_words(article: &NodeRef<'_>) -> usize {
    count_words_outside(article, &HashSet::default())
}

/// Returns whether the first heading of an article is a link to another page.
fn has_linked_heading(article: &NodeRef<'_>, page: Option<&Url>) -> bool {
    let is_heading = |node: &NodeRef<'_>| tree::has_name(node, &["h1", "h2", "h3", "h4"]);
    let heading = article.descendants_it().take(MAX_NODES_BEFORE_HEADING).find(is_heading);
    heading.and_then(|heading| link_of_heading(&heading)).is_some_and(|link| leads_elsewhere(&link, page))
}

fn link_of_heading<'a>(heading: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let is_link = |node: &NodeRef<'_>| tree::has_name(node, &["a"]);
    heading.descendants_it().find(is_link).or_else(|| heading.ancestors_it(Some(2)).find(is_link))
}

/// Returns whether a link leads to a page other than this one. The parts of a report that goes on have addresses below
/// its own.
fn leads_elsewhere(link: &NodeRef<'_>, page: Option<&Url>) -> bool {
    let Some(to) = attribute(link, "href") else { return false };
    let has_other_scheme = || {
        to.split_once(':').is_some_and(|(scheme, _)| {
            scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && !matches!(&*scheme.to_ascii_lowercase(), "http" | "https")
        })
    };
    if to.starts_with(['#', '?']) || has_other_scheme() {
        return false;
    }
    let is_part = |to: Url| {
        page.is_some_and(|page| {
            let below = to.path().strip_prefix(page.path().trim_end_matches('/'));
            page.path().len() > 1
                && to.host() == page.host()
                && to.query() == page.query()
                && below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        })
    };
    urls::resolve_http(&to, page).is_none_or(|to| !is_part(to))
}

/// Returns the classes of an element without the numbers in them.
fn look_of(node: &NodeRef<'_>) -> String {
    node.attr("class").unwrap_or_default().chars().filter(|letter| !letter.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::page::{Page, Source};

    const RAIN: &str = "It rained in the valley from Monday to Friday, and the river rose by the height of a man. On Saturday \
        the sun came back, and the ferry went to the northern bank again, with its deck full of wet chairs and people.";
    const SNOW: &str = "Snow fell on the northern pass in the night, and forty cars stood there until the plough came at noon. \
        Nobody was hurt, said the guard, who had carried tea and blankets from car to car since five in the morning.";

    fn read(html: &str) -> String {
        let url = Url::parse("https://a.example/rain").unwrap();
        crate::article(&Page {
            source: Source::Html(html),
            url: Some(&url),
            now: jiff::Timestamp::UNIX_EPOCH,
            rules: &[],
        })
        .text
    }

    #[test]
    fn posts_below_this_one_are_other_articles() {
        let post = |number: u8| {
            format!(
                "<article class='post post-{number}'><h2><a href=/snow-{number}>Snow on the pass</a></h2><p>{SNOW}</p></article>"
            )
        };
        let others: String = (1..4).map(post).collect();
        for html in [
            format!("<article class='post post-9'><h1>Rain</h1><p>{RAIN}</p>{others}</article>"),
            format!("<article class=single><h1>Rain</h1><p>{RAIN}</p></article><div>{others}</div>"),
        ] {
            let text = read(&html);
            assert!(text.contains("wet chairs") && !text.contains("forty cars"), "{text}");
        }
    }

    #[test]
    fn a_short_post_introduces_nothing_that_stands_outside_of_it() {
        let others: String = (1..9)
            .map(|number| {
                format!("<article class=post><h2><a href=/snow-{number}>Snow</a></h2><p>{SNOW} {SNOW}</p></article>")
            })
            .collect();
        let text = read(&format!("<article class=post><h1>Rain</h1><p>{RAIN}</p></article><div>{others}</div>"));
        assert!(text.contains("wet chairs") && !text.contains("forty cars"), "{text}");
    }

    #[test]
    fn an_introduction_keeps_what_it_introduces() {
        let read_item = |number: u8| {
            format!(
                "<article class=item><h2><a href=https://b.example/{number}>Snow</a></h2><p>{SNOW} {SNOW}</p></article>"
            )
        };
        let items: String = (1..6).map(read_item).collect();
        let text = read(&format!("<article class=item><h1>Read this week</h1><p>{RAIN}</p>{items}</article>"));
        assert!(text.contains("wet chairs") && text.contains("forty cars"), "{text}");
    }

    #[test]
    fn the_parts_of_a_report_stay() {
        let parts = format!(
            "<article class=entry><h2><a href='#snow'>Noon</a></h2><p>{SNOW}</p></article><article class=entry><h2><a href=/rain/2>Night</a></h2><p>{SNOW} So it was in the south.</p></article>"
        );
        let text = read(&format!("<article class=report><h1>Rain</h1><p>{RAIN}</p>{parts}</article>"));
        assert!(text.contains("wet chairs") && text.contains("in the south"), "{text}");
        let list = format!(
            "<article class=page><h1>Reports</h1><article class=page><h2><a href=/a>Rain</a></h2><p>{RAIN}</p></article><article class=page><h2><a href=/b>Snow</a></h2><p>{SNOW}</p></article></article>"
        );
        assert!(read(&list).contains("forty cars"));
    }

    #[test]
    fn a_text_behind_a_card_is_that_of_another_article() {
        let card = |number: u8| {
            format!(
                "<li class=card><a href=/snow-{number}><b>Snow on the pass</b></a><div class=is-hidden><h2>Snow {number}</h2><p>{SNOW} {number}.</p></div></li>"
            )
        };
        let cards: String = (1..4).map(card).collect();
        let text = read(&format!(
            "<main><h1>Rain</h1><p>{RAIN}</p><p>In the evening the band played on the quay, and nobody spoke of it any more. So it ended.</p></main><ul>{cards}</ul>"
        ));
        assert!(text.contains("So it ended") && !text.contains("forty cars"), "{text}");
        let folded = format!(
            "<main><h1>Rain</h1><p>{RAIN}</p><a href='#more'>More</a><div class=hide><p>{SNOW}</p></div></main>"
        );
        assert!(read(&folded).contains("forty cars"));
    }
}
