//! The front page: a newspaper, not a list. A lead, what was just added and stands nowhere else, a section for each topic
//! that has something unread, then the latest.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use jiff::SignedDuration;

use crate::app::App;
use crate::library::articles::front_page::{self, CandidateLimits, Candidates};
use crate::library::articles::lists::Card;
use crate::web::browse::article_card::Teaser;
use crate::web::shell::dates::{self, Present};
use crate::web::shell::{Layout, Reader, Result};

/// The newest articles, from which the lead and the latest are taken.
const NEWEST: i64 = 40;

/// The lead is one with a picture if there is one among so many of the newest.
const NEAR_THE_TOP: usize = 20;

/// Fewer are read within a minute or so, which is no lead.
const WORDS_OF_A_LEAD: i64 = 250;

/// Articles in a section.
const IN_SECTION: usize = 4;

/// Candidates for a section: one more, in case the lead is among them.
const OF_EACH_TOPIC: i64 = 5;

/// Articles under "More articles".
const LATEST: usize = 12;

/// Articles under "Also added recently".
const JUST_ADDED: usize = 6;

/// How long an article counts as just added.
const JUST: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The last to arrive, among which those that a reader has just added are looked for.
const LAST_TO_ARRIVE: i64 = 60;

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage {
    layout: Layout,
    today: String,
    date: String,
    unread: String,
    paper: Paper,
}

/// What stands on the front page.
struct Paper {
    lead: Option<Teaser>,
    just_added: Vec<Teaser>,
    sections: Vec<Section>,
    latest: Vec<Teaser>,
}

impl Paper {
    fn all_read(&self) -> bool {
        self.lead.as_ref().is_some_and(|lead| lead.card.read)
    }
}

struct Section {
    slug: String,
    name: String,
    unread: String,
    teasers: Vec<Teaser>,
}

pub(crate) async fn show(State(app): State<App>, reader: Reader, layout: Layout) -> Result<Html<String>> {
    let since = app.now() - JUST;
    let wanted = CandidateLimits {
        newest: NEWEST,
        unread_per_topic: OF_EACH_TOPIC,
        saved_since: since,
        saved_among_last: LAST_TO_ARRIVE,
    };
    let candidates = front_page::find_candidates(&reader.library, wanted).await?;
    let present = crate::web::shell::present(&app);
    let total = candidates.unread_counts.iter().map(|(_, unread)| unread).sum();
    crate::web::shell::page(&FrontPage {
        layout,
        today: present.today(),
        date: present.date_today().to_string(),
        unread: dates::number(total),
        paper: lay_out(candidates, &present),
    })
}

/// No article stands twice.
fn lay_out(candidates: Candidates, present: &Present) -> Paper {
    let Candidates { newest, unread, recently_saved: arrived, unread_counts: unread_of_topics } = candidates;
    let unread = dated_first(&newest, unread);
    let lead = choose_lead(&newest, &unread);
    let mut shown: HashSet<i64> = lead.iter().copied().collect();
    let lead = newest.iter().chain(&unread).find(|card| Some(card.id) == lead).cloned();
    let sections = sections(unread, &mut shown, &unread_of_topics, present);
    let mut take = |cards: Vec<Card>, most| -> Vec<Teaser> {
        let cards = cards.into_iter().filter(|card| shown.insert(card.id)).take(most);
        cards.map(|card| Teaser::new(card, present)).collect()
    };
    let latest = take(newest, LATEST);
    let just_added = take(arrived, JUST_ADDED);
    Paper { lead: lead.map(|card| Teaser::new(card, present)), just_added, sections, latest }
}

/// The unread of each topic, those with a date before those without, which count as published when they arrived and only
/// seem new. Where many without stand above those with one, these are found among the newest of all.
fn dated_first(newest: &[Card], mut unread: Vec<Card>) -> Vec<Card> {
    let mut places = HashMap::new();
    for card in &unread {
        let next = places.len();
        places.entry(card.topic.clone()).or_insert(next);
    }
    let known: HashSet<i64> = unread.iter().map(|card| card.id).collect();
    let more = newest.iter().filter(|card| card.is_dated && !card.read && !known.contains(&card.id));
    unread.extend(more.cloned());
    unread.sort_by_key(|card| (places.get(&card.topic).copied(), !card.is_dated, Reverse((card.sorted_at, card.id))));
    unread
}

/// What may lead, the best first: what would stand on top of a newspaper; what at least has a date, since without one a page
/// only seems new; anything.
const FIT_TO_LEAD: [fn(&Card) -> bool; 3] =
    [|card| card.is_dated && card.is_article && card.word_count >= WORDS_OF_A_LEAD, |card| card.is_dated, |_| true];

/// The fittest unread, and when all is read the fittest of the newest.
fn choose_lead(newest: &[Card], unread: &[Card]) -> Option<i64> {
    let fresh = FIT_TO_LEAD.iter().find_map(|fits| unread_lead(newest, unread, *fits));
    let newest = || FIT_TO_LEAD.iter().find_map(|fits| newest.iter().find(|card| fits(card)));
    fresh.or_else(newest).map(|card| card.id)
}

