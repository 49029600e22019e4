//! How well the labelled streams are grouped, and that neither the order of arrival nor a restart changes it.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use proptest::prelude::*;
use stories::{Article, Group, Hand, Index, Profile};
use support::{Stream, f1, group, group_plainly, group_with_restart, score, shuffle};

const TUNING: &str = include_str!("stream/tuning.txt");
const HELD_OUT: &str = include_str!("stream/held_out.txt");

fn profile(title: &str, text: &str, published: i64) -> Profile {
    Profile::of(&Article { published, language: Some("en"), title, text })
}

/// Counts the articles of the group of an article.
fn members_with(index: &Index, id: i64) -> usize {
    let groups = index.group_around(id);
    let group = groups.iter().find(|group| group.members.iter().any(|member| member.id == id));
    group.map_or(0, |group| group.members.len())
}

#[test]
fn both_halves_of_the_stream_reach_what_is_asked() {
    for file in [TUNING, HELD_OUT] {
        let stream = Stream::read(file);
        let scores = score(&stream, &group(&stream, &shuffle(stream.articles.len(), 1)));
        assert!(
            scores.cubed_precision >= 0.93 && f1(scores.cubed_precision, scores.cubed_recall) >= 0.90,
            "{scores:?}"
        );
        assert!(scores.pair_precision >= 0.85 && f1(scores.pair_precision, scores.pair_recall) >= 0.75, "{scores:?}");
        assert!(scores.across.0 * 2 >= scores.across.1, "{scores:?}");
        let plain = score(&stream, &group_plainly(&stream));
        assert!(f1(plain.pair_precision, plain.pair_recall) < 0.75, "a plain single pass is enough here: {plain:?}");
    }
}

#[test]
fn the_teasers_of_the_shared_stream_are_grouped_better_than_by_a_plain_pass() {
    let Ok(file) = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/topics/stories.tsv"))
    else {
        return println!("skipped: no ../shared");
    };
    let stream = Stream::read_teasers(&file);
    let order: Vec<usize> = (0..stream.articles.len()).collect();
    let groups = group(&stream, &order);
    assert_eq!(group_with_restart(&stream, &order), groups);
    let (scores, plain) = (score(&stream, &groups), score(&stream, &group_plainly(&stream)));
    assert!(scores.pair_precision >= 0.85 && scores.pair_recall > plain.pair_recall, "{scores:?} {plain:?}");
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    let stream = Stream::read(HELD_OUT);
    let first = group(&stream, &shuffle(stream.articles.len(), 1));
    for seed in 2..=5 {
        assert_eq!(group(&stream, &shuffle(stream.articles.len(), seed)), first, "seed {seed}");
    }
}

#[test]
fn an_index_that_is_built_again_gives_the_same_groups() {
    let stream = Stream::read(TUNING);
    let (mut kept, mut built_again) = (Index::default(), Index::default());
    for (id, article) in (0..).zip(&stream.articles) {
        kept.insert(id, profile(&article.title, &article.text, article.published));
        if id % 3 == 0 {
            kept.insert(10_000 + id, profile("A page that goes again", &article.text, article.published));
            kept.remove(10_000 + id);
        }
    }
    for (id, article) in (0..).zip(&stream.articles).collect::<Vec<_>>().into_iter().rev() {
        built_again.insert(id, profile(&article.title, &article.text, article.published));
    }
    let ids = |index: &Index| -> Vec<Vec<(i64, Option<i64>)>> {
        let members = |group: &Group| group.members.iter().map(|member| (member.id, member.copy_of)).collect();
        index.group_all().iter().map(members).collect()
    };
    assert_eq!(ids(&kept), ids(&built_again));
}

const FERRY: (&str, &str) = (
    "Ferry Maren Dawn hits rocks off Kestrel",
    "The Maren Dawn struck rocks off Kestrel in fog with 212 aboard; lifeboats from Ostrand came.",
);
const RESCUE: (&str, &str) = (
    "All safe after Maren Dawn strikes rocks",
    "Lifeboats from Ostrand brought all 212 people from the Maren Dawn ashore at Kestrel.",
);
const COPY: (&str, &str) = (
    "Maren Dawn: ferry on rocks",
    "The Maren Dawn struck rocks off Kestrel in fog with 212 aboard; lifeboats from Ostrand came.",
);

#[test]
fn what_the_reader_decided_holds() {
    let mut index = Index::default();
    index.insert(1, profile(FERRY.0, FERRY.1, 1_000));
    index.insert(2, profile(RESCUE.0, RESCUE.1, 2_000));
    index.insert(3, profile("Bakery wins prize", "A baker in Tarn won a prize for bread.", 3_000));
    let mut ids = |hands: &[Hand], id| -> Vec<Vec<i64>> {
        (1..=3).for_each(|id| index.decide(id, hands.iter().filter(|hand| hand.concerns(id)).copied().collect()));
        index.group_around(id).iter().map(|group| group.members.iter().map(|member| member.id).collect()).collect()
    };
    assert_eq!(ids(&[], 2), [[1, 2]]);
    assert_eq!(ids(&[Hand::Apart(2, 1)], 2), [[1], [2]]);
    assert_eq!(ids(&[Hand::Together(3, 1)], 3), [[1, 2, 3]]);
    assert_eq!(ids(&[Hand::Together(3, 1), Hand::Apart(1, 2)], 3), [vec![1, 3], vec![2]]);
}

