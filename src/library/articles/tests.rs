//! Articles in a new library: added, found, listed, counted, changed, purged.

use jiff::{SignedDuration, Timestamp};

use crate::library::articles::lists::{Count, FacetsCache, Filter, Position, Sort};
use crate::library::articles::*;
use crate::library::lanes::Lanes;
use crate::library::tags::TagChanges;
use crate::library::{Library, test_library};
use crate::library::{search, sources, tags, topics};

pub(in crate::library) fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// The nth article of a source.
pub(in crate::library) fn article(domain: &str, number: i64) -> NewArticle {
    let url = format!("https://{domain}/{number}");
    let text = format!("The {number}th report from {domain}. It says that the ferry was late.");
    NewArticle {
        content: Content {
            title: format!("Report {number}"),
            byline: None,
            excerpt: text.clone(),
            language: Some("en".into()),
            direction: Direction::Ltr,
            published_at: Some(noon() - SignedDuration::from_hours(number)),
            word_count: 12,
            lead_image: None,
            html: CleanHtml::from_trusted(format!("<p>{text}</p>")),
            text,
            removed_blocks: Vec::new(),
            images: Vec::new(),
            ..Content::default()
        },
        url_keys: vec![UrlKey::from_url(&url::Url::parse(&url).unwrap())],
        canonical_url_key: None,
        claimed_url: None,
        url: Some(url),
        source: NewSource { domain: domain.into(), name: domain.into() },
        topic_choice: TopicChoice::default(),
        section: None,
        keywords: Vec::new(),
        tags: vec!["Ferries".into()],
        channel: Channel::Saved,
        snapshot_id: None,
        received_at: noon(),
        sorted_at: None,
        is_read: false,
    }
}

pub(in crate::library) async fn library_with(articles: &[NewArticle]) -> (Library, tempfile::TempDir) {
    let (library, folder) = test_library().await;
    for article in articles {
        add(&library, article).await.unwrap();
    }
    (library, folder)
}

async fn titles(library: &Library, filter: &Filter) -> Vec<String> {
    let page = lists::list(library, filter, Position::START, 50).await.unwrap();
    page.cards.into_iter().map(|card| card.title).collect()
}

async fn matching(library: &Library, words: &str) -> Filter {
    Filter { matches: search::find_typed(library, words).await, ..Filter::default() }
}

#[tokio::test]
async fn the_same_url_is_one_article_and_is_restored_from_the_trash() {
    let (library, _folder) = library_with(&[]).await;
    let first = add(&library, &article("example.org", 1)).await.unwrap();
    assert_eq!(first, Added::New(first.id()));
    apply_action(&library, first.id(), ArticleAction::Delete, noon()).await.unwrap();
    assert_eq!(add(&library, &article("example.org", 1)).await.unwrap(), Added::Restored(first.id()));
    let found = find(&library, first.id()).await.unwrap().unwrap();
    assert!(!found.state.deleted);
    assert_eq!(found.html.as_str(), "<p>The 1th report from example.org. It says that the ferry was late.</p>");
}

