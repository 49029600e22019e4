//! What stands above the articles of a feed: how it is doing, and what can be done with it.

use jiff::{SignedDuration, Timestamp};

use crate::ingest;
use crate::library::feeds::health::{self, Pulse, Trouble};
use crate::library::feeds::limits::Limits;
use crate::library::feeds::{self, Feed, folders};
use crate::library::{Library, imports};
use crate::urls::display_host;
use crate::web::browse::feed_words;
use crate::web::browse::limit_words;
use crate::web::browse::list_words::ListKind;
use crate::web::shell::action_notice::{Notice, UndoForm};
use crate::web::shell::dates::{LocalClock, format_number};

/// For this long, a feed that is followed says so with a way back.
const JUST_FOLLOWED: SignedDuration = SignedDuration::from_mins(10);

/// What stands above the articles of a feed.
pub(crate) struct FeedHead {
    pub id: i64,
    pub is_followed: bool,
    /// Its address, and what it is to be followed again.
    pub url: String,
    /// The page it belongs to: label and link.
    pub site: Option<(String, String)>,
    pub articles: String,
    pub unread: String,
    pub facts: Vec<String>,
    pub trouble: Option<String>,
    pub is_fault: bool,
    /// The address has become a web page, which may have a feed.
    pub may_have_feed: bool,
    /// The page has lost the list of links that is followed.
    pub has_lost_list: bool,
    /// The page has a feed now.
    pub suggestion: Option<String>,
    /// The list of links that is followed, if it is a page.
    pub links: String,
    /// What is odd about its document.
    pub problems: Vec<String>,
    /// What is being done.
    pub progress: Option<String>,
}

impl FeedHead {
    /// Finds what stands above a list, if it is that of a feed. Says what was just done, as the query says.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find(
        library: &Library,
        kind: ListKind<'_>,
        query: &str,
        clock: &LocalClock,
    ) -> sqlx::Result<Option<(Self, Option<Notice>)>> {
        let ListKind::Feed(id) = kind else { return Ok(None) };
        let Some(feed) = feeds::find(library, id).await? else { return Ok(None) };
        let pulse = health::find_pulse(library, id, clock.now()).await?;
        let unfinished = imports::count_unfinished_of_feed(library, id).await?;
        let notice = find_notice(&feed, query, clock.now());
        let mut head = Self::new(&feed, &pulse, unfinished, clock);
        if head.is_followed {
            let limits = Limits::of(std::slice::from_ref(&feed), &folders::list(library).await?);
            head.facts.extend(limits.of_feed(id).map(limit_words::describe));
        }
        Ok(Some((head, notice)))
    }

    fn new(feed: &Feed, pulse: &Pulse, unfinished: i64, clock: &LocalClock) -> Self {
        let is_followed = feed.unfollowed_at.is_none();
        let facts = if is_followed { feed_words::facts(feed, pulse, clock) } else { Vec::new() };
        let trouble = if is_followed { feed_words::describe_trouble(feed, pulse, clock) } else { None };
        let has_error = |code: &str| feed.error.as_ref().is_some_and(|error| error.code == code);
        Self {
            id: feed.id,
            is_followed,
            url: feed.url.to_string(),
            site: feed.site_url.as_ref().map(|site| (display_host(site), site.to_string())),
            articles: match feed.articles {
                1 => "1 article".to_owned(),
                articles => format!("{} articles", format_number(articles)),
            },
            unread: if feed.unread == 0 { "none".to_owned() } else { format_number(feed.unread) },
            facts,
            trouble,
            is_fault: Trouble::of(feed, pulse, clock.now()).is_fault(),
            may_have_feed: is_followed && (has_error("not-a-feed") || feed.new_declared_feed().is_some()),
            has_lost_list: is_followed && has_error("no-list"),
            suggestion: ingest::feeds::of_declared_feed(feed).filter(|_| is_followed),
            links: feed.settings.links.as_ref().map(extract::Selector::to_string).unwrap_or_default(),
            problems: feed.problems.clone(),
            progress: find_progress(feed, unfinished, clock).filter(|_| is_followed),
        }
    }
}

/// Says what is being done: the feed is looked at, or pages of its articles are fetched.
fn find_progress(feed: &Feed, unfinished: i64, clock: &LocalClock) -> Option<String> {
    let is_due = feed.next_look_at.is_some_and(|next| next <= clock.now()) && !feed.is_paused(clock.now());
    match unfinished {
        _ if is_due => Some(format!("Looking at the {}.", feed_words::what(feed))),
        0 => None,
        1 => Some("Fetching the page of 1 article.".to_owned()),
        unfinished => Some(format!("Fetching the pages of {} articles.", format_number(unfinished))),
    }
}

/// Says what was just done. Anyone can write the query; it is shown only if it is true.
fn find_notice(feed: &Feed, query: &str, now: Timestamp) -> Option<Notice> {
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    let (name, value) = parameters.find(|(name, _)| matches!(&**name, "followed" | "saved" | "refreshed"))?;
    if feed.unfollowed_at.is_some() {
        return None;
    }
    let name_of = feed.display_name();
    let is_new = now.duration_since(feed.followed_at) < JUST_FOLLOWED;
    let undo = || UndoForm {
        url: format!("/feed/{}/unfollow", feed.id),
        field: ("confirmed", "yes".to_owned()),
        label: "Undo",
        list: None,
    };
    let (text, undo) = match (&*name, &*value) {
        ("followed", "new") if !is_new => return None,
        ("followed", "new") => {
            (format!("Following “{name_of}”. The newest 10 articles are unread, older ones read."), Some(undo()))
        }
        ("followed", "again") => {
            (format!("Following “{name_of}” again. What is still here is as you left it."), is_new.then(undo))
        }
        ("followed", _) => (format!("You follow “{name_of}” already."), None),
        ("saved", "links") => {
            ("The list is chosen. Its newest 10 articles are unread, older ones read.".to_owned(), None)
        }
        ("saved", _) => ("Settings saved.".to_owned(), None),
        _ if feed.is_paused(now) => ("The feed is paused. It is looked at when you resume it.".to_owned(), None),
        _ if feed.error.is_none() => ("Refreshing. New articles appear below.".to_owned(), None),
        _ => return None,
    };
    Some(Notice { text, undo, link: None })
}
