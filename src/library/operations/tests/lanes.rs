//! The two lanes: what is kept, lists of one and of both, and changes to many.

use classify::TopicChoice;
use jiff::Timestamp;

use crate::library::articles::changes::BulkAction;
use crate::library::articles::lists::{FacetsCache, Filter, Sort};
use crate::library::articles::tests::{article, noon};
use crate::library::articles::*;
use crate::library::lanes::{self, Lane, LaneSetting, Lanes};
use crate::library::operations;
use crate::library::operations::tests::{run, undo};
use crate::library::{Library, consistency, sources, tags, test_library, topics};

/// Twelve articles; those with an even number came from a feed. Some are read, starred before they came, or archived.
async fn mixed_library() -> (Library, tempfile::TempDir) {
    let (library, folder) = test_library().await;
    for number in 1..=12 {
        let mut new = article(["a.example", "b.example"][usize::from(number % 3 == 0)], number);
        new.content.word_count = usize::try_from((number * 7) % 5 * 100).unwrap();
        new.channel = if number % 2 == 0 { Channel::Feed } else { Channel::Saved };
        add(&library, &new).await.unwrap();
    }
    for (id, action) in [
        (1, ArticleAction::Read),
        (2, ArticleAction::Read),
        (3, ArticleAction::Archive),
        (4, ArticleAction::Archive),
        (5, ArticleAction::Star),
        (6, ArticleAction::Star),
        (8, ArticleAction::Star),
        (8, ArticleAction::Stream),
        (9, ArticleAction::Delete),
        (10, ArticleAction::Delete),
    ] {
        apply_action(&library, id, action, noon()).await.unwrap();
    }
    (library, folder)
}

/// Walks a list two by two, as pages do.
async fn walk(library: &Library, filter: &Filter, sort: Sort) -> Vec<i64> {
    let (mut after, mut ids) = (sort.start(), Vec::new());
    loop {
        let page = lists::list_sorted(library, filter, sort, after, 2).await.unwrap();
        ids.extend(page.cards.iter().map(|card| card.id));
        match page.older {
            Some(older) => after = older,
            None => return ids,
        }
    }
}

async fn lane_of(library: &Library, id: i64) -> Lane {
    find(library, id).await.unwrap().unwrap().lane
}

#[tokio::test]
async fn each_lane_is_a_list_and_both_are_one_list_in_every_order() {
    let (library, _folder) = mixed_library().await;
    let source = sources::find(&library, "a.example").await.unwrap().unwrap().id;
    let tag = tags::find(&library, "ferries").await.unwrap().unwrap().id;
    let reason = TopicChoice::default().reason.key();
    let both = |lanes: Lanes| Filter { lanes, ..Filter::default() };
    assert_eq!(walk(&library, &both(Lanes::Kept), Sort::Newest).await, [1, 5, 6, 7, 11]);
    assert_eq!(walk(&library, &both(Lanes::Stream), Sort::Newest).await, [2, 8, 12]);
    assert_eq!(walk(&library, &both(Lanes::Both), Sort::Newest).await, [1, 2, 5, 6, 7, 8, 11, 12]);
    let mut found = 0;
    for filter in [
        Filter::default(),
        Filter { unread: true, ..Filter::default() },
        Filter { archived: true, ..Filter::default() },
        Filter { starred: true, ..Filter::default() },
        Filter { source_id: Some(source), ..Filter::default() },
        Filter { source_id: Some(source), starred: true, ..Filter::default() },
        Filter { topic: Some("unsorted".into()), ..Filter::default() },
        Filter { topic: Some("unsorted".into()), unread: true, ..Filter::default() },
        Filter { topic: Some("unsorted".into()), starred: true, ..Filter::default() },
        Filter { topic: Some("unsorted".into()), reason: Some(reason), ..Filter::default() },
        Filter { tag_id: Some(tag), ..Filter::default() },
    ] {
        let in_lanes = |lanes: Lanes| Filter { lanes, ..filter.clone() };
        for sort in [Sort::Newest, Sort::Oldest, Sort::Shortest, Sort::Longest, Sort::Random(1 << 31)] {
            let all = walk(&library, &in_lanes(Lanes::Both), sort).await;
            let once = lists::list_sorted(&library, &filter, sort, sort.start(), 50).await.unwrap().cards;
            assert_eq!(all, once.iter().map(|card| card.id).collect::<Vec<_>>(), "pages follow: {sort:?} {filter:?}");
            for lane in [Lane::Kept, Lane::Stream] {
                let is_in_stream = lane == Lane::Stream;
                let expected: Vec<_> =
                    once.iter().filter(|card| card.is_in_stream == is_in_stream).map(|card| card.id).collect();
                assert_eq!(walk(&library, &in_lanes(lane.into()), sort).await, expected, "{sort:?} {filter:?}");
                found += expected.len();
            }
        }
    }
    assert!(found > 100);
}

