//! Queries on stories and the queue of articles that wait for them.

use std::collections::{HashMap, HashSet};

use ::stories::{Group, Member};
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::stories::ReadingChoice;
use crate::library::stories::placing::{Membership, Placed, place};

/// Characters of a text that may hold the words that are read.
const MAX_CHARS: i64 = 3_000;

/// An article as it is compared with others.
pub(super) struct StoredArticle {
    pub(super) id: i64,
    /// How often it has changed while it waited in the queue.
    pub(super) version: i64,
    /// When it was published, in seconds since 1970.
    pub(super) sorted_at: i64,
    /// It is neither gone nor in the trash.
    pub(super) is_here: bool,
    pub(super) title: String,
    pub(super) language: Option<String>,
    /// The beginning of the text.
    pub(super) text: String,
    /// Pairs of another article and whether they belong together, as JSON.
    pub(super) decisions: String,
}

/// Lists the articles that wait, newest first.
pub(super) async fn list_queued(library: &Library, limit: i64) -> sqlx::Result<Vec<StoredArticle>> {
    sqlx::query_as!(
        StoredArticle,
        r#"SELECT q.article_id AS "id!: i64", q.version AS "version!: i64", coalesce(a.sorted_at, q.sorted_at) AS "sorted_at!: i64",
                  (a.id IS NOT NULL AND a.deleted_at IS NULL) AS "is_here!: bool", coalesce(a.title, '') AS "title!: String",
                  a.language, coalesce(substr(c.text, 1, ?2), '') AS "text!: String",
                  (SELECT json_group_array(json_array(d.other, d.is_together)) FROM
                       (SELECT other_id AS other, is_together FROM story_decision WHERE article_id = q.article_id
                        UNION ALL SELECT article_id, is_together FROM story_decision WHERE other_id = q.article_id) d) AS "decisions!: String"
           FROM story_queue q LEFT JOIN article a ON a.id = q.article_id LEFT JOIN article_content c ON c.article_id = q.article_id
           WHERE q.sorted_at > -9223372036854775807 ORDER BY q.sorted_at DESC, q.article_id DESC LIMIT +?1"#,
        limit,
        MAX_CHARS
    )
    .fetch_all(library.readers())
    .await
}

/// Lists articles published from a date on and before another article (its date and id), newest first.
pub(super) async fn list_around(
    library: &Library,
    from: i64,
    (before, id): (i64, i64),
    limit: i64,
) -> sqlx::Result<Vec<StoredArticle>> {
    sqlx::query_as!(
        StoredArticle,
        r#"SELECT a.id AS "id!: i64", 0 AS "version!: i64", a.sorted_at, 1 AS "is_here!: bool", a.title,
                  a.language, coalesce(substr(c.text, 1, ?5), '') AS "text!: String",
                  (SELECT json_group_array(json_array(d.other, d.is_together)) FROM
                       (SELECT other_id AS other, is_together FROM story_decision WHERE article_id = a.id
                        UNION ALL SELECT article_id, is_together FROM story_decision WHERE other_id = a.id) d) AS "decisions!: String"
           FROM article a LEFT JOIN article_content c ON c.article_id = a.id
           WHERE a.deleted_at IS NULL AND a.sorted_at >= ?1 AND (a.sorted_at, a.id) < (?2, ?3)
           ORDER BY a.sorted_at DESC, a.id DESC LIMIT +?4"#,
        from,
        before,
        id,
        limit,
        MAX_CHARS
    )
    .fetch_all(library.readers())
    .await
}

/// Writes which article is in which story, and takes the articles off the queue, except those that have changed meanwhile.
pub(super) async fn write(library: &Library, groups: &[Group], queued: &[StoredArticle]) -> sqlx::Result<()> {
    let mut tx = library.begin_write().await?;
    let ids: Vec<i64> = groups.iter().flat_map(|group| &group.members).map(|member| member.id).collect();
    let current = load_memberships(&mut tx, &ids).await?;
    let tellers = load_tellers(&mut tx, &ids).await?;
    for Placed { story, group } in place(groups, &current) {
        if is_story(group, &tellers) {
            write_group(&mut tx, story, &group.members, &current).await?;
        } else {
            for member in &group.members {
                leave(&mut tx, member.id, &current).await?;
            }
        }
    }
    let left: Vec<i64> = current.values().map(|membership| membership.story_id).collect();
    delete_single(&mut tx, &left).await?;
    for article in queued {
        sqlx::query!("DELETE FROM story_queue WHERE article_id = ?1 AND version = ?2", article.id, article.version)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await
}

/// Returns whether a group is a story: several sources tell of it, or the reader has joined some of it. What one source writes again
/// and again in the same words is no story, and what it adds to its own report has a place in its own list.
fn is_story(group: &Group, tellers: &HashMap<i64, Teller>) -> bool {
    let known = || group.members.iter().filter_map(|member| tellers.get(&member.id));
    let sources: HashSet<i64> = known().map(|teller| teller.source_id).collect();
    group.members.len() > 1 && (sources.len() > 1 || known().any(|teller| teller.is_joined))
}

/// Who tells of an event.
struct Teller {
    article_id: i64,
    source_id: i64,
    /// The reader has joined the article with another one.
    is_joined: bool,
}

async fn load_tellers(tx: &mut SqliteConnection, articles: &[i64]) -> sqlx::Result<HashMap<i64, Teller>> {
    let articles = serde_json::json!(articles).to_string();
    let rows = sqlx::query_as!(
        Teller,
        r#"SELECT a.id AS "article_id!: i64", a.source_id,
                  (EXISTS (SELECT 1 FROM story_decision d WHERE d.article_id = a.id AND d.is_together = 1)
                   OR EXISTS (SELECT 1 FROM story_decision d WHERE d.other_id = a.id AND d.is_together = 1)) AS "is_joined!: bool"
           FROM json_each(?1) j CROSS JOIN article a ON a.id = j.value"#,
        articles
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row)).collect())
}

