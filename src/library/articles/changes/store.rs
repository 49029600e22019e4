//! Applies an action to a batch of articles, and takes a change back.

use std::slice;

use jiff::Timestamp;
use sqlx::SqliteConnection;

use crate::library::articles::changes::story_members;
use crate::library::articles::changes::topics::{self, TopicEdit};
use crate::library::articles::changes::{BulkAction, Change, Field, Row, SourceMove};
use crate::library::articles::{departures, limits};
use crate::library::{lanes, search, tags};

/// Applies an action to a batch of articles. Returns what it changed: articles that are like that already, are gone or,
/// except for actions that are for these too, are in the trash stay as they are.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn apply(
    tx: &mut SqliteConnection,
    action: &BulkAction,
    articles: &[i64],
    now: Timestamp,
) -> sqlx::Result<Vec<Change>> {
    let rows = load(tx, articles).await?;
    let rows: Vec<Row> = rows.into_iter().filter(|row| action.accepts(row.deleted_at.is_some())).collect();
    let began_at = now;
    let now = Some(now.as_second());
    match action {
        BulkAction::Read => set_times(tx, rows, Field::Read, now).await,
        BulkAction::Unread => set_times(tx, rows, Field::Read, None).await,
        BulkAction::Star => {
            let ids = ids(&rows);
            let starred = set_times(tx, rows, Field::Starred, now).await?;
            keep_too(tx, starred, &ids, began_at).await
        }
        BulkAction::Unstar => set_times(tx, rows, Field::Starred, None).await,
        BulkAction::Archive => set_times(tx, rows, Field::Archived, now).await,
        BulkAction::Unarchive => set_times(tx, rows, Field::Archived, None).await,
        BulkAction::Delete => set_times(tx, rows, Field::Deleted, now).await,
        BulkAction::Unfollow(_) => {
            // The reader may have kept some since the operation began.
            let rows = rows.into_iter().filter(|row| row.is_in_stream).collect();
            let changes = set_times(tx, rows, Field::Deleted, now).await?;
            let moved: Vec<i64> = changes.iter().map(|change| change.article).collect();
            departures::note_unfollowed(tx, &moved).await?;
            Ok(changes)
        }
        BulkAction::Limit => {
            let (moved, after) =
                (limits::move_to_trash(tx, &ids(&rows), began_at).await?, began_at.as_second().to_string());
            let change = |article| Change { article, field: Field::Deleted, before: None, after: Some(after.clone()) };
            Ok(moved.into_iter().map(change).collect())
        }
        BulkAction::Keep => keep_too(tx, Vec::new(), &ids(&rows), began_at).await,
        BulkAction::Stream => set_times(tx, rows, Field::Kept, None).await,
        BulkAction::Tag(names) => {
            let ids = ids(&rows);
            let tagged = add_tags(tx, rows, names).await?;
            keep_too(tx, tagged, &ids, began_at).await
        }
        BulkAction::Topic(slug) => topics::set(tx, rows, slug).await,
        BulkAction::Purge => purge(tx, rows).await,
        BulkAction::MergeSource(way) | BulkAction::SplitSource(way) => move_to_source(tx, rows, way).await,
        BulkAction::MergeTag(names) => replace_tags(tx, rows, slice::from_ref(&names.from), Some(&names.to)).await,
        BulkAction::MergeTags(names) => replace_tags(tx, rows, &names.from, Some(&names.to)).await,
        BulkAction::DeleteTag(name) => replace_tags(tx, rows, slice::from_ref(name), None).await,
        BulkAction::DeleteTags(names) => replace_tags(tx, rows, names, None).await,
        // That changes the tag, not its articles.
        BulkAction::RenameTag(_) | BulkAction::TagNames(_) => Ok(Vec::new()),
        BulkAction::SplitStory(_) => story_members::split(tx, &ids(&rows)).await,
        BulkAction::JoinStory(with) => story_members::join(tx, &ids(&rows), with.article).await,
        BulkAction::ChangeTopic(change) => match &change.what {
            TopicEdit::Merge { into, .. } => topics::merge(tx, rows, &change.slug, into).await,
            TopicEdit::FileBySection => topics::file_by_section(tx, rows, &change.slug).await,
            _ => Ok(Vec::new()),
        },
    }
}

async fn load(tx: &mut SqliteConnection, articles: &[i64]) -> sqlx::Result<Vec<Row>> {
    let articles = serde_json::json!(articles).to_string();
    sqlx::query_as!(
        Row,
        r#"SELECT a.id, a.read_at, a.starred_at, a.archived_at, a.deleted_at, a.kept_at, a.lane = 1 AS "is_in_stream!: bool",
                  a.topic, a.topic_choice
           FROM json_each(?1) j CROSS JOIN article a ON a.id = j.value"#,
        articles
    )
    .fetch_all(tx)
    .await
}

/// Lists the articles of a source, in the trash too.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_in_source(tx: &mut SqliteConnection, source: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(r#"SELECT id AS "id!" FROM article WHERE source_id = ?1 ORDER BY id"#, source)
        .fetch_all(tx)
        .await
}

