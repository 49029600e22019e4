//! The list that an article was opened from. It travels in the links as one parameter, `list`, whose value is the list's own
//! query, so that every tab has its own and nothing is remembered on the server.

use serde::Deserialize;
use url::form_urlencoded;

use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::list_url::ListUrl;

/// Characters of the parameter. Each list of ours is shorter.
const MAX_CHARS: usize = 2000;

/// The list that an article was opened from. As a form or a query, it is the parameter alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "ListParameter")]
pub(crate) struct Origin {
    /// `None` if it was opened from elsewhere: the front page, or a bookmark.
    pub list: Option<ListUrl>,
}

#[derive(Deserialize)]
struct ListParameter {
    list: Option<String>,
}

impl From<ListParameter> for Origin {
    fn from(parameter: ListParameter) -> Self {
        Self::parse(parameter.list.as_deref())
    }
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

    /// Returns the URL of an article's page that shows this notice.
    pub fn notice_url(&self, article: i64, result: ActionResult) -> String {
        add_parameters(&self.page_url(article, ""), &[("done", result.code())])
    }

    /// Returns the URL of an article's page after a rule was saved there.
    pub fn rule_saved_url(&self, article: i64, rule: i64) -> String {
        add_parameters(&self.notice_url(article, ActionResult::RuleSaved), &[("rule", &rule.to_string())])
    }

    /// Returns the URL of another page about an article, such as `blocks`; of its own, if that is empty.
    pub fn page_url(&self, article: i64, page: &str) -> String {
        self.add_to(&format!("/article/{article}{}{page}", if page.is_empty() { "" } else { "/" }))
    }

    /// Returns the URL of any page, which then knows the list too.
    pub fn add_to(&self, url: &str) -> String {
        self.value().map_or_else(|| url.to_owned(), |list| add_parameters(url, &[("list", &list)]))
    }

    /// Returns the value of the parameter, for forms.
    pub fn value(&self) -> Option<String> {
        self.list.as_ref().map(ListUrl::to_query)
    }

    /// Returns the list, at the row of an article.
    pub fn list_url(&self, article: i64) -> String {
        self.list.as_ref().map_or_else(|| "/".to_owned(), |list| format!("{list}#article-{article}"))
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
    fn a_notice_keeps_the_list() {
        let from = |list| Origin::parse(list);
        let url = |list| from(list).notice_url(7, ActionResult::ReExtracted);
        assert_eq!(url(None), "/article/7?done=re-extracted");
        assert_eq!(url(Some("starred=1")), "/article/7?list=starred%3D1&done=re-extracted");
        assert_eq!(from(Some("")).rule_saved_url(7, 3), "/article/7?list=&done=rule-saved&rule=3");
        assert_eq!(from(None).page_url(7, "blocks"), "/article/7/blocks");
        assert_eq!(from(Some("starred=1")).page_url(7, ""), "/article/7?list=starred%3D1");
        assert_eq!(
            from(Some("q=a&sort=oldest")).add_to("/import?article=7#text"),
            "/import?article=7&list=q%3Da%26sort%3Doldest#text"
        );
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