/// The newest with a picture if it is near the top, else the newest.
fn unread_lead<'a>(newest: &'a [Card], unread: &'a [Card], fits: fn(&Card) -> bool) -> Option<&'a Card> {
    let is_pictured = |card: &&Card| !card.read && card.lead_image_hash.is_some() && fits(card);
    let newest_unread = || unread.iter().filter(|card| fits(card)).max_by_key(|card| (card.sorted_at, card.id));
    newest.iter().take(NEAR_THE_TOP).find(is_pictured).or_else(newest_unread)
}

fn sections(unread: Vec<Card>, shown: &mut HashSet<i64>, topics: &[(String, i64)], present: &Present) -> Vec<Section> {
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
                unread: dates::number(unread),
                teasers: Vec::with_capacity(IN_SECTION),
            });
        }
        let section = sections.last_mut().expect("one was pushed if there was none");
        if section.teasers.len() < IN_SECTION {
            shown.insert(card.id);
            section.teasers.push(Teaser::new(card, present));
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
            word_count: 500,
            lead_image_hash: None,
            read: false,
            starred: false,
            archived: false,
            is_dated: true,
            is_article: true,
        }
    }

    fn paper(newest: Vec<Card>, unread: Vec<Card>) -> String {
        paper_with(newest, unread, Vec::new())
    }

    fn paper_with(newest: Vec<Card>, unread: Vec<Card>, arrived: Vec<Card>) -> String {
        let present = Present::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let candidates = Candidates { newest, unread, recently_saved: arrived, ..Candidates::default() };
        let paper = lay_out(candidates, &present);
        let ids =
            |teasers: &[Teaser]| teasers.iter().map(|teaser| teaser.card.id.to_string()).collect::<Vec<_>>().join(" ");
        let mut words = paper.lead.map(|lead| format!("lead {}", lead.card.id)).into_iter().collect::<Vec<_>>();
        words.extend(paper.sections.iter().map(|section| format!("{} {}", section.slug, ids(&section.teasers))));
        words.push(format!("latest {}", ids(&paper.latest)));
        words.extend((!paper.just_added.is_empty()).then(|| format!("just added {}", ids(&paper.just_added))));
        words.join(", ")
    }

    #[test]
    fn the_lead_is_the_newest_unread_with_a_picture() {
        let pictured = |id, read| Card { lead_image_hash: Some("ab".into()), read, ..card(id, "sport") };
        let newest = vec![card(9, "sport"), pictured(8, true), pictured(7, false), pictured(6, false)];
        let unread = vec![card(9, "sport"), pictured(7, false), pictured(6, false)];
        assert_eq!(paper(newest, unread), "lead 7, sport 9 6, latest 8");
    }

    #[test]
    fn without_a_picture_the_newest_unread_leads_and_when_all_is_read_the_newest() {
        let read = |id| Card { read: true, ..card(id, "sport") };
        let unread = vec![card(3, "politics"), card(5, "sport"), card(2, "sport")];
        let newest = vec![read(9), card(5, "sport"), card(3, "politics"), card(2, "sport")];
        assert_eq!(paper(newest, unread), "lead 5, politics 3, sport 2, latest 9");
        assert_eq!(paper(vec![read(9), read(8)], vec![]), "lead 9, latest 8");
        assert_eq!(paper(vec![], vec![]), "latest ");
    }

    #[test]
    fn an_old_unread_article_leads_though_it_is_not_among_the_newest() {
        let read = |id| Card { read: true, ..card(id, "sport") };
        assert_eq!(paper(vec![read(9)], vec![card(1, "sport")]), "lead 1, latest 9");
    }

    #[test]
    fn an_article_with_a_date_leads_before_what_is_newer_or_has_a_picture() {
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
    fn a_section_holds_four_and_what_it_cannot_hold_is_among_the_latest() {
        let sport: Vec<_> = (1..=6).rev().map(|id| card(id, "sport")).collect();
        assert_eq!(paper(sport.clone(), sport), "lead 6, sport 5 4 3 2, latest 1");
    }

    #[test]
    fn what_was_just_added_stands_apart_if_it_stands_nowhere_else() {
        let read = |id| Card { read: true, ..card(id, "sport") };
        let newest: Vec<_> = (10..24).rev().map(read).collect();
        let arrived = vec![read(2), read(12), read(1)];
        let latest = "lead 23, latest 22 21 20 19 18 17 16 15 14 13 12 11";
        assert_eq!(paper_with(newest, vec![], arrived), format!("{latest}, just added 2 1"));
    }

    #[test]
    fn what_has_no_date_comes_after_what_has_one_in_its_section() {
        let pasted = |id| Card { is_dated: false, ..card(id, "sport") };
        let newest = vec![pasted(9), pasted(8), pasted(7), pasted(6), pasted(5), card(4, "sport"), card(3, "sport")];
        let unread = newest[..5].to_vec();
        assert_eq!(paper(newest, unread), "lead 4, sport 3 9 8 7, latest 6 5");
    }
}