#[test]
fn a_copy_names_the_article_that_it_repeats_and_members_say_why_they_are_there() {
    let mut index = Index::default();
    index.insert(1, profile(FERRY.0, FERRY.1, 1_000));
    index.insert(2, profile(RESCUE.0, RESCUE.1, 2_000));
    index.insert(3, profile(COPY.0, COPY.1, 3_000));
    let groups = index.group_around(3);
    assert_eq!(groups.len(), 1);
    let copies: Vec<Option<i64>> = groups[0].members.iter().map(|member| member.copy_of).collect();
    assert_eq!(copies, [None, None, Some(1)]);
    assert!(groups[0].members[1].words.iter().any(|word| word == "Maren"), "{:?}", groups[0].members[1].words);
}

#[test]
fn a_story_ends_after_two_days_of_silence() {
    let hours = |hours: i64| {
        let mut index = Index::default();
        index.insert(1, profile(FERRY.0, FERRY.1, 0));
        index.insert(2, profile(RESCUE.0, RESCUE.1, hours * 3600));
        members_with(&index, 2)
    };
    assert_eq!((hours(20), hours(49)), (2, 1));
}

#[test]
fn an_alike_title_about_something_else_never_joins() {
    let text = "Passengers can change their tickets at the pier in Ostrand, said the operator Seaways. Engineers are looking for the fault. \
                Buses take travellers to the bridge of Kestrel, where boats leave every hour.";
    for (one, other) in [
        ("Ferry to Arran cancelled because of engine trouble", "Ferry to Lissa cancelled because of engine trouble"),
        ("The long story of the Arran", "The long story of the Lissa"),
        ("The long story of the Crane", "The long story of the Turbine"),
        ("Second ferry cancelled in Ostrand this week", "Third ferry cancelled in Ostrand this week"),
        ("Ferries of Ostrand on 12 May: what sails", "Ferries of Ostrand on 9 June: what sails"),
        ("Ostrand council agenda for Monday", "Ostrand council agenda for Thursday"),
        ("Seaways sues Lockbarn over tickets", "Lockbarn sues Seaways over tickets"),
        ("Ostrand 2-1 Kestrel after late goal", "Ostrand 3-1 Kestrel after late goal"),
        ("Live: ferry trouble in Ostrand", "Ferry trouble in Ostrand"),
    ] {
        let mut index = Index::default();
        index.insert(1, profile(one, text, 0));
        index.insert(2, profile(other, text, 3600));
        assert_eq!(members_with(&index, 2), 1, "{one} / {other}");
    }
    let mut index = Index::default();
    index.insert(1, profile("Seaways sues Lockbarn over tickets", text, 0));
    index.insert(2, profile("Lockbarn sued by Seaways over tickets", text, 3600));
    assert_eq!(members_with(&index, 2), 2, "the passive turns the order round");
}

proptest! {
    #[test]
    fn any_texts_in_any_order_give_the_same_groups(texts in proptest::collection::vec("[A-C][a-c]{2,4}( [A-Ca-c]{3,4}){3,12}", 2..9)) {
        let mut forward = Index::default();
        let mut backward = Index::default();
        for (id, text) in (0..).zip(&texts) {
            forward.insert(id, profile(text, text, id));
        }
        for (id, text) in (0..).zip(&texts).collect::<Vec<_>>().into_iter().rev() {
            backward.insert(id, profile(text, text, id));
        }
        let groups = forward.group_all();
        prop_assert_eq!(&groups, &backward.group_all());
        let mut ids: Vec<i64> = groups.iter().flat_map(|group| &group.members).map(|member| member.id).collect();
        ids.sort_unstable();
        prop_assert_eq!(ids, (0..i64::try_from(texts.len()).unwrap()).collect::<Vec<_>>());
    }

    #[test]
    fn no_text_stops_the_reader(title in "\\PC{0,60}", text in "\\PC{0,200}") {
        let mut index = Index::default();
        index.insert(1, Profile::of(&Article { published: 0, language: None, title: &title, text: &text }));
        prop_assert_eq!(index.group_around(1).len(), 1);
    }
}

#[test]
fn every_article_is_in_one_group() {
    for file in [TUNING, HELD_OUT] {
        let stream = Stream::read(file);
        let mut index = Index::default();
        for (id, article) in (0..).zip(&stream.articles) {
            index.insert(id, profile(&article.title, &article.text, article.published));
        }
        let mut ids: Vec<i64> =
            index.group_all().iter().flat_map(|group| &group.members).map(|member| member.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, (0..i64::try_from(stream.articles.len()).unwrap()).collect::<Vec<_>>());
    }
}
