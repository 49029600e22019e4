//! Examples and counts.

use std::collections::HashSet;

use classify::learned::{self, Count, Features, Knowledge, LearnedTopic};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use crate::library::Library;
use crate::library::topics::learning::{Lesson, MAX_CHARS, MAX_COMPARED};
use crate::library::topics::{self, UNSORTED};

/// How many examples a topic has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Examples {
    /// Articles that publishers filed under it.
    pub labels: i64,
    /// Articles that the reader moved there.
    pub corrections: i64,
    /// Whether it takes what publishers file under a wide section, so that it needs no examples.
    pub takes_section: bool,
}

/// What an article has taught.
#[derive(PartialEq, Eq)]
struct Example {
    topic_id: i64,
    weight: i64,
    features: Vec<u32>,
}

/// Learns from those of these articles whose topic has changed, or takes back what they have taught, in the transaction
/// that changes them.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn learn(tx: &mut SqliteConnection, articles: &[i64]) -> sqlx::Result<()> {
    let mut changed_topics = Vec::new();
    let ids = serde_json::json!(articles).to_string();
    let queued: HashSet<i64> = sqlx::query_scalar!(
        "DELETE FROM learning_queue WHERE article_id IN (SELECT value FROM json_each(?1)) RETURNING article_id",
        ids
    )
    .fetch_all(&mut *tx)
    .await?
    .into_iter()
    .collect();
    for article in articles.iter().filter(|article| queued.contains(article)) {
        learn_one(tx, *article, &mut changed_topics).await?;
    }
    changed_topics.sort_unstable();
    changed_topics.dedup();
    for topic in changed_topics {
        update_threshold(tx, topic).await?;
    }
    Ok(())
}

/// Learns from the next articles in the queue, newest first, at most `limit`. Returns whether there were any.
///
/// # Errors
/// The database fails; the same articles come again then.
pub async fn learn_next(library: &Library, limit: i64) -> sqlx::Result<bool> {
    if !is_learning(library).await? {
        return Ok(false);
    }
    let mut tx = library.begin_write().await?;
    let articles = sqlx::query_scalar!(
        "SELECT article_id FROM learning_queue WHERE article_id > 0 ORDER BY article_id DESC LIMIT +?1",
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    learn(&mut tx, &articles).await?;
    tx.commit().await?;
    Ok(!articles.is_empty())
}

/// Returns whether articles wait to be learned from.
///
/// # Errors
/// The database fails.
pub async fn is_learning(library: &Library) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT 1 FROM learning_queue WHERE article_id > 0) AS "waits!: bool""#)
        .fetch_one(library.readers())
        .await
}

/// Counts articles that wait to be learned from.
///
/// # Errors
/// The database fails.
pub async fn count_waiting(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM learning_queue WHERE article_id > 0"#)
        .fetch_one(library.readers())
        .await
}

/// Makes the example of an article what the article says now.
async fn learn_one(tx: &mut SqliteConnection, article: i64, changed_topics: &mut Vec<i64>) -> sqlx::Result<()> {
    let row = sqlx::query!(
        r#"SELECT coalesce((SELECT slug FROM topic WHERE slug = iif(json_valid(a.topic_choice), a.topic_choice ->> '$.teaches', NULL)),
                           a.topic) AS "topic!: String",
                  iif(json_valid(a.topic_choice), a.topic_choice ->> '$.reason.by', NULL) AS "by: String",
                  iif(json_valid(a.topic_choice), a.topic_choice ->> '$.topic', NULL) AS "labelled: String",
                  a.title, substr(c.text, 1, ?2) AS "text!: String"
           FROM article a CROSS JOIN article_content c ON c.article_id = a.id WHERE a.id = ?1"#,
        article,
        MAX_CHARS
    )
    .fetch_optional(&mut *tx)
    .await?;
    let old = find_example(tx, article).await?;
    let Some(row) = row else { return forget(tx, article, old, changed_topics).await };
    let (lesson, slug) = Lesson::of(row.by.as_deref(), &row.topic, row.labelled.as_deref());
    let topic_id = find_or_add_topic(tx, slug).await?;
    let weight = lesson.weight();
    let example = Example { topic_id, weight, features: Features::of(&row.title, &row.text).hashes };
    if old.as_ref() == Some(&example) {
        return Ok(());
    }
    forget(tx, article, old, changed_topics).await?;
    let labels =
        sqlx::query_scalar!("SELECT labels FROM learned_topic WHERE id = ?1", topic_id).fetch_one(&mut *tx).await?;
    if lesson == Lesson::Correction || labels < lesson.max_examples() {
        remember(tx, article, &example).await?;
        changed_topics.push(topic_id);
    }
    Ok(())
}

