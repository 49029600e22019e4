//! The front page: the last additions, kept articles if there is a stream too, a lead article, a section for each topic with
//! unread articles, then the latest articles.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;

use crate::app::App;
use crate::library::articles::front_page::{self, CandidateLimits, Candidates};
use crate::library::articles::lists::Card;
use crate::library::lanes::{self, Lane, LaneSetting, Lanes};
use crate::web::browse::article_card::ArticleCard;
use crate::web::browse::index_pages::format_nonzero;
use crate::web::browse::lane_switch::LaneSwitch;
use crate::web::browse::outage;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::{Layout, Reader, Result};

/// Newest articles, candidates for the lead and the latest.
const NEWEST_COUNT: i64 = 40;

/// Of the newest articles, how many may lead just because they have an image.
const LEAD_IMAGE_CANDIDATES: usize = 20;

/// A shorter article takes about a minute to read, too little for a lead.
const MIN_LEAD_WORDS: i64 = 250;

/// Articles in a section.
const SECTION_SIZE: usize = 4;

/// One more than [`SECTION_SIZE`], in case the lead is among them.
const CANDIDATES_PER_TOPIC: i64 = 5;

/// Articles under "More articles".
const LATEST_SIZE: usize = 12;

/// Articles under "Just added".
const RECENTLY_ADDED_SIZE: usize = 6;

/// How long an article counts as recently added.
const RECENT: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Articles under "Kept", so that the stream never hides them.
const KEPT_SIZE: usize = 6;

#[derive(Template)]
#[template(path = "front_page.html")]
struct FrontPage {
    layout: Layout,
    today: String,
    date: String,
    unread: String,
    /// The switch between the lanes, if there are two.
    switch: Option<LaneSwitch>,
    /// Number of unread articles that are kept, if there are any.
    unread_kept: Option<String>,
    content: FrontPageContent,
    /// That nothing could be fetched for a while.
    outage: Option<String>,
}

/// The articles of the front page. What was just added is listed on top, whatever else shows it; below, each article is
/// shown once.
struct FrontPageContent {
    lead: Option<ArticleCard>,
    recently_added: Vec<ArticleCard>,
    /// Kept articles, if those of the stream are shown below, too.
    kept: Vec<ArticleCard>,
    sections: Vec<Section>,
    latest: Vec<ArticleCard>,
}

impl FrontPageContent {
    fn all_read(&self) -> bool {
        self.lead.as_ref().is_some_and(|lead| lead.article.read)
    }
}

struct Section {
    slug: String,
    name: String,
    unread: String,
    cards: Vec<ArticleCard>,
    /// The article whose image is shown: the first one that has one.
    image_of: Option<i64>,
}

impl Section {
    fn shows_image_of(&self, card: &ArticleCard) -> bool {
        self.image_of == Some(card.article.id)
    }
}

pub(crate) async fn show(State(app): State<App>, reader: Reader, layout: Layout) -> Result<Response> {
    let setting = lanes::find(&reader.library).await?;
    let since = app.now() - RECENT;
    let lanes = setting.shown();
    let wanted = CandidateLimits {
        lanes,
        newest: NEWEST_COUNT,
        unread_per_topic: CANDIDATES_PER_TOPIC,
        saved_since: since,
        // What was added is kept.
        recently_saved: if lanes.includes(Lane::Kept) { i64::try_from(RECENTLY_ADDED_SIZE)? } else { 0 },
    };
    let candidates = front_page::find_candidates(&reader.library, wanted).await?;
    let clock = crate::web::shell::local_clock(&app);
    let unread_total = candidates.unread_counts.iter().map(|(_, unread)| unread).sum();
    crate::web::shell::fresh_page(&FrontPage {
        layout,
        today: clock.format_today(),
        date: clock.today().to_string(),
        unread: dates::format_number(unread_total),
        switch: setting.has_stream.then(|| LaneSwitch::new(lanes)),
        unread_kept: format_nonzero(candidates.unread_kept),
        content: arrange(candidates, setting, &clock),
        outage: outage::find(&reader.library, &clock).await?,
    })
}

