//! The article that is there already when a library is new: what Broadsheet does and how to begin.

mod store;

use extract::{CleanHtml, Direction};
use jiff::Timestamp;
use url::Url;

use crate::classify::TopicChoice;
use crate::library::Library;
use crate::library::articles::{self, Added, Channel, Content, NewArticle};
use crate::library::sources::NewSource;
use crate::urls::UrlKey;

const TITLE: &str = "Welcome to Broadsheet";

/// Where it would be if it were on the web, so that it is never there twice.
const ADDRESS: &str = "broadsheet:welcome";

/// The page, in our own words.
const PAGE: &str = include_str!("page.html");

/// Puts the article into a library that has never held an article nor been handed one. It does not come back after it was
/// deleted. `None`: the library is not new.
///
/// # Errors
/// The database fails.
pub async fn add_to_new_library(library: &Library, now: Timestamp) -> sqlx::Result<Option<i64>> {
    if !store::is_new(library).await? {
        return Ok(None);
    }
    match articles::add(library, &article(now), None).await? {
        Added::New(id) => Ok(Some(id)),
        Added::Existing(_) | Added::Restored(_) => Ok(None),
    }
}

fn article(now: Timestamp) -> NewArticle {
    let plain = words(PAGE);
    NewArticle {
        content: Content {
            title: TITLE.to_owned(),
            byline: None,
            excerpt: plain.lines().next().unwrap_or_default().to_owned(),
            language: Some("en".to_owned()),
            direction: Direction::Ltr,
            published_at: None,
            word_count: plain.split_whitespace().count(),
            lead_image: None,
            // Our own words, which nobody else can have touched, with links into the program itself.
            html: CleanHtml::from_trusted(PAGE.to_owned()),
            text: plain,
            removed_blocks: Vec::new(),
            images: Vec::new(),
            ..Content::default()
        },
        url: None,
        url_keys: vec![UrlKey::from_url(&Url::parse(ADDRESS).expect("a scheme and a path are an address"))],
        canonical_url_key: None,
        source: NewSource { domain: "broadsheet".to_owned(), name: "Broadsheet".to_owned() },
        topic_choice: TopicChoice::default(),
        tags: Vec::new(),
        channel: Channel::Saved,
        snapshot_id: None,
        received_at: now,
    }
}

/// The text between the tags. The page is ours: it has no comments, no entities and no `>` in its attributes.
fn words(page: &str) -> String {
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
    async fn a_new_library_has_it_once_and_it_never_comes_back() {
        let (library, _folder) = test_library().await;
        let id = add_to_new_library(&library, noon()).await.unwrap().unwrap();
        let article = articles::find(&library, id).await.unwrap().unwrap();
        assert_eq!((article.title.as_str(), article.source_name.as_str()), (TITLE, "Broadsheet"));
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
        articles::apply_action(&library, id, ArticleAction::Delete, noon()).await.unwrap();
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
        while articles::purge_trash(&library, noon() + SignedDuration::from_hours(1)).await.unwrap() > 0 {}
        assert!(articles::find(&library, id).await.unwrap().is_none());
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None, "not even after the trash was emptied");
    }

    #[tokio::test]
    async fn a_library_that_was_begun_without_it_stays_without_it() {
        let (library, _folder) = test_library().await;
        intake::enqueue(&library, &[intake::read_url("example.org/a").unwrap()], noon()).await.unwrap();
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
        let import = imports::claim_next(&library, noon()).await.unwrap().unwrap();
        let failure = imports::Failure { code: "timeout".into(), message: "Too slow.".into() };
        imports::fail(&library, import.id, &failure, noon()).await.unwrap();
        imports::delete(&library, import.id).await.unwrap();
        assert_eq!(add_to_new_library(&library, noon()).await.unwrap(), None);
    }

    #[test]
    fn the_page_has_nothing_in_it_that_is_taken_from_others_pages() {
        let base = Url::parse("http://127.0.0.1/").unwrap();
        let cleaned = extract::sanitize_html(PAGE, Some(&base));
        assert_eq!(
            words(cleaned.as_str()).split_whitespace().collect::<Vec<_>>(),
            words(PAGE).split_whitespace().collect::<Vec<_>>()
        );
        for tag in ["<h2>", "<p>", "<li>", "<kbd>", "<td>", "<pre>", "<a "] {
            assert_eq!(cleaned.as_str().matches(tag).count(), PAGE.matches(tag).count(), "{tag}");
        }
        assert!(!PAGE.contains('&') && !PAGE.contains("<!--"));
        assert!(words(PAGE).contains("\nFind your way\n") && words(PAGE).contains(" s star or unstar\n"));
    }
}