async fn find_example(tx: &mut SqliteConnection, article: i64) -> sqlx::Result<Option<Example>> {
    let row = sqlx::query!("SELECT topic_id, weight, features FROM learned_example WHERE article_id = ?1", article)
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|row| Example {
        topic_id: row.topic_id,
        weight: row.weight,
        features: learned::hashes_from_bytes(&row.features),
    }))
}

async fn find_or_add_topic(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"INSERT INTO learned_topic (slug) VALUES (?1) ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug
           RETURNING id AS "id!""#,
        slug
    )
    .fetch_one(tx)
    .await
}

async fn remember(tx: &mut SqliteConnection, article: i64, example: &Example) -> sqlx::Result<()> {
    let hashes = Features { hashes: example.features.clone(), words: Vec::new() }.to_bytes();
    sqlx::query!(
        "INSERT INTO learned_example (article_id, topic_id, weight, features) VALUES (?1, ?2, ?3, ?4)",
        article,
        example.topic_id,
        example.weight,
        hashes
    )
    .execute(&mut *tx)
    .await?;
    let features = serde_json::json!(example.features).to_string();
    sqlx::query!(
        "INSERT INTO learned_word (feature, topic_id, count) SELECT value, ?2, ?3 FROM json_each(?1) WHERE true
         ON CONFLICT DO UPDATE SET count = count + excluded.count",
        features,
        example.topic_id,
        example.weight
    )
    .execute(&mut *tx)
    .await?;
    count_example(tx, example, 1).await
}

/// Takes back what an article has taught, exactly.
async fn forget(
    tx: &mut SqliteConnection,
    article: i64,
    example: Option<Example>,
    changed_topics: &mut Vec<i64>,
) -> sqlx::Result<()> {
    let Some(example) = example else { return Ok(()) };
    sqlx::query!("DELETE FROM learned_example WHERE article_id = ?1", article).execute(&mut *tx).await?;
    let features = serde_json::json!(example.features).to_string();
    sqlx::query!(
        "UPDATE learned_word SET count = count - ?3 WHERE topic_id = ?2 AND feature IN (SELECT value FROM json_each(?1))",
        features,
        example.topic_id,
        example.weight
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "DELETE FROM learned_word WHERE topic_id = ?2 AND count <= 0 AND feature IN (SELECT value FROM json_each(?1))",
        features,
        example.topic_id
    )
    .execute(&mut *tx)
    .await?;
    changed_topics.push(example.topic_id);
    count_example(tx, &example, -1).await
}

async fn count_example(tx: &mut SqliteConnection, example: &Example, change: i64) -> sqlx::Result<()> {
    let words = i64::try_from(example.features.len()).unwrap_or(i64::MAX) * change;
    let is_correction = example.weight == Lesson::Correction.weight();
    let (labels, corrections) = if is_correction { (0, change) } else { (change, 0) };
    sqlx::query!(
        "UPDATE learned_topic SET labels = labels + ?2, corrections = corrections + ?3, words = words + ?4 WHERE id = ?1",
        example.topic_id,
        labels,
        corrections,
        words
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Finds again how like its examples an article has to be for a topic of the reader's own.
async fn update_threshold(tx: &mut SqliteConnection, topic_id: i64) -> sqlx::Result<()> {
    let row =
        sqlx::query!("SELECT slug, corrections FROM learned_topic WHERE id = ?1", topic_id).fetch_one(&mut *tx).await?;
    if row.slug == UNSORTED || classify::Topic::from_slug(&row.slug).is_some() {
        return Ok(());
    }
    if row.corrections < i64::from(learned::MIN_OWN_EXAMPLES) {
        return set_threshold(tx, topic_id, None).await;
    }
    let examples = sqlx::query_scalar!(
        "SELECT features FROM learned_example WHERE topic_id = ?1 ORDER BY article_id DESC LIMIT +?2",
        topic_id,
        MAX_COMPARED
    )
    .fetch_all(&mut *tx)
    .await?;
    let others = sqlx::query_scalar!(
        "SELECT features FROM learned_example WHERE article_id > 0 AND topic_id <> ?1
         ORDER BY article_id DESC LIMIT +?2 * 2",
        topic_id,
        MAX_COMPARED
    )
    .fetch_all(&mut *tx)
    .await?;
    let read = |all: Vec<Vec<u8>>| all.iter().map(|bytes| learned::hashes_from_bytes(bytes)).collect::<Vec<_>>();
    let (examples, others) = (read(examples), read(others));
    let (ids, knowledge) = load_knowledge(tx, &[examples.concat(), others.concat()].concat()).await?;
    let place = ids.iter().position(|id| *id == topic_id);
    let threshold = place.and_then(|topic| learned::find_threshold(&examples, &others, topic, &knowledge));
    set_threshold(tx, topic_id, threshold).await
}

/// Returns whether a topic finds articles by its examples: one of the reader's own that has enough of them.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn has_threshold(tx: &mut SqliteConnection, slug: &str) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM learned_topic WHERE slug = ?1 AND threshold IS NOT NULL) AS "has!: bool""#,
        slug
    );
    found.fetch_one(tx).await
}