/// Arranges the articles: those just added on top, then each once, also if it was just added.
fn arrange(candidates: Candidates, setting: LaneSetting, clock: &LocalClock) -> FrontPageContent {
    let Candidates { newest, unread, recently_saved, unread_counts, .. } = candidates;
    let unread = sort_dated_first(&newest, unread);
    let just_added: Vec<Card> = recently_saved.into_iter().take(RECENTLY_ADDED_SIZE).collect();
    let is_mixed = setting.has_stream && setting.shown() == Lanes::Both;
    let kept = if is_mixed { choose_kept(&newest, &unread, &just_added) } else { Vec::new() };
    let in_part = |card: &Card| kept.iter().any(|kept| kept.id == card.id);
    let [newest, unread] =
        [newest, unread].map(|cards| cards.into_iter().filter(|card| !in_part(card)).collect::<Vec<_>>());
    let lead = choose_lead(&newest, &unread);
    let mut shown: HashSet<i64> = lead.iter().copied().collect();
    let lead = newest.iter().chain(&unread).find(|card| Some(card.id) == lead).cloned();
    let sections = build_sections(unread, &mut shown, &unread_counts, clock);
    let latest = newest.into_iter().filter(|card| shown.insert(card.id)).take(LATEST_SIZE);
    let latest = latest.map(|card| ArticleCard::new(card, clock)).collect();
    let [recently_added, kept] =
        [just_added, kept].map(|cards| cards.into_iter().map(|card| ArticleCard::new(card, clock)).collect());
    FrontPageContent { lead: lead.map(|card| ArticleCard::new(card, clock)), recently_added, kept, sections, latest }
}

/// Returns the kept articles that have a part of their own: unread ones first, the newest of each, without those that were
/// just added.
fn choose_kept(newest: &[Card], unread: &[Card], just_added: &[Card]) -> Vec<Card> {
    let mut taken: HashSet<i64> = just_added.iter().map(|card| card.id).collect();
    let kept = newest.iter().chain(unread).filter(|card| !card.is_in_stream && taken.insert(card.id));
    let mut kept: Vec<Card> = kept.cloned().collect();
    kept.sort_by_key(|card| (card.read, Reverse((card.sorted_at, card.id))));
    kept.truncate(KEPT_SIZE);
    kept
}

/// Sorts the unread articles of each topic, dated ones first: undated ones are sorted by arrival and only seem new.
/// Adds dated articles among the newest, in case undated ones displaced them from the candidates.
fn sort_dated_first(newest: &[Card], mut unread: Vec<Card>) -> Vec<Card> {
    let mut topic_order = HashMap::new();
    for card in &unread {
        let next = topic_order.len();
        topic_order.entry(card.topic.clone()).or_insert(next);
    }
    let unread_ids: HashSet<i64> = unread.iter().map(|card| card.id).collect();
    let more = newest.iter().filter(|card| card.is_dated && !card.read && !unread_ids.contains(&card.id));
    unread.extend(more.cloned());
    unread.sort_by_key(|card| {
        (topic_order.get(&card.topic).copied(), !card.is_dated, Reverse((card.sorted_at, card.id)))
    });
    unread
}

/// What may lead, best first: a dated, long enough article; anything with a date, since undated pages only seem new;
/// anything.
const LEAD_CRITERIA: [fn(&Card) -> bool; 3] =
    [|card| card.is_dated && card.is_article && card.word_count >= MIN_LEAD_WORDS, |card| card.is_dated, |_| true];

/// Returns the best unread article, or the best of the newest if all are read.
fn choose_lead(newest: &[Card], unread: &[Card]) -> Option<i64> {
    let unread_lead = LEAD_CRITERIA.iter().find_map(|is_suitable| find_unread_lead(newest, unread, *is_suitable));
    let newest = || LEAD_CRITERIA.iter().find_map(|is_suitable| newest.iter().find(|card| is_suitable(card)));
    unread_lead.or_else(newest).map(|card| card.id)
}

