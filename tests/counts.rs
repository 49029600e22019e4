//! Counts beside lists: right or marked as "more", whatever the reader does, and cheap however large the library is.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/sample_library.rs"]
mod sample_library;
#[path = "support/searching.rs"]
mod searching;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use broadsheet::library::articles::lists::{self, Count, Facet, FacetsCache, Filter, Position};
use broadsheet::library::articles::{self, ArticleAction};
use broadsheet::library::lanes::Lanes;
use broadsheet::library::tags::TagChanges;
use broadsheet::library::{Library, sources, tags};
use classify::TopicChoice;
use jiff::{SignedDuration, Timestamp};
use sample_library::{Random, newest_article_time};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};

const ACTIONS: [ArticleAction; 10] = [
    ArticleAction::Read,
    ArticleAction::Unread,
    ArticleAction::Star,
    ArticleAction::Unstar,
    ArticleAction::Archive,
    ArticleAction::Unarchive,
    ArticleAction::Delete,
    ArticleAction::Restore,
    ArticleAction::Keep,
    ArticleAction::Stream,
];

/// Changes articles as a reader does: states, topics and tags.
async fn change_at_random(library: &Library, articles: u64, numbers: &mut Random) {
    for n in 0..articles {
        let id = i64::try_from(numbers.below(articles) + 1).unwrap();
        let action = ACTIONS[usize::try_from(numbers.below(10)).unwrap()];
        articles::apply_action(library, id, action, newest_article_time()).await.unwrap();
        if n % 4 == 0 {
            let topic = ["science", "sport"][usize::from(n % 8 == 0)];
            let (added, removed) = (vec!["Harbour".to_owned()], vec!["Ferry".to_owned()]);
            let changes =
                if n % 3 == 0 { TagChanges { added, removed } } else { TagChanges { added: removed, removed: added } };
            let choice = TopicChoice::from_reader(None);
            articles::set_topic_and_tags(library, id, Some((topic, &choice)), Some(&changes)).await.unwrap();
        }
    }
}

/// Filters of every kind, each with every state and every choice of lanes.
async fn filters(library: &Library) -> Vec<Filter> {
    let source_id = Some(sources::largest(library, 1, None).await.unwrap()[0].id);
    let tag_id = Some(tags::find(library, "harbour").await.unwrap().unwrap().id);
    let topic = Some("science".to_owned());
    let since = Some(newest_article_time() - SignedDuration::from_hours(24));
    let matches = searching::find(library, "harbour").await;
    let none = Filter::default;
    let kinds = [
        none(),
        Filter { topic: topic.clone(), ..none() },
        Filter { source_id, ..none() },
        Filter { tag_id, ..none() },
        Filter { topic: topic.clone(), source_id, ..none() },
        Filter { topic: topic.clone(), tag_id, ..none() },
        Filter { tag_id, source_id, ..none() },
        Filter { since, ..none() },
        Filter { since, topic: topic.clone(), ..none() },
        Filter { until: since, ..none() },
        Filter { matches: matches.clone(), ..none() },
        Filter { matches, topic, ..none() },
    ];
    let with_states = |kind: &Filter| {
        let kind = kind.clone();
        let lanes = Lanes::ALL.into_iter().flat_map(|lanes| (0..8).map(move |bits| (lanes, bits)));
        lanes.map(move |(lanes, bits)| Filter {
            lanes,
            unread: bits & 1 != 0,
            starred: bits & 2 != 0,
            archived: bits & 4 != 0,
            ..kind.clone()
        })
    };
    kinds.iter().flat_map(with_states).collect()
}

async fn list_length(library: &Library, filter: &Filter) -> i64 {
    lists::list(library, filter, Position::START, 100_000).await.unwrap().cards.len().try_into().unwrap()
}

/// Checks a number against the list it stands for.
async fn check(library: &Library, count: Count, filter: &Filter) {
    let length = list_length(library, filter).await;
    if count.may_be_more {
        assert!(count.articles <= length, "{count:?} {length} {filter:?}");
    } else {
        assert_eq!(count.articles, length, "{filter:?}");
    }
}