async fn load_memberships(tx: &mut SqliteConnection, articles: &[i64]) -> sqlx::Result<HashMap<i64, Membership>> {
    let articles = serde_json::json!(articles).to_string();
    let rows = sqlx::query_as!(
        Membership,
        r#"SELECT m.article_id AS "article_id!: i64", m.story_id AS "story_id!: i64", m.copy_of AS "copy_of: i64", m.words AS "words!: String"
           FROM json_each(?1) j CROSS JOIN story_article m ON m.article_id = j.value"#,
        articles
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row)).collect())
}

async fn write_group(
    tx: &mut SqliteConnection,
    story: Option<i64>,
    members: &[Member],
    current: &HashMap<i64, Membership>,
) -> sqlx::Result<()> {
    let story = match story {
        Some(story) => story,
        None => {
            sqlx::query_scalar!(r#"INSERT INTO story DEFAULT VALUES RETURNING id AS "id!""#).fetch_one(&mut *tx).await?
        }
    };
    for member in members {
        let words = serde_json::json!(member.words).to_string();
        let is_same =
            |known: &Membership| known.story_id == story && known.copy_of == member.copy_of && known.words == words;
        if current.get(&member.id).is_some_and(is_same) {
            continue;
        }
        // It may have been deleted meanwhile; then the queue has it again.
        sqlx::query!(
            "INSERT INTO story_article (article_id, story_id, copy_of, words)
             SELECT id, ?2, (SELECT id FROM article WHERE id = ?3), ?4 FROM article WHERE id = ?1 AND deleted_at IS NULL
             ON CONFLICT DO UPDATE SET story_id = excluded.story_id, copy_of = excluded.copy_of, words = excluded.words",
            member.id,
            story,
            member.copy_of,
            words
        )
        .execute(&mut *tx)
        .await?;
    }
    delete_single(tx, &[story]).await
}

async fn leave(tx: &mut SqliteConnection, article: i64, current: &HashMap<i64, Membership>) -> sqlx::Result<()> {
    if current.contains_key(&article) {
        sqlx::query!("DELETE FROM story_article WHERE article_id = ?1", article).execute(tx).await?;
    }
    Ok(())
}

/// Deletes those of these stories that have less than two articles.
async fn delete_single(tx: &mut SqliteConnection, stories: &[i64]) -> sqlx::Result<()> {
    let stories = serde_json::json!(stories).to_string();
    sqlx::query!(
        "DELETE FROM story WHERE id IN (SELECT value FROM json_each(?1))
           AND (SELECT count(*) FROM story_article m WHERE m.story_id = story.id) < 2",
        stories
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Counts articles that wait to be put into stories.
///
/// # Errors
/// The database fails.
pub async fn count_waiting(library: &Library) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM story_queue WHERE sorted_at > -9223372036854775807"#)
        .fetch_one(library.readers())
        .await
}

/// Returns the story that an article is in.
///
/// # Errors
/// The database fails.
pub async fn find_of_article(library: &Library, article: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("SELECT story_id FROM story_article WHERE article_id = ?1", article)
        .fetch_optional(library.readers())
        .await
}

/// Lists the articles of a story, by id. Those in the trash are in none.
///
/// # Errors
/// The database fails.
pub async fn list_members(library: &Library, story: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!("SELECT article_id FROM story_article WHERE story_id = ?1 ORDER BY article_id", story)
        .fetch_all(library.readers())
        .await
}

/// Returns whether marking an article read marks its story read.
///
/// # Errors
/// The database fails.
pub async fn find_choice(library: &Library) -> sqlx::Result<ReadingChoice> {
    let reads = sqlx::query_scalar!(r#"SELECT reads_members AS "reads: bool" FROM story_choice WHERE id = 1"#)
        .fetch_optional(library.readers())
        .await?;
    Ok(if reads == Some(true) { ReadingChoice::Story } else { ReadingChoice::Article })
}

/// Sets that.
///
/// # Errors
/// The database fails.
pub async fn set_choice(library: &Library, choice: ReadingChoice) -> sqlx::Result<()> {
    let reads = choice == ReadingChoice::Story;
    let mut tx = library.begin_write().await?;
    sqlx::query!(
        "INSERT INTO story_choice (id, reads_members) VALUES (1, ?1)
         ON CONFLICT DO UPDATE SET reads_members = excluded.reads_members",
        reads
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
