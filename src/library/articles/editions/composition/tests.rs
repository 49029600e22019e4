use proptest::prelude::*;

use super::*;
use crate::library::articles::editions::material::{Pace, Telling, TopicInterest};

const DAY: Day =
    Day { starts_at: 864_000, ends_at: 950_400, arrived_from: 864_000, published_from: 777_600, fill_to: 0 };

fn article(id: i64, topic: &str) -> Candidate {
    Candidate {
        id,
        origin: Origin::Arrived,
        source: id,
        story: None,
        is_copy: false,
        topic: topic.into(),
        sorted_at: DAY.starts_at + id,
        arrived_at: DAY.starts_at + id,
        words: 500,
        has_image: false,
        is_dated: true,
        is_article: true,
    }
}

fn material(candidates: Vec<Candidate>) -> Material {
    let topic = |slug: &str| TopicInterest { slug: slug.into(), is_pinned: false, kept: 0, articles: 0 };
    Material { candidates, topics: ["arts", "crime", "sport"].map(topic).to_vec(), ..Material::default() }
}

/// Writes an edition down: `lead 5, top 4 3, sport 2 1, brief 7`.
fn write(composition: &Composition) -> String {
    let mut words = String::new();
    let mut last = None;
    for item in &composition.items {
        let place = match &item.place {
            Place::Lead => "lead",
            Place::Top => "top",
            Place::Section(slug) => slug,
            Place::Brief => "brief",
        };
        if last.as_deref() != Some(place) {
            words.push_str(if words.is_empty() { "" } else { ", " });
            words.push_str(place);
            last = Some(place.to_owned());
        }
        words.push_str(&format!(" {}", item.article));
    }
    words
}

fn composed(candidates: Vec<Candidate>) -> String {
    write(&compose(&material(candidates), &DAY))
}

#[test]
fn later_articles_come_first_and_small_topics_are_in_brief() {
    let sport = (1..=9).map(|id| article(id, "sport"));
    let edition = composed(sport.chain([article(20, "arts"), article(21, "crime")]).collect());
    assert_eq!(edition, "lead 21, top 20 9 8 7, sport 6 5 4 3 2, brief 1");
    assert_eq!(composed(vec![]), "");
    assert_eq!(composed(vec![article(1, "sport")]), "lead 1");
}

#[test]
fn a_story_of_three_sources_leads_before_later_articles_and_is_there_once() {
    let told = |id| Candidate { story: Some(7), ..article(id, "crime") };
    let mut material = material(vec![told(1), told(2), told(3), article(8, "sport"), article(9, "sport")]);
    material.tellings = (1..=3).map(|id| Telling { story: 7, source: id, arrived_at: DAY.starts_at + id }).collect();
    assert_eq!(write(&compose(&material, &DAY)), "lead 3, top 9 8");
    // Told four days before, all but once, it weighs less than two sources of today.
    for telling in &mut material.tellings[..2] {
        telling.arrived_at -= 8 * 86_400;
    }
    material.candidates[3].story = Some(8);
    material.tellings.extend([8, 9].map(|source| Telling { story: 8, source, arrived_at: DAY.starts_at }));
    assert_eq!(write(&compose(&material, &DAY)), "lead 8, top 3 9");
}

#[test]
fn a_copy_tells_no_story_and_one_source_counts_once() {
    let copy = Candidate { story: Some(7), is_copy: true, ..article(9, "crime") };
    let original = Candidate { story: Some(7), ..article(1, "crime") };
    let mut material = material(vec![copy, original, article(8, "sport")]);
    material.tellings = vec![Telling { story: 7, source: 1, arrived_at: DAY.starts_at }; 9];
    assert_eq!(write(&compose(&material, &DAY)), "lead 1, top 8", "its freshness is that of the copy");
    assert_eq!(compose(&material, &DAY).left_out, 0);
}

#[test]
fn who_writes_seldom_is_not_drowned_by_who_writes_forty_a_day() {
    let mut candidates: Vec<_> = (1..=40).map(|id| Candidate { source: 1, ..article(100 + id, "sport") }).collect();
    candidates.push(Candidate { source: 2, ..article(1, "sport") });
    let mut material = material(candidates);
    material.paces = vec![
        Pace { source: 1, articles: 10, since: DAY.ends_at - 21_600 },
        Pace { source: 2, articles: 10, since: DAY.ends_at - 150 * 86_400 },
    ];
    let edition = compose(&material, &DAY);
    assert_eq!(edition.items[0].article, 1);
    assert_eq!((edition.items.len(), edition.left_out), (26, 15));
}

