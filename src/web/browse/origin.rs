//! The list that an article was opened from. It travels in the links as one parameter, `list`, whose value is the list's own
//! query, so that every tab has its own and nothing is remembered on the server.

use std::time::Duration;

use url::form_urlencoded;

use crate::library::Library;
use crate::library::articles::lists;
use crate::web::browse::filters;
use crate::web::browse::list_url::ListUrl;
use crate::web::shell::dates::LocalClock;

/// Characters of the parameter. Each list of ours is shorter.
const MAX_CHARS: usize = 2000;

/// The list that an article was opened from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// `None` if it was opened from elsewhere: the front page, or a bookmark.
    pub list: Option<ListUrl>,
}

/// Which article follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follower {
    /// The next one of the list.
    Next,
    /// The next unread one of the list, from its beginning after its end.
    NextUnread,
}

impl Origin {
    /// Parses the parameter. What is no filter of a list is ignored.
    pub fn parse(list: Option<&str>) -> Self {
        Self { list: list.filter(|list| list.len() <= MAX_CHARS).map(ListUrl::parse) }
    }

    /// Returns the URL of an article that was opened from a list.
    pub fn article_url(article: i64, list: Option<&ListUrl>) -> String {
        match list {
            Some(list) => {
                let list: String = form_urlencoded::byte_serialize(list.to_query().as_bytes()).collect();
                format!("/article/{article}?list={list}")
            }
            None => format!("/article/{article}"),
        }
    }

    /// Returns the value of the parameter, for forms.
    pub fn value(&self) -> Option<String> {
        self.list.as_ref().map(ListUrl::to_query)
    }

    /// Returns the list, at the row of an article.
    pub fn list_url(&self, article: i64) -> String {
        self.list.as_ref().map_or_else(|| "/".to_owned(), |list| format!("{list}#article-{article}"))
    }

    /// Finds the article that follows one in its list. Without a list, it is the next unread one of all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find_follower(
        &self,
        library: &Library,
        article: i64,
        follower: Follower,
        (clock, search_time): (&LocalClock, Duration),
    ) -> sqlx::Result<Option<i64>> {
        let list = self.list.clone().unwrap_or_else(|| ListUrl { unread: true, ..ListUrl::default() });
        let active = filters::resolve(library, list, clock, search_time).await?;
        if follower == Follower::Next {
            return lists::find_next(library, &active.filter, active.sort, article).await;
        }
        let unread = lists::Filter { unread: true, ..active.filter };
        let next = lists::find_next(library, &unread, active.sort, article).await?;
        if next.is_some() {
            return Ok(next);
        }
        let first = lists::list_sorted(library, &unread, active.sort, active.sort.start(), 2).await?;
        Ok(first.cards.iter().map(|card| card.id).find(|id| *id != article))
    }
}

/// Adds parameters to a URL that may have some, and a fragment.
pub(crate) fn add_parameters(url: &str, parameters: &[(&str, &str)]) -> String {
    let (url, fragment) = url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)));
    let added = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let sign = if url.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{url}{sign}{added}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_travels_in_the_link() {
        let list = ListUrl::parse("topic=sport&unread=1&q=a%26b&after=7-3");
        let url = Origin::article_url(7, Some(&list));
        assert_eq!(url, "/article/7?list=topic%3Dsport%26unread%3D1%26q%3Da%2526b%26after%3D7-3");
        let query = url::Url::parse(&format!("http://ours.invalid{url}")).unwrap();
        let (_, value) = query.query_pairs().next().unwrap();
        let origin = Origin::parse(Some(&value));
        assert_eq!(origin.list, Some(list));
        assert_eq!(origin.list_url(7), "/articles?topic=sport&unread=1&q=a%26b&after=7-3#article-7");
        assert_eq!(Origin::article_url(7, None), "/article/7");
    }

    #[test]
    fn the_parameter_leads_nowhere_but_to_lists() {
        for evil in ["//evil.example", "https://evil.example/?x", "/settings", "x=1&y=2", ""] {
            assert_eq!(Origin::parse(Some(evil)).list_url(7), "/articles#article-7", "{evil}");
        }
        assert_eq!(Origin::parse(Some(&format!("q={}", "x".repeat(2000)))), Origin::default());
        assert_eq!(Origin::parse(None).list_url(7), "/");
    }

    #[test]
    fn parameters_are_added_before_the_fragment() {
        assert_eq!(add_parameters("/articles#article-7", &[("done", "archived")]), "/articles?done=archived#article-7");
        assert_eq!(add_parameters("/articles?q=x", &[("of", "7")]), "/articles?q=x&of=7");
    }
}
