//! Finds the new items of a document, and stores what becomes of them.

use std::collections::HashMap;

use feeds::Item;
use feeds::identity::{Identity, Match, Rules, recognize};
use jiff::{SignedDuration, Timestamp};

use crate::ingest::extractor::Extractor;
use crate::ingest::feeds::arrivals::{self, Incoming};
use crate::ingest::feeds::link_key;
use crate::ingest::feeds::{changes, completeness};
use crate::ingest::recordings;
use crate::library::Library;
use crate::library::articles::NewArticle;
use crate::library::feeds::items::{self, Arrival, KnownItem, KnownLink, NewItem};
use crate::library::feeds::recordings as feed_recordings;
use crate::library::feeds::{Feed, TextFrom};
use crate::urls::{is_front_page, same_site};

/// Items of a feed that is new to the reader which arrive unread.
const FIRST_UNREAD: usize = 10;

/// Links of a page that is new to the reader which are fetched. The others are known from then on.
const FIRST_LINKS: usize = 30;

/// Items in one transaction.
const BATCH: usize = 50;

/// Stores the new items of a document, and notes which known ones it lists. Returns how many are new.
///
/// # Errors
/// The database or the disk fails. What is stored by then is known next time.
pub(super) async fn store(
    library: &Library,
    extractor: &Extractor,
    (feed, parsed): (&Feed, &feeds::Feed),
    known: Vec<KnownItem>,
    now: Timestamp,
) -> anyhow::Result<usize> {
    let identities: Vec<Identity> = parsed.items.iter().map(Identity::from).collect();
    let matches = recognize_items(parsed, &identities, &known);
    let listed: Vec<(i64, Identity)> = matches
        .iter()
        .zip(&identities)
        .filter_map(|(found, identity)| match found {
            Match::Known(position) => Some((known[*position].id, identity.clone())),
            Match::Repeated(_) | Match::New => None,
        })
        .collect();
    let keys = find_own_links((feed, parsed), &identities, &matches);
    let usual_text = completeness::plan(feed, parsed, now).usual;
    for (position, found) in matches.iter().enumerate() {
        let Match::Known(found) = found else { continue };
        let (known, item) = (&known[*found], &parsed.items[position]);
        let is_same = known.identity.text_hash == identities[position].text_hash;
        if !is_same || known.identity.title != identities[position].title {
            let incoming = Incoming { feed, parsed, item, has_own_link: keys[position].is_some() };
            changes::take_over(library, extractor, (known, &incoming), now).await?;
        }
        if usual_text == TextFrom::Page && keys[position].is_some() {
            changes::renew_page(library, feed.id, (known, item), now).await?;
        }
    }
    items::note_listed(library, &listed, now).await?;
    note_recordings(library, (feed, parsed), &matches, &known).await?;
    let is_new = |(_, found): &(usize, &Match)| **found == Match::New;
    let new: Vec<usize> = matches.iter().enumerate().filter(is_new).map(|(position, _)| position).collect();
    if new.is_empty() {
        return Ok(0);
    }
    // Also after a first look that was interrupted.
    let is_first = feed.succeeded_at.is_none();
    let plans = plan_items((feed, parsed), &new, &keys, is_first, now);
    let elsewhere = find_elsewhere(library, &plans).await?;
    // The oldest come first, so that those of a document that is read in part are followed by the others.
    for batch in plans.rchunks(BATCH) {
        store_batch((library, extractor), (feed, parsed), (batch, &identities), &elsewhere, now).await?;
    }
    Ok(new.len())
}

/// Notes which recordings known items come with now: their addresses change, and what was known before recordings were noted has none.
async fn note_recordings(
    library: &Library,
    (feed, parsed): (&Feed, &feeds::Feed),
    matches: &[Match],
    known: &[KnownItem],
) -> sqlx::Result<()> {
    if parsed.items.iter().all(|item| item.enclosures.is_empty()) {
        return Ok(());
    }
    let mut stored = feed_recordings::list_for_feed(library, feed.id).await?;
    for (found, item) in matches.iter().zip(&parsed.items) {
        let Match::Known(position) = found else { continue };
        let (id, listed) = (known[*position].id, recordings::list(item));
        if !listed.is_empty() && stored.remove(&id).unwrap_or_default() != listed {
            feed_recordings::note(library, id, &listed).await?;
        }
    }
    Ok(())
}

fn recognize_items(parsed: &feeds::Feed, identities: &[Identity], known: &[KnownItem]) -> Vec<Match> {
    let known: Vec<Identity> = known.iter().map(|item| item.identity.clone()).collect();
    recognize(identities, &known, &Rules { link_key: &link_key, site_link: parsed.site_link.as_ref() })
}

/// Returns the normal form of each item's link, if it leads to that item alone: not to the site, and not from others, too.
fn find_own_links(
    (feed, parsed): (&Feed, &feeds::Feed),
    identities: &[Identity],
    matches: &[Match],
) -> Vec<Option<String>> {
    let site = parsed.site_link.as_ref().map(link_key);
    // Of a list of links, the front pages of other sites are what it is about, and there is no text but theirs.
    let is_listed_site = |link: &url::Url| feed.settings.links.is_some() && !same_site(link, &feed.url);
    let keys: Vec<Option<String>> = identities
        .iter()
        .map(|item| {
            item.link
                .as_ref()
                .filter(|link| !is_front_page(link) || is_listed_site(link))
                .map(link_key)
                .filter(|key| Some(key) != site.as_ref())
        })
        .collect();
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for (key, found) in keys.iter().zip(matches) {
        if let Some(key) = key.as_deref().filter(|_| !matches!(found, Match::Repeated(_))) {
            *uses.entry(key).or_default() += 1;
        }
    }
    keys.iter().map(|key| key.clone().filter(|key| uses.get(key.as_str()) == Some(&1))).collect()
}