/// Returns the newest unread article with an image if it is near the top, else the newest unread one.
fn find_unread_lead<'a>(newest: &'a [Card], unread: &'a [Card], is_suitable: fn(&Card) -> bool) -> Option<&'a Card> {
    let has_image = |card: &&Card| !card.read && card.lead_image_hash.is_some() && is_suitable(card);
    let newest_unread = || unread.iter().filter(|card| is_suitable(card)).max_by_key(|card| (card.sorted_at, card.id));
    newest.iter().take(LEAD_IMAGE_CANDIDATES).find(has_image).or_else(newest_unread)
}

fn build_sections(
    unread: Vec<Card>,
    shown: &mut HashSet<i64>,
    topics: &[(String, i64)],
    clock: &LocalClock,
) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for card in unread {
        if shown.contains(&card.id) {
            continue;
        }
        if sections.last().is_none_or(|section| section.slug != card.topic) {
            let unread = topics.iter().find(|(slug, _)| *slug == card.topic).map_or(0, |(_, unread)| *unread);
            sections.push(Section {
                slug: card.topic.clone(),
                name: card.topic_name.clone(),
                unread: dates::format_number(unread),
                cards: Vec::with_capacity(SECTION_SIZE),
                image_of: None,
            });
        }
        let section = sections.last_mut().expect("one was pushed if there was none");
        if section.cards.len() < SECTION_SIZE {
            shown.insert(card.id);
            section.image_of = section.image_of.or_else(|| card.lead_image_hash.as_ref().map(|_| card.id));
            section.cards.push(ArticleCard::new(card, clock));
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn card(id: i64, topic: &str) -> Card {
        Card {
            id,
            title: format!("Article {id}"),
            excerpt: String::new(),
            source_domain: "example.org".into(),
            source_name: "Example".into(),
            topic: topic.into(),
            topic_name: topic.to_uppercase(),
            language: None,
            is_right_to_left: false,
            sorted_at: 1_000_000 + id,
            key: 1_000_000 + id,
            word_count: 500,
            lead_image_hash: None,
            read: false,
            is_changed: false,
            starred: false,
            archived: false,
            is_in_stream: false,
            is_dated: true,
            published_on: None,
            is_article: true,
        }
    }

    fn arrange_to_text(newest: Vec<Card>, unread: Vec<Card>) -> String {
        arrange_with_arrivals(newest, unread, Vec::new())
    }

    fn arrange_with_arrivals(newest: Vec<Card>, unread: Vec<Card>, recently_saved: Vec<Card>) -> String {
        let clock = LocalClock::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let candidates = Candidates { newest, unread, recently_saved, ..Candidates::default() };
        let content = arrange(candidates, LaneSetting::default(), &clock);
        let ids =
            |cards: &[ArticleCard]| cards.iter().map(|card| card.article.id.to_string()).collect::<Vec<_>>().join(" ");
        let mut words = content.lead.map(|lead| format!("lead {}", lead.article.id)).into_iter().collect::<Vec<_>>();
        words.extend(content.sections.iter().map(|section| format!("{} {}", section.slug, ids(&section.cards))));
        words.push(format!("latest {}", ids(&content.latest)));
        words.extend(
            (!content.recently_added.is_empty()).then(|| format!("recently added {}", ids(&content.recently_added))),
        );
        words.join(", ")
    }

    #[test]
    fn the_lead_is_the_newest_unread_article_with_an_image() {
        let with_image = |id, read| Card { lead_image_hash: Some("ab".into()), read, ..card(id, "sport") };
        let newest = vec![card(9, "sport"), with_image(8, true), with_image(7, false), with_image(6, false)];
        let unread = vec![card(9, "sport"), with_image(7, false), with_image(6, false)];
        assert_eq!(arrange_to_text(newest, unread), "lead 7, sport 9 6, latest 8");
    }

    #[test]
    fn without_images_the_newest_unread_article_leads_or_the_newest_if_all_are_read() {
        let read = |id| Card { read: true, ..card(id, "sport") };
        let unread = vec![card(3, "politics"), card(5, "sport"), card(2, "sport")];
        let newest = vec![read(9), card(5, "sport"), card(3, "politics"), card(2, "sport")];
        assert_eq!(arrange_to_text(newest, unread), "lead 5, politics 3, sport 2, latest 9");
        assert_eq!(arrange_to_text(vec![read(9), read(8)], vec![]), "lead 9, latest 8");
        assert_eq!(arrange_to_text(vec![], vec![]), "latest ");
    }

    #[test]
    fn an_old_unread_article_leads_before_newer_read_ones() {
        let read = |id| Card { read: true, ..card(id, "sport") };
        assert_eq!(arrange_to_text(vec![read(9)], vec![card(1, "sport")]), "lead 1, latest 9");
    }

    #[test]
    fn a_dated_article_leads_before_newer_undated_ones() {
        let undated = Card { is_dated: false, ..card(9, "sport") };
        let product = Card { is_article: false, lead_image_hash: Some("ab".into()), ..card(8, "sport") };
        let short = Card { word_count: 120, ..card(7, "sport") };
        let leads = |cards: &[Card]| choose_lead(cards, cards);
        let all = [undated, product, short, card(6, "sport"), card(5, "sport")];
        assert_eq!(leads(&all), Some(6));
        assert_eq!(leads(&all[..3]), Some(8), "a date is better than none");
        assert_eq!(leads(&all[..1]), Some(9));
        let read = |card: &Card| Card { read: true, ..card.clone() };
        assert_eq!(choose_lead(&all.each_ref().map(read), &[]), Some(6));
    }

    #[test]
    fn a_section_holds_four_articles_and_the_rest_are_listed_below() {
        let sport: Vec<_> = (1..=6).rev().map(|id| card(id, "sport")).collect();
        assert_eq!(arrange_to_text(sport.clone(), sport), "lead 6, sport 5 4 3 2, latest 1");
    }

    #[test]
    fn the_last_additions_are_listed_whatever_else_shows_them() {
        let read = |id| Card { read: true, ..card(id, "sport") };
        let newest: Vec<_> = (10..24).rev().map(read).collect();
        let undated = Card { is_dated: false, ..card(24, "sport") };
        let recently_saved = vec![undated, read(2), read(23), read(12), read(1), read(3), read(4)];
        let latest = "lead 23, latest 22 21 20 19 18 17 16 15 14 13 12 11";
        assert_eq!(
            arrange_with_arrivals(newest, vec![], recently_saved),
            format!("{latest}, recently added 24 2 23 12 1 3")
        );
    }

    #[test]
    fn a_section_shows_the_first_image_it_has() {
        let with_image = |id| Card { lead_image_hash: Some("ab".into()), ..card(id, "sport") };
        let unread = vec![card(9, "sport"), card(8, "sport"), with_image(7), with_image(6), card(5, "arts")];
        let clock = LocalClock::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let candidates = Candidates { newest: vec![card(20, "arts")], unread, ..Candidates::default() };
        let images: Vec<_> = arrange(candidates, LaneSetting::default(), &clock)
            .sections
            .iter()
            .map(|section| section.image_of)
            .collect();
        assert_eq!(images, [Some(7), None]);
    }

    #[test]
    fn undated_articles_come_last_in_their_section() {
        let pasted = |id| Card { is_dated: false, ..card(id, "sport") };
        let newest = vec![pasted(9), pasted(8), pasted(7), pasted(6), pasted(5), card(4, "sport"), card(3, "sport")];
        let unread = newest[..5].to_vec();
        assert_eq!(arrange_to_text(newest, unread), "lead 4, sport 3 9 8 7, latest 6 5");
    }
}
