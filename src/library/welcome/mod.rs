//! The welcome article of a new library: what Broadsheet does and how to begin.

mod store;

use classify::TopicChoice;
use extract::{CleanHtml, Direction};
use jiff::Timestamp;
use url::Url;

use crate::library::Library;
use crate::library::articles::{self, Added, Channel, Content, NewArticle};
use crate::library::sources::NewSource;
use crate::urls::UrlKey;

const TITLE: &str = "Welcome to Broadsheet";

/// A made-up URL, so that the article is never added twice.
const URL: &str = "broadsheet:welcome";

/// The HTML of the article.
const PAGE_HTML: &str = include_str!("page.html");

/// Adds the welcome article, if the library has never had an article or an import: it does not return after it was
/// deleted. Returns `None` if the library is not new.
///
/// # Errors
/// The database fails.
pub async fn add_to_new_library(library: &Library, now: Timestamp) -> sqlx::Result<Option<i64>> {
    if !store::is_new(library).await? {
        return Ok(None);
    }
    match articles::add(library, &welcome_article(now)).await? {
        Added::New(id) => Ok(Some(id)),
        Added::Existing(_) | Added::Restored(_) => Ok(None),
    }
}

fn welcome_article(now: Timestamp) -> NewArticle {
    let text = visible_text(PAGE_HTML);
    NewArticle {
        content: Content {
            title: TITLE.to_owned(),
            byline: None,
            excerpt: text.lines().next().unwrap_or_default().to_owned(),
            language: Some("en".to_owned()),
            direction: Direction::Ltr,
            published_at: None,
            word_count: text.split_whitespace().count(),
            lead_image: None,
            // Written by us, so it needs no sanitising, and its links stay relative.
            html: CleanHtml::from_trusted(PAGE_HTML.to_owned()),
            text,
            removed_blocks: Vec::new(),
            images: Vec::new(),
            ..Content::default()
        },
        url: None,
        url_keys: vec![UrlKey::from_url(&Url::parse(URL).expect("the URL is valid"))],
        canonical_url_key: None,
        claimed_url: None,
        source: NewSource { domain: "broadsheet".to_owned(), name: "Broadsheet".to_owned() },
        topic_choice: TopicChoice::default(),
        section: None,
        keywords: Vec::new(),
        tags: Vec::new(),
        channel: Channel::Saved,
        snapshot_id: None,
        received_at: now,
        sorted_at: None,
        is_read: false,
    }
}

/// Returns the text between the tags. Works for this page, which has no comments, entities or `>` in attributes.
fn visible_text(page: &str) -> String {
    let pieces = page.split('<').filter_map(|piece| piece.split_once('>'));
    let text: String =
        pieces.map(|(tag, text)| if tag == "td" { format!(" {text}") } else { text.to_owned() }).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::intake;
    use crate::library::articles::ArticleAction;
    use crate::library::imports;
    use crate::library::test_library;
    use jiff::SignedDuration;

    fn noon() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[tokio::test]
    async fn a_new_library_gets_it_once() {
        let (library, _folder) = test_library().await;
        let id = add_to_new_library(&library, noon()).await.unwrap().unwrap();
        let article = articles::find(&library, id).await.unwrap().unwrap();
        assert_eq!((article.title.as_str(), article.source_name.as_str()), (TITLE, "Broadsheet"));
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
        articles::apply_action(&library, id, ArticleAction::Delete, noon()).await.unwrap();
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
        while articles::purge_trash(&library, noon() + SignedDuration::from_hours(1)).await.unwrap() > 0 {}
        assert!(articles::find(&library, id).await.unwrap().is_none());
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None, "even after the trash was emptied");
    }

    #[tokio::test]
    async fn a_used_library_does_not_get_it() {
        let (library, _folder) = test_library().await;
        intake::enqueue(&library, &[intake::read_url("example.org/a").unwrap()], noon()).await.unwrap();
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
        let import = imports::claim_next(&library, &[], noon()).await.unwrap().unwrap();
        let failure = imports::Failure { code: "timeout".into(), message: "Too slow.".into() };
        imports::fail(&library, import.id, &failure, noon()).await.unwrap();
        imports::delete(&library, import.id).await.unwrap();
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
    }

    #[test]
    fn sanitizing_the_page_changes_nothing() {
        let base = Url::parse("http://127.0.0.1/").unwrap();
        let cleaned = extract::sanitize_html(PAGE_HTML, Some(&base));
        assert_eq!(
            visible_text(cleaned.as_str()).split_whitespace().collect::<Vec<_>>(),
            visible_text(PAGE_HTML).split_whitespace().collect::<Vec<_>>()
        );
        for tag in ["<h2>", "<p>", "<li>", "<kbd>", "<td>", "<pre>", "<a "] {
            assert_eq!(cleaned.as_str().matches(tag).count(), PAGE_HTML.matches(tag).count(), "{tag}");
        }
        assert!(!PAGE_HTML.contains('&') && !PAGE_HTML.contains("<!--"));
        assert!(
            visible_text(PAGE_HTML).contains("\nFind your way\n")
                && visible_text(PAGE_HTML).contains(" s star or unstar\n")
        );
    }
}