/// What is known of a new item before anything is fetched or extracted.
struct Plan {
    position: usize,
    link_key: Option<String>,
    sorted_at: Timestamp,
    is_read: bool,
    /// `None`: it is known from now on, and never becomes an article.
    text_from: Option<TextFrom>,
}

/// Plans new items, in the order of the document.
fn plan_items(
    (feed, parsed): (&Feed, &feeds::Feed),
    new: &[usize],
    keys: &[Option<String>],
    is_first: bool,
    now: Timestamp,
) -> Vec<Plan> {
    let text = completeness::plan(feed, parsed, now);
    let sort_time = |position: usize| parsed.items[position].sort_time(now, feed.succeeded_at);
    let mut by_date: Vec<usize> = (0..parsed.items.len()).collect();
    by_date.sort_by_key(|position| std::cmp::Reverse(sort_time(*position)));
    let sorted_at = order_arrivals(&by_date, sort_time, now);
    let mut ranks = vec![0; by_date.len()];
    by_date.iter().enumerate().for_each(|(rank, position)| ranks[*position] = rank);
    let newest = feed.settings.newest.and_then(|newest| usize::try_from(newest).ok()).unwrap_or(usize::MAX);
    // Each costs its site a request.
    let newest = if is_first && feed.settings.links.is_some() { newest.min(FIRST_LINKS) } else { newest };
    let mut left_to_compare = text.compared;
    new.iter()
        .map(|&position| {
            let (link_key, item) = (keys[position].clone(), &parsed.items[position]);
            let can_fetch = link_key.is_some();
            let is_compared = can_fetch && left_to_compare > 0 && ranks[position] < newest;
            left_to_compare -= usize::from(is_compared);
            let has_text = item.body().is_some_and(|body| !body.trim().is_empty()) || !item.enclosures.is_empty();
            let from_page = can_fetch && (is_compared || text.usual == TextFrom::Page || !has_text);
            let text_from = if from_page { TextFrom::Page } else { TextFrom::Feed };
            Plan {
                position,
                link_key,
                sorted_at: sorted_at[position],
                is_read: feed.settings.never_unread || is_first && ranks[position] >= FIRST_UNREAD,
                text_from: (ranks[position] < newest).then_some(text_from),
            }
        })
        .collect()
}

/// Returns the date that lists sort each item by. Those that sort by their arrival stay in the order of the document: their pages
/// may be read in any. `by_date` has the positions of all items, the newest first.
fn order_arrivals(by_date: &[usize], sort_time: impl Fn(usize) -> Timestamp, arrived: Timestamp) -> Vec<Timestamp> {
    let mut sorted_at = vec![arrived; by_date.len()];
    let mut next = arrived;
    for &position in by_date {
        sorted_at[position] = sort_time(position);
        if sorted_at[position] == arrived {
            sorted_at[position] = next;
            next -= SignedDuration::from_secs(1);
        }
    }
    sorted_at
}

async fn find_elsewhere(library: &Library, plans: &[Plan]) -> sqlx::Result<HashMap<String, KnownLink>> {
    let keys: Vec<String> = plans.iter().filter_map(|plan| plan.link_key.clone()).collect();
    items::find_by_links(library, &keys).await
}

async fn store_batch(
    (library, extractor): (&Library, &Extractor),
    (feed, parsed): (&Feed, &feeds::Feed),
    (plans, identities): (&[Plan], &[Identity]),
    elsewhere: &HashMap<String, KnownLink>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let find_known =
        |plan: &Plan| plan.link_key.as_ref().and_then(|key| elsewhere.get(key)).filter(|known| !known.is_waiting);
    let mut wanted = Vec::new();
    for plan in plans.iter().rev().filter(|plan| find_known(plan).is_none()) {
        let item: &Item = &parsed.items[plan.position];
        let incoming = Incoming { feed, parsed, item, has_own_link: plan.link_key.is_some() };
        wanted.extend(plan.text_from.map(|text_from| (incoming, text_from)));
    }
    let mut prepared = arrivals::prepare(library, extractor, &wanted, now).await?.into_iter();
    let mut stored = Vec::with_capacity(plans.len());
    for plan in plans.iter().rev() {
        let item = &parsed.items[plan.position];
        let (arrival, word_count) = match (find_known(plan), plan.text_from) {
            (Some(known), Some(_)) => (Arrival::Known(known.article_id), 0),
            (None, Some(_)) => prepared.next().unwrap_or((Arrival::Skipped, 0)),
            (_, None) => (Arrival::Skipped, 0),
        };
        stored.push(NewItem {
            identity: identities[plan.position].clone(),
            link_key: plan.link_key.clone(),
            sorted_at: plan.sorted_at,
            is_read: plan.is_read,
            word_count,
            teaser: matches!(arrival, Arrival::Page { .. }).then(|| changes::read_teaser(item)),
            recordings: recordings::list(item),
            arrival: with_item_state(arrival, plan),
        });
    }
    items::add(library, feed.id, &stored, now).await?;
    Ok(())
}

/// Gives an article what its item says: the date that lists sort by, and whether it arrives read.
fn with_item_state(arrival: Arrival, plan: &Plan) -> Arrival {
    match arrival {
        Arrival::Article(new) => {
            Arrival::Article(Box::new(NewArticle { sorted_at: Some(plan.sorted_at), is_read: plan.is_read, ..*new }))
        }
        other => other,
    }
}