#[tokio::test]
async fn a_list_is_the_same_whichever_index_it_uses() {
    let all: Vec<_> = (1..=6).map(|n| article(if n % 2 == 0 { "even.org" } else { "odd.org" }, n)).collect();
    let (library, _folder) = library_with(&all).await;
    apply_action(&library, 2, ArticleAction::Read, noon()).await.unwrap();
    apply_action(&library, 4, ArticleAction::Star, noon()).await.unwrap();
    apply_action(&library, 6, ArticleAction::Archive, noon()).await.unwrap();
    let even = sources::find(&library, "even.org").await.unwrap().unwrap().id;
    let ferries = tags::find(&library, "ferries").await.unwrap().unwrap().id;
    let unsorted = Some(topics::UNSORTED.to_owned());
    let filter = Filter::default;
    for (filter, expected) in [
        (filter(), "12345"),
        (Filter { unread: true, ..filter() }, "1345"),
        (Filter { starred: true, ..filter() }, "4"),
        (Filter { archived: true, ..filter() }, "6"),
        (Filter { archived: true, unread: true, ..filter() }, "6"),
        (Filter { source_id: Some(even), ..filter() }, "24"),
        (Filter { source_id: Some(even), unread: true, ..filter() }, "4"),
        (Filter { tag_id: Some(ferries), ..filter() }, "12345"),
        (
            Filter { tag_id: Some(ferries), source_id: Some(even), starred: true, topic: unsorted.clone(), ..filter() },
            "4",
        ),
        (Filter { topic: unsorted.clone(), ..filter() }, "12345"),
        (Filter { topic: unsorted.clone(), unread: true, ..filter() }, "1345"),
        (Filter { topic: Some("sport".into()), ..filter() }, ""),
        (Filter { since: Some(noon() - SignedDuration::from_hours(3)), ..filter() }, "123"),
        (Filter { until: Some(noon() - SignedDuration::from_hours(3)), ..filter() }, "45"),
        (matching(&library, "even fer").await, "246"),
        (Filter { unread: true, ..matching(&library, "even fer").await }, "4"),
        (Filter { archived: true, ..matching(&library, "even fer").await }, "6"),
        (matching(&library, "\"ferry was\" -even").await, "135"),
    ] {
        let found: String = titles(&library, &filter).await.iter().map(|title| title.replace("Report ", "")).collect();
        assert_eq!(found, expected, "{filter:?}");
        assert_eq!(
            lists::count(&library, &filter).await.unwrap(),
            Count::exact(i64::try_from(expected.len()).unwrap())
        );
    }
}

#[tokio::test]
async fn starred_lists_include_archived_articles() {
    let (library, _folder) =
        library_with(&[article("odd.org", 1), article("even.org", 2), article("even.org", 3)]).await;
    for (id, action) in [
        (1, ArticleAction::Star),
        (2, ArticleAction::Star),
        (2, ArticleAction::Archive),
        (3, ArticleAction::Star),
        (3, ArticleAction::Delete),
    ] {
        apply_action(&library, id, action, noon()).await.unwrap();
    }
    let source = sources::find(&library, "even.org").await.unwrap().map(|source| source.id);
    let tag = tags::find(&library, "ferries").await.unwrap().map(|tag| tag.id);
    let starred = || Filter { starred: true, ..Filter::default() };
    for (filter, expected) in [
        (starred(), ["Report 1", "Report 2"].as_slice()),
        (Filter { source_id: source, ..starred() }, &["Report 2"]),
        (Filter { tag_id: tag, ..starred() }, &["Report 1", "Report 2"]),
        (Filter { topic: Some(topics::UNSORTED.into()), ..starred() }, &["Report 1", "Report 2"]),
        (Filter { unread: true, ..starred() }, &["Report 1"]),
        (Filter { archived: true, ..starred() }, &["Report 2"]),
    ] {
        assert_eq!(titles(&library, &filter).await, expected, "{filter:?}");
    }
}

#[tokio::test]
async fn pages_of_a_list_have_no_gap_or_overlap() {
    let mut all: Vec<_> = (1..=7).map(|n| article("example.org", n)).collect();
    for same_time in &mut all[2..5] {
        same_time.content.published_at = Some(noon());
    }
    let (library, _folder) = library_with(&all).await;
    let (mut after, mut seen) = (Position::START, Vec::new());
    loop {
        let page = lists::list(&library, &Filter::default(), after, 2).await.unwrap();
        seen.extend(page.cards.iter().map(|card| card.id));
        let Some(older) = page.older else { break };
        after = Position::parse(&older.to_string()).unwrap();
    }
    assert_eq!(seen, [5, 4, 3, 1, 2, 6, 7]);
}