/// Lists the articles that a source has from a host and from hosts below it, in the trash too, with their URLs.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_from_host(
    tx: &mut SqliteConnection,
    source: i64,
    host: &str,
) -> sqlx::Result<Vec<(i64, String)>> {
    let end = format!(".{host}");
    let rows = sqlx::query!(
        r#"SELECT id AS "id!: i64", url AS "url!: String" FROM
               (SELECT id, url, substr(url, instr(url, '//') + 2, instr(substr(url, instr(url, '//') + 2) || '/', '/') - 1) AS host
                FROM article WHERE source_id = ?1)
           WHERE substr('.' || substr(host, 1, instr(host || ':', ':') - 1), -length(?2)) = ?2
           ORDER BY id"#,
        source,
        end
    );
    Ok(rows.fetch_all(tx).await?.into_iter().map(|row| (row.id, row.url)).collect())
}

/// Returns the id of the newest article, 0 if there is none.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_newest(tx: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"SELECT coalesce(max(id), 0) AS "id!: i64" FROM article"#).fetch_one(tx).await
}

/// Lists the articles of a source that arrived after another, with their URLs, without those that the reader has filed there.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn list_arrivals(
    tx: &mut SqliteConnection,
    source: i64,
    after: i64,
) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        r#"SELECT id, url AS "url!" FROM article a WHERE source_id = ?1 AND id > ?2 AND url IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM article_edit e WHERE e.article_id = a.id AND e.detail = 'source')"#,
        source,
        after
    );
    Ok(rows.fetch_all(tx).await?.into_iter().map(|row| (row.id, row.url)).collect())
}

/// Files some articles of a source under another, at most `limit`. Returns whether there were any.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn move_some(
    tx: &mut SqliteConnection,
    (from, to): (i64, i64),
    limit: usize,
) -> sqlx::Result<bool> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let articles = sqlx::query_scalar!("SELECT id FROM article WHERE source_id = ?1 LIMIT +?2", from, limit)
        .fetch_all(&mut *tx)
        .await?;
    move_back(tx, &articles, (from, to)).await?;
    Ok(!articles.is_empty())
}

/// Files those of these articles that are filed under a source under another, as if they had never been elsewhere.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn move_back(
    tx: &mut SqliteConnection,
    articles: &[i64],
    (from, to): (i64, i64),
) -> sqlx::Result<()> {
    for article in articles {
        update_source(tx, *article, from, to).await?;
    }
    Ok(())
}

/// Sets a time of those articles that have none, or removes it.
async fn set_times(
    tx: &mut SqliteConnection,
    rows: Vec<Row>,
    field: Field,
    to: Option<i64>,
) -> sqlx::Result<Vec<Change>> {
    let time = |row: &Row| match field {
        Field::Read => row.read_at,
        Field::Starred => row.starred_at,
        Field::Archived => row.archived_at,
        Field::Kept => row.kept_at,
        Field::Deleted | Field::Topic | Field::Tag | Field::Source | Field::Story => row.deleted_at,
    };
    let text = |time: Option<i64>| time.map(|seconds| seconds.to_string());
    let changed: Vec<&Row> = rows.iter().filter(|row| time(row).is_some() != to.is_some()).collect();
    let ids = serde_json::json!(changed.iter().map(|row| row.id).collect::<Vec<_>>()).to_string();
    let statement = match field {
        Field::Read => {
            // Whoever marks many as read has not looked at each: a text that was never seen is not seen now, but what was changed of
            // those that were is settled.
            sqlx::query!(
                "UPDATE article SET read_at = ?2,
                        seen_at = iif(?2 IS NULL, seen_at, iif(coalesce(seen_at, read_at, 0) = 0, 0, ?2))
                 WHERE id IN (SELECT value FROM json_each(?1))",
                ids,
                to
            )
        }
        Field::Starred => {
            sqlx::query!("UPDATE article SET starred_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))", ids, to)
        }
        Field::Archived => {
            sqlx::query!("UPDATE article SET archived_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))", ids, to)
        }
        Field::Kept => {
            sqlx::query!("UPDATE article SET kept_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))", ids, to)
        }
        Field::Deleted | Field::Topic | Field::Tag | Field::Source | Field::Story => {
            sqlx::query!("UPDATE article SET deleted_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))", ids, to)
        }
    };
    statement.execute(tx).await?;
    let change = |row: &&Row| Change { article: row.id, field, before: text(time(row)), after: text(to) };
    Ok(changed.iter().map(change).collect())
}

fn ids(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.id).collect()
}

/// Keeps those of these articles that are in the stream, and adds that to what else was changed. The changes of an article
/// follow each other.
async fn keep_too(
    tx: &mut SqliteConnection,
    mut changes: Vec<Change>,
    articles: &[i64],
    now: Timestamp,
) -> sqlx::Result<Vec<Change>> {
    let after = now.as_second().to_string();
    let kept = lanes::keep(tx, articles, now).await?;
    changes.extend(kept.into_iter().map(|article| Change {
        article,
        field: Field::Kept,
        before: None,
        after: Some(after.clone()),
    }));
    changes.sort_by_key(|change| change.article);
    Ok(changes)
}

