//! Queries are found in a library as a slow evaluation in memory says: whatever the query, and however it is walked.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/sample_library.rs"]
mod sample_library;
#[path = "support/searching.rs"]
mod searching;

use std::collections::HashMap;

use broadsheet::library::Library;
use broadsheet::library::articles::lists::{self, Filter, Position};
use broadsheet::library::articles::{self, ArticleAction, Channel};
use broadsheet::library::{sources, tags};
use extract::sanitize_html;
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use query::{Facts, Words, occurs};
use sample_library::Random;

/// Texts with accents, scripts without spaces, words that stand in every article, and phrases across the borders of blocks.
const TEXTS: &[&str] = &[
    "<p>The late ferry to Göteborg</p><p>was in the harbour.</p>",
    "<p>The harbour of Łódź is the late one.</p>",
    "<ul><li>東京都の大阪</li><li>京都 iPhone発売</li></ul>",
    "<p>กรุงเทพ the ferryman</p><figure><figcaption>Late harbour</figcaption></figure>",
    "<p>The моя Ёлка €5 → late</p><blockquote><p>ferry</p></blockquote>",
    "<p>Nothing of it.</p>",
];

const TITLES: &[&str] = &["The late harbour", "Ferry, ferry!", "東京の猫", "Nothing", "Göteborg → Łódź"];

/// An article as it was made, and as conditions see it.
struct Made {
    id: i64,
    facts: Facts,
    title: String,
    text: String,
}

impl Made {
    fn has(&self, wanted: &Words) -> bool {
        let is_anywhere = wanted.field == query::Field::Anywhere;
        occurs(wanted, &self.title) || is_anywhere && occurs(wanted, &self.text)
    }
}

/// Fills a library with articles of every kind.
async fn make(library: &Library, count: u64) -> Vec<Made> {
    let mut numbers = Random(20);
    let mut made = Vec::new();
    for n in 0..count {
        let mut pick = |list: &[&'static str]| list[usize::try_from(numbers.below(list.len() as u64)).unwrap()];
        let (title, html, language) = (pick(TITLES), pick(TEXTS), pick(&["en", "ja", "de"]));
        let (byline, tag, host) =
            (pick(&["Ada Okafor", "Bo Ek"]), pick(&["sea", "city"]), pick(&["a.example", "b.example"]));
        let mut new = sample_library::article(n, &mut numbers);
        new.channel = if numbers.below(2) == 0 { Channel::Feed } else { Channel::Saved };
        new.source.domain = host.to_owned();
        new.tags = vec![tag.to_owned()];
        new.content.title = title.to_owned();
        new.content.html = sanitize_html(html, None);
        new.content.byline = Some(byline.to_owned());
        new.content.language = Some(language.to_owned());
        new.content.word_count = usize::try_from(numbers.below(6000)).unwrap();
        new.content.published_at =
            Some(sample_library::newest_article_time() - SignedDuration::from_hours(i64::try_from(n * 7).unwrap()));
        let id = articles::add(library, &new).await.unwrap().id();
        let mut facts = Facts {
            source: sources::find(library, host).await.unwrap().unwrap().id,
            topic: new.topic_choice.topic.map_or("unsorted", classify::Topic::slug).to_owned(),
            tags: vec![tags::find(library, tag).await.unwrap().unwrap().id],
            language: new.content.language.clone(),
            byline: byline.to_owned(),
            date: new.content.published_at.unwrap().as_second(),
            minutes: broadsheet::library::reading_time::minutes(
                i64::try_from(new.content.word_count).unwrap(),
                Some(language),
            ),
            is_in_stream: new.channel == Channel::Feed,
            ..Facts::default()
        };
        change(library, id, &mut numbers, &mut facts).await;
        let text = words::index_form(&new.content.html.visible_text());
        made.push(Made { id, facts, title: words::index_form(title), text });
    }
    made
}

/// Does with an article what a reader might.
async fn change(library: &Library, id: i64, numbers: &mut Random, facts: &mut Facts) {
    let now = sample_library::newest_article_time();
    for (action, one_in) in
        [(ArticleAction::Read, 3), (ArticleAction::Star, 5), (ArticleAction::Archive, 4), (ArticleAction::Delete, 6)]
    {
        if numbers.below(one_in) > 0 {
            continue;
        }
        match action {
            ArticleAction::Read => facts.is_read = true,
            // A starred article is kept.
            ArticleAction::Star => (facts.is_starred, facts.is_in_stream) = (true, false),
            ArticleAction::Archive => facts.is_archived = true,
            _ => facts.is_deleted = true,
        }
        articles::apply_action(library, id, action, now).await.unwrap();
    }
}

/// Queries of every operator, in any combination.
fn queries() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "the",
        "late",
        "ferry",
        "ferr*",
        "harbour",
        "gotebo*",
        "łódź",
        "東京",
        "京都",
        "大",
        "猫",
        "กรุง",
        "ёлка",
        "€5",
        "nowhere",
        "\"ferry to\"",
        "\"goteborg was in\"",
        "\"東京都の\"",
        "\"the late\"",
        "title:ferry",
        "title:\"the late har\"*",
        "title:猫",
        "author:ada",
        "author:\"bo ek\"",
    ]);
    let operator = prop::sample::select(vec![
        "in:kept",
        "in:stream",
        "in:archive",
        "in:trash",
        "is:unread",
        "is:read",
        "is:starred",
        "is:changed",
        "is:long",
        "is:short",
        "tag:sea",
        "tag:city",
        "topic:sport",
        "topic:science",
        "source:a.example",
        "site:example",
        "language:ja",
        "minutes:<10",
        "minutes:5-15",
        "before:2026-11-20",
        "after:5d",
        "on:2026-11-21",
        "on:2026",
        "topic:gossip",
    ]);
    let leaf = prop_oneof![2 => word, 1 => operator].prop_map(str::to_owned);
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| format!("-({part})")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" "))),
            prop::collection::vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
        ]
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_is_searched_as_a_slow_evaluation_says() {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path(), 1).await.unwrap();
    let made = make(&library, 150).await;
    let mut found_some: HashMap<bool, usize> = HashMap::new();
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) });
    let runtime = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        runner
            .run(&queries(), |typed| {
                let Some(condition) = runtime.block_on(searching::understand(&library, &typed)) else { return Ok(()) };
                let mut expected: Vec<i64> = made
                    .iter()
                    .filter(|made| condition.is_met(&made.facts, &|words| made.has(words)))
                    .map(|made| made.id)
                    .collect();
                let matches = runtime.block_on(searching::find(&library, &typed));
                let filter = Filter { matches, ..Filter::default() };
                let page = runtime.block_on(lists::list(&library, &filter, Position::START, 500)).unwrap();
                let mut found: Vec<i64> = page.cards.iter().map(|card| card.id).collect();
                expected.sort_unstable();
                found.sort_unstable();
                prop_assert_eq!(found, expected, "{}: {:?}", typed, condition);
                Ok(())
            })
            .unwrap();
    });
    for typed in ["ferry", "title:ferry is:starred", "in:trash late", "京都 -in:archive", "author:ada OR tag:sea"] {
        let condition = searching::understand(&library, typed).await.unwrap();
        let is_found = made.iter().any(|made| condition.is_met(&made.facts, &|words| made.has(words)));
        *found_some.entry(is_found).or_default() += 1;
    }
    assert_eq!(found_some.get(&false), None, "the library has articles for usual queries");
}