/// All ids of a list, two at a time.
async fn walk(library: &Library, filter: &Filter, sort: Sort) -> Vec<i64> {
    let (mut after, mut seen) = (sort.start(), Vec::new());
    loop {
        let page = lists::list_sorted(library, filter, sort, after, 2).await.unwrap();
        seen.extend(page.cards.iter().map(|card| card.id));
        let Some(next) = page.older else { return seen };
        after = Position::parse(&next.to_string()).unwrap();
    }
}

#[tokio::test]
async fn each_order_lists_all_articles_once_under_every_filter() {
    let mut all: Vec<_> =
        (1..=9).map(|n| article(if n % 3 == 0 { "hills.example" } else { "example.org" }, n)).collect();
    for (new, words) in all.iter_mut().zip([50, 10, 90, 10, 30, 70, 20, 60, 40]) {
        new.content.word_count = words;
        new.tags = if words > 30 { vec!["Long".into()] } else { Vec::new() };
    }
    let (library, _folder) = library_with(&all).await;
    for (id, minutes) in [(2, 30), (7, 10), (9, 20)] {
        let at = noon() + SignedDuration::from_mins(minutes);
        apply_action(&library, id, ArticleAction::Archive, at).await.unwrap();
    }
    apply_action(&library, 4, ArticleAction::Star, noon()).await.unwrap();
    apply_action(&library, 9, ArticleAction::Star, noon()).await.unwrap();
    apply_action(&library, 5, ArticleAction::Read, noon()).await.unwrap();
    let inbox = Filter::default();
    assert_eq!(walk(&library, &inbox, Sort::Newest).await, [1, 3, 4, 5, 6, 8]);
    assert_eq!(walk(&library, &inbox, Sort::Oldest).await, [8, 6, 5, 4, 3, 1]);
    assert_eq!(walk(&library, &inbox, Sort::Shortest).await, [4, 5, 1, 8, 6, 3]);
    assert_eq!(walk(&library, &inbox, Sort::Longest).await, [3, 6, 8, 1, 5, 4]);
    let archive = Filter { archived: true, ..Filter::default() };
    assert_eq!(walk(&library, &archive, Sort::RecentlyArchived).await, [2, 9, 7]);
    let source = sources::find(&library, "hills.example").await.unwrap().unwrap().id;
    let tag = tags::find(&library, "long").await.unwrap().unwrap().id;
    for filter in [
        inbox,
        archive,
        Filter { unread: true, ..Filter::default() },
        Filter { starred: true, ..Filter::default() },
        Filter { source_id: Some(source), ..Filter::default() },
        Filter { topic: Some("unsorted".into()), unread: true, ..Filter::default() },
        Filter { tag_id: Some(tag), ..Filter::default() },
        Filter { since: Some(noon() - SignedDuration::from_hours(5)), ..Filter::default() },
        matching(&library, "hills").await,
    ] {
        let mut expected = walk(&library, &filter, Sort::Newest).await;
        let mut listed = lists::list_ids(&library, &filter, i64::MAX).await.unwrap();
        assert_eq!(listed, expected, "{filter:?}");
        expected.sort_unstable();
        assert!(!expected.is_empty(), "{filter:?}");
        for sort in [Sort::Oldest, Sort::Shortest, Sort::Longest, Sort::RecentlyArchived, Sort::Random(3_000_000_000)] {
            listed = walk(&library, &filter, sort.within(&filter)).await;
            listed.sort_unstable();
            assert_eq!(listed, expected, "{sort:?} {filter:?}");
        }
    }
    assert_eq!(
        lists::list_ids(&library, &Filter::default(), 5).await.unwrap(),
        [1, 3, 4, 5],
        "what arrived later is not among them"
    );
}