async fn add_tags(tx: &mut SqliteConnection, rows: Vec<Row>, names: &[String]) -> sqlx::Result<Vec<Change>> {
    let mut changes = Vec::new();
    let mut resolved = Vec::new();
    for name in names {
        resolved.push(tags::resolve(tx, name).await?);
    }
    for row in rows {
        for name in &resolved {
            if tags::attach_exactly(tx, row.id, name).await? {
                changes.push(Change { article: row.id, field: Field::Tag, before: None, after: Some(name.clone()) });
            }
        }
    }
    Ok(changes)
}

/// Takes tags from those articles that have one, and gives them another instead.
async fn replace_tags(
    tx: &mut SqliteConnection,
    rows: Vec<Row>,
    removed: &[String],
    added: Option<&str>,
) -> sqlx::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for Row { id: article, .. } in rows {
        let before = changes.len();
        for name in removed {
            if tags::detach(tx, article, name).await? {
                changes.push(Change { article, field: Field::Tag, before: Some(name.clone()), after: None });
            }
        }
        if let Some(added) = added
            && changes.len() > before
            && tags::attach_exactly(tx, article, added).await?
        {
            changes.push(Change { article, field: Field::Tag, before: None, after: Some(added.to_owned()) });
        }
    }
    Ok(changes)
}

/// Files those articles that are filed under a source under another. They get the tags that they would have got there.
async fn move_to_source(tx: &mut SqliteConnection, rows: Vec<Row>, way: &SourceMove) -> sqlx::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for Row { id: article, .. } in rows {
        if update_source(tx, article, way.from, way.to).await? {
            let (before, after) = (Some(way.from.to_string()), Some(way.to.to_string()));
            changes.push(Change { article, field: Field::Source, before, after });
            let names = tags::take_keywords_after_move(tx, article, (way.from, way.to)).await?;
            changes.extend(names.into_iter().map(|name| Change {
                article,
                field: Field::Tag,
                before: None,
                after: Some(name),
            }));
        }
    }
    Ok(changes)
}

async fn update_source(tx: &mut SqliteConnection, article: i64, from: i64, to: i64) -> sqlx::Result<bool> {
    let updated = sqlx::query!("UPDATE article SET source_id = ?3 WHERE id = ?1 AND source_id = ?2", article, from, to);
    Ok(updated.execute(tx).await?.rows_affected() > 0)
}

/// Deletes articles for good. That cannot be undone, so the changes only count them.
async fn purge(tx: &mut SqliteConnection, rows: Vec<Row>) -> sqlx::Result<Vec<Change>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    delete(tx, &ids).await?;
    let change = |row: Row| Change { article: row.id, field: Field::Deleted, before: None, after: None };
    Ok(rows.into_iter().map(change).collect())
}

/// Deletes articles for good, from the search too.
///
/// # Errors
/// The database fails.
pub(in crate::library::articles) async fn delete(tx: &mut SqliteConnection, ids: &[i64]) -> sqlx::Result<()> {
    for id in ids {
        search::unindex_article(tx, *id).await?;
        sqlx::query!("DELETE FROM article WHERE id = ?1", id).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Takes a change back, if the article still is as the change left it. Returns whether it was.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn revert(tx: &mut SqliteConnection, change: &Change) -> sqlx::Result<bool> {
    let article = change.article;
    let seconds = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<i64>().ok());
    let (before, after) = (seconds(&change.before), seconds(&change.after));
    let statement = match change.field {
        Field::Read => {
            sqlx::query!("UPDATE article SET read_at = ?2 WHERE id = ?1 AND read_at IS ?3", article, before, after)
        }
        Field::Starred => sqlx::query!(
            "UPDATE article SET starred_at = ?2 WHERE id = ?1 AND starred_at IS ?3",
            article,
            before,
            after
        ),
        Field::Archived => sqlx::query!(
            "UPDATE article SET archived_at = ?2 WHERE id = ?1 AND archived_at IS ?3",
            article,
            before,
            after
        ),
        Field::Kept => {
            sqlx::query!("UPDATE article SET kept_at = ?2 WHERE id = ?1 AND kept_at IS ?3", article, before, after)
        }
        // The trash may have been given all its days again, so its times are not compared.
        Field::Deleted => sqlx::query!(
            "UPDATE article SET deleted_at = ?2 WHERE id = ?1 AND (deleted_at IS NULL) = (?3 IS NULL)",
            article,
            before,
            after
        ),
        Field::Topic => return topics::revert(tx, change).await,
        Field::Story => return story_members::revert(tx, change).await,
        Field::Source => {
            return match (before, after) {
                (Some(before), Some(after)) => update_source(tx, article, after, before).await,
                _ => Ok(false),
            };
        }
        Field::Tag => {
            return match (&change.before, &change.after) {
                (Some(removed), _) => tags::attach_exactly(tx, article, removed).await,
                (None, Some(added)) => tags::detach(tx, article, added).await,
                (None, None) => Ok(false),
            };
        }
    };
    Ok(statement.execute(tx).await?.rows_affected() > 0)
}