async fn set_threshold(tx: &mut SqliteConnection, topic_id: i64, threshold: Option<f32>) -> sqlx::Result<()> {
    let changed = sqlx::query!(
        "UPDATE learned_topic SET threshold = ?2 WHERE id = ?1 AND threshold IS NOT ?2",
        topic_id,
        threshold
    );
    changed.execute(tx).await.map(|_| ())
}

/// Returns what the library knows about the features of an article.
///
/// # Errors
/// The database fails.
pub async fn find_knowledge(library: &Library, features: &Features) -> sqlx::Result<Knowledge> {
    let mut reader = library.readers().acquire().await?;
    Ok(load_knowledge(&mut reader, &features.hashes).await?.1)
}

/// A topic: id, slug, labels, corrections, words, threshold.
type TopicRow = (i64, String, u32, u32, u32, Option<f32>);

/// Loads what is known about features, and the ids of the topics. Topics that are gone are left out.
async fn load_knowledge(tx: &mut SqliteConnection, features: &[u32]) -> sqlx::Result<(Vec<i64>, Knowledge)> {
    let features = serde_json::json!(features).to_string();
    let row = sqlx::query!(
        r#"SELECT (SELECT json_group_array(json_array(l.id, l.slug, l.labels, l.corrections, l.words, l.threshold) ORDER BY l.id)
                   FROM learned_topic l WHERE EXISTS (SELECT 1 FROM topic t WHERE t.slug = l.slug))
                      AS "topics!: Json<Vec<TopicRow>>",
                  (SELECT json_group_array(json_array(w.feature, w.topic_id, w.count))
                   FROM (SELECT DISTINCT value FROM json_each(?1)) j CROSS JOIN learned_word w ON w.feature = j.value)
                      AS "counts!: Json<Vec<(u32, i64, u32)>>""#,
        features
    )
    .fetch_one(&mut *tx)
    .await?;
    let (Json(rows), Json(counts)) = (row.topics, row.counts);
    let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let topics = rows.into_iter().map(|(_, slug, labels, corrections, words, threshold)| LearnedTopic {
        slug,
        labels,
        corrections,
        words,
        threshold,
    });
    let counts = counts
        .into_iter()
        .filter_map(|(feature, id, count)| Some(Count { feature, topic: ids.binary_search(&id).ok()?, count }));
    let knowledge =
        Knowledge { topics: topics.collect(), counts: counts.collect(), merged: topics::find_roots(tx).await? };
    Ok((ids, knowledge))
}

/// Forgets what all articles have taught, and queues them to be learned again by a job.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn learn_again(library: &Library) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    for statement in [
        "DELETE FROM learned_word",
        "DELETE FROM learned_example",
        "DELETE FROM learned_topic",
        "INSERT INTO learning_queue (article_id) SELECT id FROM article WHERE true ON CONFLICT DO NOTHING",
    ] {
        sqlx::query(statement).execute(&mut *tx).await?;
    }
    tx.commit().await
}

/// Returns how many examples a topic has, with those of the topics that were merged into it.
///
/// # Errors
/// The database fails.
pub async fn count_examples(library: &Library, slug: &str) -> sqlx::Result<Examples> {
    sqlx::query_as!(
        Examples,
        r#"WITH RECURSIVE merged (slug) AS (
               SELECT ?1 UNION SELECT t.slug FROM merged CROSS JOIN topic t ON t.merged_into = merged.slug)
           SELECT coalesce(sum(l.labels), 0) AS "labels!: i64", coalesce(sum(l.corrections), 0) AS "corrections!: i64",
                  count(t.section) > 0 AS "takes_section!: bool"
           FROM merged m CROSS JOIN topic t ON t.slug = m.slug LEFT JOIN learned_topic l ON l.slug = t.slug"#,
        slug
    )
    .fetch_one(library.readers())
    .await
}
