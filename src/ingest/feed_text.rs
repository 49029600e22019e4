//! The text that stands in the feed, where the page of an item cannot be had. An item of a feed is never lost: one without a
//! text is an article with its title.

use extract::{Article, Verdict};
use jiff::Timestamp;

use crate::ingest::extraction::{ArticlePages, SnapshotPage};
use crate::ingest::extractor::Extractor;
use crate::ingest::fetch::Document;
use crate::ingest::filing::build_filed_article;
use crate::ingest::page_reader::PageReader;
use crate::ingest::{Outcome, extract_with, rules_for_page};
use crate::library::Library;
use crate::library::articles::{self, Channel, NextPage};
use crate::library::clock;
use crate::library::imports::{Failure, Import};

/// Returns why the page of a feed's item is not read: it is a wall.
pub(super) fn find_wall(import: &Import, shown: &Article) -> Option<Failure> {
    let is_wall = import.feed_url.is_some() && shown.verdict == Verdict::Interstitial;
    is_wall.then(|| Failure {
        code: "wall".into(),
        message: "The site shows a login, a cookie notice or a check for robots instead of the article.".into(),
    })
}

/// Returns what says that the feed has more of an article than its page.
pub(super) fn find_notice(import: &Import) -> Option<NextPage> {
    import.feed_url.as_ref()?;
    notice(import, "The site shows only the start of the article.")
}

fn notice(import: &Import, reason: &str) -> Option<NextPage> {
    let error_message = format!("{reason} This is the text from its feed.").trim_start().to_owned();
    import.url.clone().map(|url| NextPage { url, error_message: Some(error_message) })
}

/// Makes an article of the text in the feed, whatever that is.
pub(super) async fn ingest(
    library: &Library,
    extractor: &Extractor,
    (import, page): (&Import, SnapshotPage),
    reason: &str,
    now: Timestamp,
) -> anyhow::Result<Outcome> {
    let (rules, clock) = (rules_for_page(library, &page).await?, clock::read(library, now).await?);
    let reader = PageReader { library, extractor, import };
    let head = title_alone(&page);
    let pages = ArticlePages::single(page);
    let (page, extracted) = match reader.read(pages, None, extract_with(&rules, clock)).await {
        Ok(Ok(read)) => read,
        // It takes too long, or cannot be read at all.
        Ok(Err(_)) | Err(_) => {
            let latest_date = clock.latest_date();
            let extracted = head.extract(&[], latest_date);
            (head, extracted)
        }
    };
    let mut new = build_filed_article(library, (page, extracted), (None, Channel::Feed), clock).await?;
    new.content.next_page = notice(import, reason);
    Ok(articles::add_imported(library, &new, import.id).await?.map_or(Outcome::Unwanted, Outcome::Article))
}

/// Returns a page with the title of this one and no text.
fn title_alone(page: &SnapshotPage) -> SnapshotPage {
    let head = match &page.document {
        Document::Html(html) => html.split("<body").next().unwrap_or_default().to_owned(),
        Document::Text(_) | Document::Markup(..) => String::new(),
    };
    SnapshotPage { document: Document::Html(head), ..page.clone() }
}