#[test]
fn sources_take_turns() {
    let candidates = (1..=4).map(|id| Candidate { source: 1, ..article(10 + id, "sport") });
    assert_eq!(composed(candidates.chain([article(2, "sport")]).collect()), "lead 14, top 2 13 12 11");
}

#[test]
fn a_long_dated_article_with_an_image_leads_if_it_weighs_almost_as_much() {
    let with_image = |id| Candidate { has_image: true, ..article(id, "sport") };
    let short = Candidate { words: 100, has_image: true, ..article(8, "sport") };
    let listing = Candidate { is_article: false, has_image: true, ..article(9, "sport") };
    assert!(composed(vec![listing.clone(), short.clone(), article(7, "sport"), with_image(3)]).starts_with("lead 3,"));
    assert!(composed(vec![listing, short, article(7, "sport")]).starts_with("lead 7,"));
    let mut far = material(vec![with_image(3), article(7, "sport")]);
    far.candidates[1].story = Some(1);
    far.tellings = (1..=4).map(|source| Telling { story: 1, source, arrived_at: DAY.starts_at }).collect();
    assert_eq!(write(&compose(&far, &DAY)), "lead 7, top 3", "four sources weigh more than an image");
}

#[test]
fn the_topics_that_the_reader_keeps_and_their_order_count() {
    let candidates = (1..=12).map(|id| article(id, if id % 2 == 0 { "sport" } else { "arts" }));
    let mut material = material(candidates.chain((13..=16).map(|id| article(id, "crime"))).collect());
    assert_eq!(
        write(&compose(&material, &DAY)),
        "lead 16, top 15 14 12 11, arts 9 7 5 3 1, sport 10 8 6 4 2, brief 13"
    );
    material.topics.reverse();
    material.topics[2].is_pinned = true;
    assert!(write(&compose(&material, &DAY)).starts_with("lead 11, top 9 7 16 15, sport 12 10 8 6 4, "));
}

#[test]
fn a_thin_day_is_filled_up_with_what_was_unread_and_reading_changes_nothing() {
    let day = Day { fill_to: 3, ..DAY };
    let old = |id, origin| Candidate { origin, sorted_at: id, arrived_at: id, ..article(id, "sport") };
    let candidates = vec![article(9, "sport"), old(5, Origin::Unread), old(6, Origin::Unread), old(4, Origin::Unread)];
    assert_eq!(write(&compose(&material(candidates.clone()), &day)), "lead 9, top 6 5");
    let arrived = candidates.into_iter().chain((10..=13).map(|id| article(id, "sport")));
    assert_eq!(write(&compose(&material(arrived.collect()), &day)), "lead 13, top 12 11 10 9");
}

fn arbitrary_candidate() -> impl Strategy<Value = Candidate> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (1..500_i64, 1..20_i64, proptest::option::of(1..30_i64), 0..5_usize, 0..86_400_i64, flags).prop_map(
        |(id, source, story, topic, second, (is_copy, has_image, is_dated, is_article))| Candidate {
            source,
            story,
            is_copy,
            has_image,
            is_dated,
            is_article,
            sorted_at: DAY.starts_at + second,
            ..article(id, ["arts", "crime", "sport", "sport", "sport"][topic])
        },
    )
}

proptest! {
    #[test]
    fn an_edition_is_finite_has_each_story_once_and_does_not_depend_on_the_order_of_its_material(
        candidates in proptest::collection::vec(arbitrary_candidate(), 0..300),
    ) {
        let mut material = material(candidates);
        let edition = compose(&material, &DAY);
        let ids: HashSet<i64> = edition.items.iter().map(|item| item.article).collect();
        prop_assert_eq!(ids.len(), edition.items.len());
        prop_assert!(edition.items.len() <= MAX_ITEMS);
        let all: HashSet<i64> = material.candidates.iter().map(|candidate| candidate.id).collect();
        prop_assert!(edition.items.len() + edition.left_out <= all.len());
        prop_assert_eq!(edition.items.is_empty(), all.is_empty());
        for topic in ["arts", "crime", "sport"] {
            let in_section = edition.items.iter().filter(|item| item.place == Place::Section(topic.into())).count();
            prop_assert!(in_section == 0 || SECTION.contains(&in_section));
        }
        // The same article twice may differ in nothing.
        let mut known = HashSet::new();
        material.candidates.retain(|candidate| known.insert(candidate.id));
        let once = compose(&material, &DAY);
        material.candidates.reverse();
        prop_assert_eq!(compose(&material, &DAY), once);
    }
}
