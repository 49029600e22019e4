//! List queries. Each access path has its own statement, so that SQLite follows one index in list order and never sorts
//! or scans; the other filters are checked on the way.

use jiff::Timestamp;
use sqlx::types::Json;

use crate::library::Library;
use crate::library::articles::lists::{CappedCount, Card, Filter, Page, Position};

/// The index a list follows, chosen by the most selective condition of its filter.
enum AccessPath {
    Search,
    Tag,
    Starred,
    Source,
    UnreadInTopic,
    Topic,
    Unread,
    Newest,
}

/// A filter as bound to the statements.
struct Query<'a> {
    filter: &'a Filter,
    /// First and last state; they differ only for access paths whose index does not begin with the state.
    states: (i64, i64),
    since: i64,
    until: i64,
    after: Position,
    limit: i64,
    /// Ids found by a search, as a JSON array.
    matching_ids: Option<&'a str>,
}

impl<'a> Query<'a> {
    fn new(filter: &'a Filter, after: Position, limit: i64) -> Self {
        Self {
            filter,
            states: (i64::from(filter.archived), i64::from(filter.archived || filter.includes_archived())),
            since: filter.since.map_or(i64::MIN, Timestamp::as_second),
            until: filter.until.map_or(i64::MAX, Timestamp::as_second),
            after,
            limit,
            matching_ids: filter.matches.as_ref().map(|matches| &*matches.ids),
        }
    }

    const fn access_path(&self) -> AccessPath {
        let filter = self.filter;
        match filter {
            Filter { matches: Some(_), .. } => AccessPath::Search,
            Filter { tag_id: Some(_), .. } => AccessPath::Tag,
            Filter { starred: true, .. } => AccessPath::Starred,
            Filter { source_id: Some(_), .. } => AccessPath::Source,
            Filter { topic: Some(_), unread: true, archived: false, .. } => AccessPath::UnreadInTopic,
            Filter { topic: Some(_), .. } => AccessPath::Topic,
            Filter { unread: true, archived: false, .. } => AccessPath::Unread,
            _ => AccessPath::Newest,
        }
    }
}

/// Returns a page of a list: at most `limit` articles after `after`.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, filter: &Filter, after: Position, limit: usize) -> sqlx::Result<Page> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX - 1);
    let query = Query::new(filter, after, limit + 1);
    let mut cards = select_cards(library, &query).await?;
    let has_more = i64::try_from(cards.len()).is_ok_and(|found| found > limit);
    if has_more {
        cards.pop();
    }
    let older = if has_more { cards.last().map(Card::position) } else { None };
    Ok(Page { cards, older })
}

/// Counts the articles of a list, up to the cap.
///
/// # Errors
/// The database fails.
pub async fn count(library: &Library, filter: &Filter) -> sqlx::Result<CappedCount> {
    let query = Query::new(filter, Position::START, CappedCount::CAP + 1);
    select_count(library, &query).await.map(CappedCount)
}

/// Selects cards for the rows (id, date) of an inner query, in its order; the first argument comes before the card
/// column. Returns them as one JSON text: separate rows would each be handed over from the database's own thread, which
/// costs more than their content. `json_group_array` keeps the order of its input.
macro_rules! cards {
    ($query:ident, [$($before:tt)*], [$($found:tt)*] $(, $argument:expr)*) => {
        sqlx::$query!($($before)* + r#" json_group_array(json_object('id', a.id, 'title', a.title, 'excerpt', a.excerpt,
                'source_domain', s.domain, 'source_name', s.name, 'topic', a.topic, 'topic_name', t.name,
                'language', a.language, 'is_right_to_left', a.is_right_to_left, 'sorted_at', f.at, 'word_count', a.word_count,
                'lead_image_hash', a.lead_image_hash, 'read', a.read_at IS NOT NULL, 'starred', a.starred_at IS NOT NULL,
                'archived', a.archived_at IS NOT NULL, 'is_dated', a.published_at IS NOT NULL,
                'is_article', a.verdict = 'article')) AS "cards!: Json<Vec<Card>>"
             FROM ("# + $($found)* + ") f CROSS JOIN article a ON a.id = f.id
                CROSS JOIN source s ON s.id = a.source_id CROSS JOIN topic t ON t.slug = a.topic" $(, $argument)*)
    };
    ([$($found:tt)*] $(, $argument:expr)*) => { cards!(query_scalar, ["SELECT"], [$($found)*] $(, $argument)*) };
}
pub(in crate::library::articles) use cards;

