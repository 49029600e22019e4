//! What an answer to the request of a feed is.

use feeds::identity::{Identity, Rules, hash_bytes};
use feeds::schedule::{Answer, KnownFeed, is_same_feed};
use feeds::{Document, NotAFeed};
use tokio::task::spawn_blocking;

use crate::ingest::feeds::{link_key, sentences};
use crate::ingest::fetch::{Error, FeedResponse};
use crate::library::feeds::items::KnownItem;
use crate::library::feeds::{Feed, LookError};

/// An answer that was read.
pub(super) enum Reading {
    /// The feed.
    Feed {
        parsed: Box<feeds::Feed>,
        response: Box<FeedResponse>,
        body_hash: i64,
        /// Its document is the same as the last one.
        is_same_body: bool,
    },
    /// Nothing is new.
    Unchanged,
    /// No feed, or another one.
    Nothing { answer: Answer, error: LookError },
}

impl Reading {
    pub(super) const fn answer(&self) -> Answer {
        match self {
            Self::Feed { .. } => Answer::Feed,
            Self::Unchanged => Answer::NotModified,
            Self::Nothing { answer, .. } => *answer,
        }
    }
}

/// Reads an answer.
///
/// # Errors
/// Reading panics.
pub(super) async fn read(
    feed: &Feed,
    known: &[KnownItem],
    answer: &Result<FeedResponse, Error>,
) -> anyhow::Result<Reading> {
    let response = match answer {
        Ok(response) => response,
        Err(error) => return Ok(nothing(answer_of_error(error), error.code(), sentences::of_error(error))),
    };
    match Answer::of_status(response.status) {
        Some(Answer::NotModified) => return Ok(Reading::Unchanged),
        None if response.status == 200 => {}
        answer => {
            let error = Error::Status(response.status);
            return Ok(nothing(
                answer.unwrap_or(Answer::NotThisFeed),
                error.code(),
                sentences::of_status(response.status),
            ));
        }
    }
    let body_hash = hash_bytes(&response.bytes);
    // A large document takes a tenth of a second, in which requests would wait.
    let owned = response.clone();
    let parsed = spawn_blocking(move || {
        feeds::parse(&Document {
            bytes: &owned.bytes,
            url: Some(&owned.url),
            content_type: owned.headers.content_type.as_deref(),
        })
    });
    match parsed.await? {
        Err(reason) => Ok(nothing(Answer::NotThisFeed, code_of(&reason), sentences::of_other_document(&reason))),
        Ok(parsed) if is_another_feed(feed, known, &parsed, response) => {
            Ok(nothing(Answer::NotThisFeed, "another-feed", sentences::of_another_feed(&response.url)))
        }
        Ok(parsed) => Ok(Reading::Feed {
            parsed: Box::new(parsed),
            response: Box::new(FeedResponse { bytes: Vec::new(), ..response.clone() }),
            body_hash,
            is_same_body: feed.body_hash == Some(body_hash),
        }),
    }
}

fn nothing(answer: Answer, code: &str, message: String) -> Reading {
    Reading::Nothing { answer, error: LookError { code: code.into(), message } }
}

fn answer_of_error(error: &Error) -> Answer {
    match error {
        Error::BlockedUrl(_) => Answer::Refused,
        Error::TooLarge(_) => Answer::NotThisFeed,
        _ => Answer::Unavailable,
    }
}

const fn code_of(reason: &NotAFeed) -> &'static str {
    match reason {
        NotAFeed::BrowserCheck => "bot-check",
        NotAFeed::Empty => "empty",
        _ => "not-a-feed",
    }
}

/// Returns whether a redirect led to another feed: a domain that has expired, or a hotspot.
fn is_another_feed(feed: &Feed, known: &[KnownItem], parsed: &feeds::Feed, response: &FeedResponse) -> bool {
    if known.is_empty() || response.url == feed.url {
        return false;
    }
    let items: Vec<Identity> = known.iter().map(|item| item.identity.clone()).collect();
    let known =
        KnownFeed { url: &feed.url, id: feed.guid.as_deref(), self_link: feed.self_url.as_ref(), items: &items };
    !is_same_feed(parsed, &known, &Rules { link_key: &link_key, site_link: parsed.site_link.as_ref() })
}