#[tokio::test]
async fn a_shuffled_list_begins_anywhere_and_the_next_article_follows_in_each_order() {
    let (library, _folder) = library_with(&(1..=8).map(|n| article("example.org", n)).collect::<Vec<_>>()).await;
    let all = Filter::default();
    let from_zero = walk(&library, &all, Sort::Random(0)).await;
    let elsewhere = walk(&library, &all, Sort::Random(1 << 31)).await;
    assert_ne!(from_zero, elsewhere);
    let at = from_zero.iter().position(|id| *id == elsewhere[0]).unwrap();
    assert_eq!([&from_zero[at..], &from_zero[..at]].concat(), elsewhere, "the same order, from another place");
    for sort in [Sort::Newest, Sort::Oldest, Sort::Longest, Sort::Random(1 << 31)] {
        let listed = walk(&library, &all, sort).await;
        for pair in listed.windows(2) {
            assert_eq!(lists::find_next(&library, &all, sort, pair[0]).await.unwrap(), Some(pair[1]), "{sort:?}");
        }
        assert_eq!(lists::find_next(&library, &all, sort, listed[7]).await.unwrap(), None, "{sort:?}");
    }
}

#[tokio::test]
async fn counts_follow_every_action() {
    let (library, _folder) = library_with(&[article("example.org", 1), article("example.org", 2)]).await;
    let counts = async || {
        let all = topics::article_counts(&library).await.unwrap();
        let topic = topics::list_with_counts(&library)
            .await
            .unwrap()
            .into_iter()
            .find(|topic| topic.slug == "unsorted")
            .unwrap();
        let source = sources::list(&library, (i64::MAX, ""), 9).await.unwrap();
        let tag = tags::list(&library, (i64::MAX, ""), 9).await.unwrap();
        assert_eq!((all.articles, all.unread), (topic.articles, topic.unread));
        if all.articles > 0 {
            assert_eq!((all.articles, all.unread), (source[0].articles, source[0].unread));
            assert_eq!((all.articles, all.unread), (tag[0].articles, tag[0].unread));
        }
        [all.articles, all.unread, all.starred, all.archived, all.trash]
    };
    assert_eq!(counts().await, [2, 2, 0, 0, 0]);
    for (step, expected) in [
        (ArticleAction::Read, [2, 1, 0, 0, 0]),
        (ArticleAction::Read, [2, 1, 0, 0, 0]),
        (ArticleAction::Unread, [2, 2, 0, 0, 0]),
        (ArticleAction::Star, [2, 2, 1, 0, 0]),
        (ArticleAction::Archive, [2, 1, 1, 1, 0]),
        (ArticleAction::Delete, [1, 1, 0, 0, 1]),
        (ArticleAction::Restore, [2, 1, 1, 1, 0]),
        (ArticleAction::Unarchive, [2, 2, 1, 0, 0]),
        (ArticleAction::Unstar, [2, 2, 0, 0, 0]),
        (ArticleAction::Delete, [1, 1, 0, 0, 1]),
    ] {
        assert!(apply_action(&library, 1, step, noon()).await.unwrap());
        assert_eq!(counts().await, expected, "after {step:?}");
    }
    assert_eq!(purge_trash(&library, noon()).await.unwrap(), 0, "not deleted before noon");
    assert_eq!(purge_trash(&library, noon() + SignedDuration::from_secs(1)).await.unwrap(), 1);
    assert_eq!(counts().await, [1, 1, 0, 0, 0]);
    assert!(!apply_action(&library, 1, ArticleAction::Read, noon()).await.unwrap(), "the article is purged");
    assert_eq!(titles(&library, &matching(&library, "ferry").await).await.len(), 1);
}