#[tokio::test]
async fn what_the_reader_stars_saves_again_or_keeps_is_kept() {
    let (library, _folder) = mixed_library().await;
    assert_eq!(lane_of(&library, 12).await, Lane::Stream);
    apply_action(&library, 12, ArticleAction::Star, noon()).await.unwrap();
    apply_action(&library, 12, ArticleAction::Unstar, noon()).await.unwrap();
    assert_eq!(lane_of(&library, 12).await, Lane::Kept, "without its star too");
    apply_action(&library, 12, ArticleAction::Stream, noon()).await.unwrap();
    assert_eq!(lane_of(&library, 12).await, Lane::Stream);
    apply_action(&library, 12, ArticleAction::Keep, noon()).await.unwrap();
    assert_eq!(lane_of(&library, 12).await, Lane::Kept);
    apply_action(&library, 1, ArticleAction::Stream, noon()).await.unwrap();
    assert_eq!(lane_of(&library, 1).await, Lane::Kept, "it did not come from a feed");

    let mut again = article("a.example", 2);
    again.channel = Channel::Feed;
    assert_eq!(add(&library, &again).await.unwrap(), Added::Existing(2));
    assert_eq!(lane_of(&library, 2).await, Lane::Stream, "a feed brought it again");
    again.channel = Channel::Saved;
    assert_eq!(add(&library, &again).await.unwrap(), Added::Existing(2));
    assert_eq!(lane_of(&library, 2).await, Lane::Kept);
    let mut deleted = article("a.example", 10);
    deleted.channel = Channel::Saved;
    assert_eq!(add(&library, &deleted).await.unwrap(), Added::Restored(10));
    assert_eq!(lane_of(&library, 10).await, Lane::Kept);
    assert_eq!(consistency::count_wrong_counts(&library).await.unwrap(), 0);
}

#[tokio::test]
async fn a_change_in_one_lane_leaves_the_other_alone_and_is_undone() {
    let (library, _folder) = mixed_library().await;
    let stream = Filter { lanes: Lanes::Stream, ..Filter::default() };
    let ids = lists::list_ids(&library, &stream, i64::MAX).await.unwrap();
    assert_eq!(ids, [2, 8, 12]);
    let archived = run(&library, BulkAction::Archive, &ids).await;
    let all = walk(&library, &Filter::default(), Sort::Newest).await;
    assert_eq!(all, [1, 5, 6, 7, 11]);
    undo(&library, archived).await;
    for action in [BulkAction::Keep, BulkAction::Star, BulkAction::Tag(vec!["Sea".into()])] {
        let kept = run(&library, action.clone(), &[1, 2, 8, 10, 12]).await;
        assert!(lists::list_ids(&library, &stream, i64::MAX).await.unwrap().is_empty(), "{action:?}");
        assert_eq!(lane_of(&library, 10).await, Lane::Stream, "what is in the trash stays as it is");
        undo(&library, kept).await;
        assert_eq!(lists::list_ids(&library, &stream, i64::MAX).await.unwrap(), ids, "{action:?}");
    }
    let moved = run(&library, BulkAction::Stream, &[1, 5, 6]).await;
    assert_eq!(operations::find(&library, moved).await.unwrap().unwrap().articles, 1, "one came from a feed");
    assert_eq!(lane_of(&library, 6).await, Lane::Stream);
    undo(&library, moved).await;
    assert_eq!(lane_of(&library, 6).await, Lane::Kept);
    assert_eq!(consistency::count_wrong_counts(&library).await.unwrap(), 0);
}

#[tokio::test]
async fn counts_are_exact_in_each_lane_and_the_choice_is_remembered() {
    let (library, _folder) = mixed_library().await;
    let filter = Filter { topic: Some("unsorted".into()), unread: true, lanes: Lanes::Stream, ..Filter::default() };
    let facets = FacetsCache::default().get(&library, &filter).await.unwrap();
    let counts = facets.lanes.map(|(lanes, count)| (lanes, count.articles));
    assert_eq!(counts, [(Lanes::Kept, 4), (Lanes::Stream, 2), (Lanes::Both, 6)]);
    assert_eq!(facets.total.articles, 2);
    assert_eq!(lanes::find(&library).await.unwrap(), LaneSetting { chosen: Lanes::Both, has_stream: true });
    lanes::choose(&library, Lanes::Stream).await.unwrap();
    lanes::choose(&library, Lanes::Kept).await.unwrap();
    assert_eq!(lanes::find(&library).await.unwrap().shown(), Lanes::Kept);
    consistency::recompute_counts(&library).await.unwrap();
    assert_eq!(consistency::count_wrong_counts(&library).await.unwrap(), 0);
    for id in 1..=12 {
        apply_action(&library, id, ArticleAction::Delete, Timestamp::UNIX_EPOCH).await.unwrap();
    }
    purge_trash(&library, noon()).await.unwrap();
    assert!(!lanes::find(&library).await.unwrap().has_stream);
    assert_eq!(topics::article_counts(&library).await.unwrap().articles, 0);
}
