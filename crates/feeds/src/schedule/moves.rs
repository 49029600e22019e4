//! Feeds that move for good. A domain that expires leads to somebody else's feed, and a hotspot leads everybody to its own
//! page; so a new address is taken over only after a while, and only if the same feed is there.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::History;
use crate::feed::Feed;
use crate::identity::{Identity, Match, Rules, recognize};

/// A new address that is not taken over yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The new address.
    pub target: Url,
    /// How many answers led there.
    pub answers: u32,
    /// Since when.
    pub since: Timestamp,
}

/// So many answers, over so much time, must lead to the same place.
const ANSWERS: u32 = 3;
const TIME: SignedDuration = SignedDuration::from_hours(48);

impl History {
    /// Notes that the feed was had from another address, by redirects that are all permanent (301, 308), and that it is the
    /// same feed. Returns the address once it is to be taken over.
    pub fn note_move(&mut self, target: &Url, now: Timestamp) -> Option<Url> {
        let moved = self.moved.take().filter(|moved| moved.target == *target);
        let mut moved = moved.unwrap_or_else(|| Move { target: target.clone(), answers: 0, since: now });
        moved.answers = moved.answers.saturating_add(1);
        if moved.answers >= ANSWERS && now.duration_since(moved.since) >= TIME {
            return Some(moved.target);
        }
        self.moved = Some(moved);
        None
    }

    /// Notes that the feed was had from its own address, or that something else stood at the other.
    pub fn forget_move(&mut self) {
        self.moved = None;
    }
}

/// What is known of a feed.
#[derive(Clone, Copy)]
pub struct KnownFeed<'a> {
    /// Its address.
    pub url: &'a Url,
    /// Its identifier.
    pub id: Option<&'a str>,
    /// The address it says it has.
    pub self_link: Option<&'a Url>,
    /// Its items.
    pub items: &'a [Identity],
}

/// Returns whether what stands at another address is the same feed: it has the same identifier or address of its own, or an
/// item in common.
pub fn is_same_feed(feed: &Feed, known: &KnownFeed<'_>, rules: &Rules<'_>) -> bool {
    let same_id = feed.id.is_some() && feed.id.as_deref() == known.id;
    let same_self = feed.self_link.as_ref().is_some_and(|link| link == known.url || Some(link) == known.self_link);
    let items: Vec<Identity> = feed.items.iter().map(Identity::from).collect();
    let shared = || recognize(&items, known.items, rules).iter().any(|found| matches!(found, Match::Known(_)));
    same_id || same_self || shared()
}