#[tokio::test]
async fn a_reader_moves_an_article_to_a_custom_topic() {
    let (library, _folder) = library_with(&[article("example.org", 1)]).await;
    let slug = topics::add_custom(&library, "  Ferries & Bridges ").await.unwrap().unwrap();
    assert_eq!(slug, "ferries-bridges");
    for topic in classify::Topic::ALL {
        assert_eq!(
            topics::add_custom(&library, topic.name()).await.unwrap().unwrap(),
            topic.slug(),
            "{topic:?} has a topic already"
        );
    }
    assert!(set_topic_and_tags(&library, 1, Some((&slug, &TopicChoice::from_reader(None))), None).await.unwrap());
    assert!(
        !set_topic_and_tags(
            &library,
            1,
            Some(("no-such-topic", &TopicChoice::from_reader(None))),
            Some(&TagChanges::default())
        )
        .await
        .unwrap()
    );
    assert_eq!(find(&library, 1).await.unwrap().unwrap().topic_name, "Ferries & Bridges");
    let day = editions::Day::current(jiff::civil::date(2026, 11, 23), &jiff::tz::TimeZone::UTC).unwrap();
    let wanted = editions::material::Wanted { lanes: Lanes::Both, added_since: noon(), added: 0, kept: 0 };
    let (material, _) = editions::material::find(&library, &day, wanted).await.unwrap();
    let topics: Vec<_> = material.candidates.iter().map(|candidate| candidate.topic.as_str()).collect();
    assert!(topics.contains(&"ferries-bridges") && topics.iter().all(|topic| *topic == topics[0]), "{topics:?}");
    let changes = TagChanges { added: vec!["Boats".into()], removed: Vec::new() };
    assert!(set_topic_and_tags(&library, 1, None, Some(&changes)).await.unwrap());
    let names: Vec<_> = tags::list_for_article(&library, 1).await.unwrap().into_iter().map(|tag| tag.name).collect();
    assert_eq!(names, ["Boats", "Ferries"]);
}

#[tokio::test]
async fn facets_count_under_the_other_filters_and_follow_changes() {
    let (library, _folder) = library_with(&[article("a.org", 1), article("a.org", 2), article("b.org", 3)]).await;
    let cache = FacetsCache::default();
    let source = sources::find(&library, "a.org").await.unwrap().unwrap().id;
    let filter = Filter { source_id: Some(source), ..Filter::default() };
    let facets = cache.get(&library, &filter).await.unwrap();
    assert_eq!(facets.total, Count::exact(2));
    assert_eq!(
        facets.topics.iter().map(|topic| (topic.value.as_str(), topic.count.articles)).collect::<Vec<_>>(),
        [("unsorted", 2)]
    );
    assert_eq!(facets.tags[0].count, Count::exact(2));
    assert!(facets.sources.iter().any(|source| source.is_selected && source.value == "a.org"));
    apply_action(&library, 1, ArticleAction::Read, noon()).await.unwrap();
    assert_eq!(cache.get(&library, &filter).await.unwrap().unread.count, Count::exact(1));
}

#[tokio::test]
async fn re_extraction_keeps_the_readers_changes() {
    let (library, _folder) = library_with(&[article("example.org", 1)]).await;
    apply_action(&library, 1, ArticleAction::Star, noon()).await.unwrap();
    set_topic_and_tags(&library, 1, Some(("sport", &TopicChoice::from_reader(None))), None).await.unwrap();
    let mut content = article("example.org", 1).content;
    content.title = "A better title".into();
    content.text = "Only bridges here.".into();
    content.html = extract::sanitize_html("<p>Only bridges here.", None);
    content.published_at = Some(noon() - SignedDuration::from_hours(9));
    versions::replace(&library, 1, &content, noon()).await.unwrap();
    let found = find(&library, 1).await.unwrap().unwrap();
    assert_eq!((found.title.as_str(), found.topic.as_str(), found.state.starred), ("A better title", "sport", true));
    assert_eq!(titles(&library, &matching(&library, "bridges").await).await, ["A better title"]);
    assert!(titles(&library, &matching(&library, "ferry").await).await.is_empty());
    let ferries = tags::find(&library, "ferries").await.unwrap().unwrap().id;
    assert_eq!(titles(&library, &Filter { tag_id: Some(ferries), ..Filter::default() }).await.len(), 1);
}