async fn check_facets(library: &Library, facets: &[Facet], narrow: impl AsyncFn(&str) -> Filter) {
    for facet in facets {
        check(library, facet.count, &narrow(&facet.value).await).await;
    }
}

#[tokio::test]
async fn every_number_beside_a_list_is_that_of_the_list_it_leads_to_or_less_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    sample_library::fill(&library, 600).await;
    change_at_random(&library, 600, &mut Random(7)).await;
    articles::purge_trash(&library, Timestamp::MAX).await.unwrap();
    let cache = FacetsCache::default();
    let mut exact = 0;
    for filter in filters(&library).await {
        let facets = cache.get(&library, &filter).await.unwrap();
        exact += usize::from(!facets.total.may_be_more);
        let needs_survey = filter.since.is_some()
            || filter.until.is_some()
            || filter.matches.is_some()
            || filter.tag_id.is_some() && filter.source_id.is_some();
        assert!(needs_survey || !facets.total.may_be_more, "{filter:?}");
        check(&library, facets.total, &filter).await;
        check(&library, facets.any_state, &filter.in_any_state()).await;
        for (lanes, count) in facets.lanes {
            check(&library, count, &Filter { lanes, ..filter.clone() }).await;
        }
        check(&library, facets.unread.count, &Filter { unread: true, ..filter.clone() }).await;
        check(&library, facets.starred.count, &Filter { starred: true, ..filter.clone() }).await;
        check(&library, facets.archived.count, &Filter { archived: true, ..filter.clone() }).await;
        check_facets(&library, &facets.topics, async |slug| Filter { topic: Some(slug.into()), ..filter.clone() })
            .await;
        check_facets(&library, &facets.sources, async |domain| {
            let source = sources::find(&library, domain).await.unwrap().unwrap();
            Filter { source_id: Some(source.id), ..filter.clone() }
        })
        .await;
        check_facets(&library, &facets.tags, async |slug| {
            let tag = tags::find(&library, slug).await.unwrap().unwrap();
            Filter { tag_id: Some(tag.id), ..filter.clone() }
        })
        .await;
    }
    assert!(exact > 70, "a small list is counted whole: {exact}");
}

/// Returns the steps that SQLite takes for the statements that count for a list, by the beginning of what they look along.
async fn count_steps(folder: &Path) -> Vec<(String, u64)> {
    let mut connection = SqliteConnectOptions::new().filename(folder.join("library.db")).connect().await.unwrap();
    let steps = Arc::new(AtomicU64::new(0));
    let counted = steps.clone();
    connection.lock_handle().await.unwrap().set_progress_handler(1, move || {
        counted.fetch_add(1, Ordering::Relaxed);
        true
    });
    let statements = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx")).unwrap();
    let mut costs = Vec::new();
    for file in statements {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let statement = serde_json::from_str::<serde_json::Value>(&text).unwrap()["query"].as_str().unwrap().to_owned();
        let Some((_, path)) = statement.split_once("a.marks, a.reason FROM ") else { continue };
        let name = path.chars().take(80).collect();
        steps.store(0, Ordering::Relaxed);
        sqlx::query(AssertSqlSafe(statement))
            .bind(0)
            .bind("science")
            .bind(1)
            .bind(1)
            .bind("[1, 2, 3]")
            .bind(i64::MIN)
            .bind(i64::MAX)
            .bind(21)
            .bind(20)
            .bind("words")
            .bind(0)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        costs.push((name, steps.load(Ordering::Relaxed)));
    }
    costs.sort();
    costs
}

#[tokio::test]
async fn counting_for_a_list_takes_no_longer_in_a_larger_library() {
    let mut costs = Vec::new();
    for articles in [400, 4000] {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path(), 1).await.unwrap();
        sample_library::fill(&library, articles).await;
        library.close().await;
        costs.push(count_steps(folder.path()).await);
    }
    assert_eq!(costs[0].len(), 13, "one statement for each kind of list");
    for ((name, small), (_, large)) in costs[0].iter().zip(&costs[1]) {
        assert!(*large < 5000, "{name}: {small} and {large} steps");
    }
}