/// Counts the rows of an inner query.
macro_rules! count {
    ([$($found:tt)*] $(, $argument:expr)*) => {
        sqlx::query_scalar!(r#"SELECT count(*) AS "count!: i64" FROM ("# + $($found)* + ")" $(, $argument)*)
    };
}

/// The inner query: conditions checked for every list, whichever index it follows.
macro_rules! matching {
    ($what:ident, $from:tt, $path:tt, $order:tt, $q:expr) => {
        $what!(["SELECT a.id, a.sorted_at AS at FROM " + $from + " WHERE " + $path + " AND +a.state BETWEEN ?1 AND ?13
               AND (?2 IS NULL OR a.topic = ?2) AND (?3 IS NULL OR a.source_id = ?3)
               AND (NOT ?4 OR a.read_at IS NULL) AND (NOT ?5 OR a.starred_at IS NOT NULL)
               AND a.sorted_at >= ?6 AND a.sorted_at < ?7 AND (a.sorted_at, a.id) < (?8, ?9)
               AND (?10 IS NULL OR EXISTS (SELECT 1 FROM article_tag h WHERE h.article_id = a.id AND h.tag_id = ?10))
               AND (?11 IS NULL OR ?11 <> '')" + $order + " LIMIT +?12"],
            $q.states.0, $q.filter.topic, $q.filter.source_id, $q.filter.unread, $q.filter.starred, $q.since, $q.until,
            $q.after.sorted_at, $q.after.id, $q.filter.tag_id, $q.matching_ids, $q.limit, $q.states.1)
    };
}

/// One statement per access path: table and index, condition, order. Counting needs no order.
macro_rules! by_access_path {
    ($q:expr, $what:ident, $with:expr) => {
        match $q.access_path() {
            AccessPath::Search => by_access_path!(@ $q, $what, $with, "article a", "a.id IN (SELECT value FROM json_each(?11))", " ORDER BY a.sorted_at DESC, a.id DESC"),
            AccessPath::Tag => by_access_path!(@ $q, $what, $with, "article_tag g CROSS JOIN article a ON a.id = g.article_id",
                "g.tag_id = ?10 AND (g.sorted_at, g.article_id) < (?8, ?9)", " ORDER BY g.sorted_at DESC, g.article_id DESC"),
            AccessPath::Starred => by_access_path!(@ $q, $what, $with, "article a INDEXED BY article_starred",
                "a.starred_at IS NOT NULL", " ORDER BY a.sorted_at DESC, a.id DESC"),
            AccessPath::Source => by_access_path!(@ $q, $what, $with, "article a INDEXED BY article_newest_in_source",
                "a.state = ?1 AND a.source_id = ?3", " ORDER BY a.sorted_at DESC, a.id DESC"),
            AccessPath::UnreadInTopic => by_access_path!(@ $q, $what, $with, "article a INDEXED BY article_unread_in_topic",
                "a.is_unread = 1 AND a.topic = ?2", " ORDER BY a.sorted_at DESC, a.id DESC"),
            AccessPath::Topic => by_access_path!(@ $q, $what, $with, "article a INDEXED BY article_newest_in_topic",
                "a.state = ?1 AND a.topic = ?2", " ORDER BY a.sorted_at DESC, a.id DESC"),
            AccessPath::Unread => by_access_path!(@ $q, $what, $with, "article a INDEXED BY article_unread",
                "a.is_unread = 1", " ORDER BY a.sorted_at DESC, a.id DESC"),
            AccessPath::Newest => by_access_path!(@ $q, $what, $with, "article a INDEXED BY article_newest",
                "a.state = ?1", " ORDER BY a.sorted_at DESC, a.id DESC"),
        }
    };
    (@ $q:expr, cards, $with:expr, $from:tt, $path:tt, $order:tt) => {
        matching!(cards, $from, $path, $order, $q).fetch_one($with).await
    };
    (@ $q:expr, count, $with:expr, $from:tt, $path:tt, $order:tt) => {
        matching!(count, $from, $path, "", $q).fetch_one($with).await
    };
}

async fn select_cards(library: &Library, query: &Query<'_>) -> sqlx::Result<Vec<Card>> {
    by_access_path!(query, cards, library.readers()).map(|Json(cards)| cards)
}

async fn select_count(library: &Library, query: &Query<'_>) -> sqlx::Result<i64> {
    by_access_path!(query, count, library.readers())
}

/// Lists the trash, last deleted first, at most 500 articles. Each carries its date of deletion.
///
/// # Errors
/// The database fails.
pub async fn list_trash(library: &Library) -> sqlx::Result<Vec<Card>> {
    let found = cards!(["SELECT id, deleted_at AS at FROM article INDEXED BY article_deleted
          WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 500"]);
    found.fetch_one(library.readers()).await.map(|Json(cards)| cards)
}

/// Lists articles of a source that have a snapshot, newest id first: at most `limit`, with ids less than `before_id`.
///
/// # Errors
/// The database fails.
pub async fn list_ids_with_snapshot(
    library: &Library,
    source_id: i64,
    before_id: i64,
    limit: i64,
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "SELECT id FROM article INDEXED BY article_by_source
         WHERE source_id = ?1 AND id < ?2 AND snapshot_id IS NOT NULL ORDER BY id DESC LIMIT +?3",
        source_id,
        before_id,
        limit
    )
    .fetch_all(library.readers())
    .await
}

/// Lists the newest articles of a domain that have a snapshot and are not in the trash, with their titles.
///
/// # Errors
/// The database fails.
pub async fn list_newest_with_snapshot(
    library: &Library,
    domain: &str,
    limit: i64,
) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        "SELECT a.id, a.title FROM source s CROSS JOIN article a INDEXED BY article_by_source ON a.source_id = s.id
         WHERE s.domain = ?1 AND a.snapshot_id IS NOT NULL AND a.deleted_at IS NULL ORDER BY a.id DESC LIMIT +?2",
        domain,
        limit
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}
