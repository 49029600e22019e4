//! Statements that move articles between topics.

use classify::TopicChoice;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use crate::library::articles::changes::{Change, Field, Row};
use crate::library::articles::to_json;
use crate::library::topics;

/// A topic and why an article has it, as JSON: what a change of topic stores.
#[derive(Serialize, Deserialize)]
struct StoredTopic {
    slug: String,
    choice: String,
    /// Its topic was merged into this one. The undo leads to a topic that is merged still.
    #[serde(default)]
    by_merge: bool,
}

/// Moves articles to a topic.
///
/// # Errors
/// The database fails.
pub(in crate::library::articles) async fn set(
    tx: &mut SqliteConnection,
    rows: Vec<Row>,
    slug: &str,
) -> sqlx::Result<Vec<Change>> {
    let choice = to_json(&TopicChoice::from_reader(classify::Topic::from_slug(slug)));
    // It may have been merged since the operation began.
    let slug = topics::edits::find_root(tx, slug).await?;
    let mut changes = Vec::new();
    for row in rows.into_iter().filter(|row| row.topic != slug) {
        let after = StoredTopic { slug: slug.clone(), choice: choice.clone(), by_merge: false };
        changes.extend(move_to_topic(tx, row, after).await?);
    }
    Ok(changes)
}

/// Moves the articles of a topic that was merged to the one that has them now. Each keeps the reason for its topic.
///
/// # Errors
/// The database fails.
pub(in crate::library::articles) async fn merge(
    tx: &mut SqliteConnection,
    rows: Vec<Row>,
    from: &str,
    into: &str,
) -> sqlx::Result<Vec<Change>> {
    if topics::edits::find_root(tx, from).await? == from {
        // The reader has created it again meanwhile.
        return Ok(Vec::new());
    }
    let slug = topics::edits::find_root(tx, into).await?;
    // It goes on with its examples, and what it finds by them goes to the other.
    let finds_articles = topics::learning::has_threshold(tx, from).await?;
    let mut changes = Vec::new();
    for row in rows.into_iter().filter(|row| row.topic == from) {
        // If that one is merged on by now, the article goes back with it.
        let choice =
            if slug == into { row.topic_choice.clone() } else { note_topic(&row.topic_choice, "meant_for", from) };
        let choice = if finds_articles { note_topic(&choice, "teaches", from) } else { choice };
        let after = StoredTopic { slug: slug.clone(), choice, by_merge: true };
        changes.extend(move_to_topic(tx, row, after).await?);
    }
    Ok(changes)
}

/// Moves articles to a topic that takes a section, with the publisher's word for it as the reason.
///
/// # Errors
/// The database fails.
pub(in crate::library::articles) async fn file_by_section(
    tx: &mut SqliteConnection,
    rows: Vec<Row>,
    slug: &str,
) -> sqlx::Result<Vec<Change>> {
    let root = topics::edits::find_root(tx, slug).await?;
    let mut changes = Vec::new();
    for row in rows.into_iter().filter(|row| row.topic != root) {
        if let Some(choice) = topics::sections::choose_for_article(tx, row.id, slug).await? {
            let choice = to_json(&choice);
            let choice = if root == slug { choice } else { note_topic(&choice, "meant_for", slug) };
            let after = StoredTopic { slug: root.clone(), choice, by_merge: false };
            changes.extend(move_to_topic(tx, row, after).await?);
        }
    }
    Ok(changes)
}

/// Notes a topic in a choice: for which the article was `meant_for`, or which it `teaches` if the reader moved it there. The
/// first one stays.
fn note_topic(choice: &str, note: &str, topic: &str) -> String {
    let mut choice: serde_json::Map<String, serde_json::Value> = serde_json::from_str(choice).unwrap_or_default();
    choice.entry(note).or_insert_with(|| topic.into());
    serde_json::Value::from(choice).to_string()
}

async fn move_to_topic(tx: &mut SqliteConnection, row: Row, after: StoredTopic) -> sqlx::Result<Option<Change>> {
    if !update_topic(tx, row.id, (&row.topic, &after.slug), &after.choice).await? {
        return Ok(None);
    }
    let before = StoredTopic { slug: row.topic, choice: row.topic_choice, by_merge: false };
    let (before, after) = (Some(to_json(&before)), Some(to_json(&after)));
    Ok(Some(Change { article: row.id, field: Field::Topic, before, after }))
}

/// Changes the topic, if the article still has the one and there still is the other.
async fn update_topic(
    tx: &mut SqliteConnection,
    article: i64,
    (from, to): (&str, &str),
    choice: &str,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "UPDATE article SET topic = ?3, topic_choice = ?4
         WHERE id = ?1 AND topic = ?2 AND EXISTS (SELECT 1 FROM topic WHERE slug = ?3)",
        article,
        from,
        to,
        choice
    );
    Ok(updated.execute(tx).await?.rows_affected() > 0)
}

/// Takes a change of the topic back, if the article still has the one it was given. Returns whether it had.
///
/// # Errors
/// The database fails.
pub(in crate::library::articles) async fn revert(tx: &mut SqliteConnection, change: &Change) -> sqlx::Result<bool> {
    let stored = |text: &Option<String>| serde_json::from_str::<StoredTopic>(text.as_deref()?).ok();
    let (Some(before), Some(after)) = (stored(&change.before), stored(&change.after)) else { return Ok(false) };
    let to = match after.by_merge {
        true => before.slug,
        false => topics::edits::find_root(tx, &before.slug).await?,
    };
    update_topic(tx, change.article, (&after.slug, &to), &before.choice).await
}

/// Lists the articles of a topic, in the trash too.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_in_topic(tx: &mut SqliteConnection, topic: &str) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(r#"SELECT id AS "id!" FROM article WHERE topic = ?1 ORDER BY id"#, topic).fetch_all(tx).await
}

/// Lists the articles of a topic that were meant for one of these topics, which were merged into it. What the reader has filed
/// there is not among them.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_meant_for(
    tx: &mut SqliteConnection,
    topic: &str,
    meant_for: &[String],
) -> sqlx::Result<Vec<i64>> {
    let meant_for = to_json(&meant_for);
    sqlx::query_scalar!(
        r#"SELECT a.id AS "id!" FROM json_each(?2) j CROSS JOIN article a INDEXED BY article_meant_for
             ON a.topic = ?1 AND a.meant_for = j.value AND a.meant_for IS NOT NULL"#,
        topic,
        meant_for
    )
    .fetch_all(tx)
    .await
}

/// Moves those of these articles that are in a topic to another, as if they had never been elsewhere.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn move_back(
    tx: &mut SqliteConnection,
    articles: &[i64],
    (from, to): (&str, &str),
) -> sqlx::Result<()> {
    let moved = articles;
    let articles = to_json(&articles);
    sqlx::query!(
        "UPDATE article SET topic = ?3 WHERE topic = ?2 AND id IN (SELECT value FROM json_each(?1))",
        articles,
        from,
        to
    )
    .execute(&mut *tx)
    .await?;
    topics::learning::learn(tx, moved).await
}

/// Moves some articles of a topic to another, at most `limit`. Returns whether there were any.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn move_some(
    tx: &mut SqliteConnection,
    (from, to): (&str, &str),
    limit: usize,
) -> sqlx::Result<bool> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let articles = sqlx::query_scalar!(r#"SELECT id AS "id!" FROM article WHERE topic = ?1 LIMIT +?2"#, from, limit)
        .fetch_all(&mut *tx)
        .await?;
    move_back(tx, &articles, (from, to)).await?;
    Ok(!articles.is_empty())
}
