//! Lists of articles. Each way a list can begin has its own statement, so that SQLite walks the one index that is in the
//! list's order and never sorts or scans; what else is filtered is checked on the way.

use jiff::Timestamp;

use super::{Card, Count, Filter, Page, Position};
use crate::library::Library;

/// Where a list begins: the most telling thing its filter names.
enum Lead {
    Words,
    Tag,
    Starred,
    Source,
    UnreadOfTopic,
    Topic,
    Unread,
    Newest,
}

/// A filter as the statements take it.
struct Query<'a> {
    filter: &'a Filter,
    /// The first and the last shelf; another than the first only where no index begins with the shelf.
    shelves: (i64, i64),
    since: i64,
    until: i64,
    after: Position,
    limit: i64,
}

impl<'a> Query<'a> {
    fn new(filter: &'a Filter, after: Position, limit: i64) -> Self {
        Self {
            filter,
            shelves: (i64::from(filter.archived), i64::from(filter.archived || filter.reaches_archive())),
            since: filter.since.map_or(i64::MIN, Timestamp::as_second),
            until: filter.until.map_or(i64::MAX, Timestamp::as_second),
            after,
            limit,
        }
    }

    const fn lead(&self) -> Lead {
        let filter = self.filter;
        match filter {
            Filter { words: Some(_), .. } => Lead::Words,
            Filter { tag: Some(_), .. } => Lead::Tag,
            Filter { starred: true, .. } => Lead::Starred,
            Filter { source: Some(_), .. } => Lead::Source,
            Filter { topic: Some(_), unread: true, archived: false, .. } => Lead::UnreadOfTopic,
            Filter { topic: Some(_), .. } => Lead::Topic,
            Filter { unread: true, archived: false, .. } => Lead::Unread,
            _ => Lead::Newest,
        }
    }
}

/// A page of the list, at most `limit` articles after `after`.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, filter: &Filter, after: Position, limit: usize) -> sqlx::Result<Page> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX - 1);
    let query = Query::new(filter, after, limit + 1);
    let mut cards = cards(library, &query).await?;
    let more = i64::try_from(cards.len()).is_ok_and(|found| found > limit);
    if more {
        cards.pop();
    }
    let older = if more { cards.last().map(Card::position) } else { None };
    Ok(Page { cards, older })
}

/// How many articles the list holds in all, counted no further than the cap.
///
/// # Errors
/// The database fails.
pub async fn count(library: &Library, filter: &Filter) -> sqlx::Result<Count> {
    let query = Query::new(filter, Position::START, Count::CAP + 1);
    counted(library, &query).await.map(Count)
}

/// What every list statement checks on the way, whichever index it walks.
macro_rules! statement {
    ($run:ident, $what:tt, $from:tt, $lead:tt, $by:tt, $order:tt, $end:tt, $q:expr) => {
        statement!(@ $run, $what + " FROM " + $from + " CROSS JOIN source s ON s.id = a.source_id
               CROSS JOIN topic t ON t.slug = a.topic
             WHERE " + $lead + " AND +a.shelf BETWEEN ?1 AND ?13
               AND (?2 IS NULL OR a.topic = ?2) AND (?3 IS NULL OR a.source_id = ?3)
               AND (NOT ?4 OR a.read_at IS NULL) AND (NOT ?5 OR a.starred_at IS NOT NULL)
               AND a.sorted_at >= ?6 AND a.sorted_at < ?7 AND (a.sorted_at, a.id) < (?8, ?9)
               AND (?10 IS NULL OR EXISTS (SELECT 1 FROM article_tag h WHERE h.article_id = a.id AND h.tag_id = ?10))
               AND (?11 IS NULL OR ?11 <> '')" + $by + $order + $end, $q)
    };
    (@ rows, $sql:expr, $q:expr) => {
        sqlx::query_as!(Card, $sql, $q.shelves.0, $q.filter.topic, $q.filter.source, $q.filter.unread,
            $q.filter.starred, $q.since, $q.until, $q.after.sorted_at, $q.after.id, $q.filter.tag, $q.filter.words, $q.limit,
            $q.shelves.1)
    };
    (@ number, $sql:expr, $q:expr) => {
        sqlx::query_scalar!($sql, $q.shelves.0, $q.filter.topic, $q.filter.source, $q.filter.unread,
            $q.filter.starred, $q.since, $q.until, $q.after.sorted_at, $q.after.id, $q.filter.tag, $q.filter.words, $q.limit,
            $q.shelves.1)
    };
}

/// One statement for each way to begin: where its articles are found, by what, and in which of two equal orders.
macro_rules! by_lead {
    ($q:expr, $statement:ident, $fetch:ident, $with:expr) => {
        match $q.lead() {
            Lead::Words => by_lead!(@ $q, $statement, $fetch, $with, "article a", "a.id IN (SELECT rowid FROM article_search
                WHERE article_search MATCH ?11 ORDER BY rowid DESC LIMIT 1000)", "a.sorted_at DESC, a.id DESC"),
            Lead::Tag => by_lead!(@ $q, $statement, $fetch, $with, "article_tag g CROSS JOIN article a ON a.id = g.article_id",
                "g.tag_id = ?10 AND (g.sorted_at, g.article_id) < (?8, ?9)", "g.sorted_at DESC, g.article_id DESC"),
            Lead::Starred => by_lead!(@ $q, $statement, $fetch, $with, "article a INDEXED BY article_starred",
                "a.starred_at IS NOT NULL", "a.sorted_at DESC, a.id DESC"),
            Lead::Source => by_lead!(@ $q, $statement, $fetch, $with, "article a INDEXED BY article_by_source",
                "a.shelf = ?1 AND a.source_id = ?3", "a.sorted_at DESC, a.id DESC"),
            Lead::UnreadOfTopic => by_lead!(@ $q, $statement, $fetch, $with, "article a INDEXED BY article_unread_by_topic",
                "a.unread = 1 AND a.topic = ?2", "a.sorted_at DESC, a.id DESC"),
            Lead::Topic => by_lead!(@ $q, $statement, $fetch, $with, "article a INDEXED BY article_by_topic",
                "a.shelf = ?1 AND a.topic = ?2", "a.sorted_at DESC, a.id DESC"),
            Lead::Unread => by_lead!(@ $q, $statement, $fetch, $with, "article a INDEXED BY article_unread",
                "a.unread = 1", "a.sorted_at DESC, a.id DESC"),
            Lead::Newest => by_lead!(@ $q, $statement, $fetch, $with, "article a INDEXED BY article_newest",
                "a.shelf = ?1", "a.sorted_at DESC, a.id DESC"),
        }
    };
    (@ $q:expr, $statement:ident, $fetch:ident, $with:expr, $from:tt, $lead:tt, $order:tt) => {
        $statement!($from, $lead, $order, $q).$fetch($with).await
    };
}

macro_rules! cards_by {
    ($from:tt, $lead:tt, $order:tt, $q:expr) => {
        statement!(rows, r#"SELECT a.id, a.title, a.excerpt, s.domain AS source_domain, s.name AS source_name, a.topic,
            t.name AS topic_name, a.language, a.right_to_left AS "right_to_left: bool", a.sorted_at, a.word_count, a.lead_hash,
            a.read_at IS NOT NULL AS "read!: bool", a.starred_at IS NOT NULL AS "starred!: bool",
            a.archived_at IS NOT NULL AS "archived!: bool", a.published_at IS NOT NULL AS "is_dated!: bool",
            a.verdict = 'article' AS "is_article!: bool""#, $from, $lead, " ORDER BY ", $order, " LIMIT ?12", $q)
    };
}

macro_rules! count_by {
    ($from:tt, $lead:tt, $order:tt, $q:expr) => {
        statement!(
            number,
            r#"SELECT count(*) AS "count!: i64" FROM (SELECT 1"#,
            $from,
            $lead,
            "",
            "",
            " LIMIT ?12)",
            $q
        )
    };
}

async fn cards(library: &Library, query: &Query<'_>) -> sqlx::Result<Vec<Card>> {
    by_lead!(query, cards_by, fetch_all, library.read())
}

async fn counted(library: &Library, query: &Query<'_>) -> sqlx::Result<i64> {
    by_lead!(query, count_by, fetch_one, library.read())
}

/// For each topic that has something unread, in the topics' order: its newest unread articles, at most `each`.
///
/// # Errors
/// The database fails.
pub async fn sections(library: &Library, each: i64) -> sqlx::Result<Vec<Card>> {
    sqlx::query_as!(
        Card,
        r#"SELECT a.id AS "id!", a.title, a.excerpt, s.domain AS source_domain, s.name AS source_name, a.topic,
                  t.name AS topic_name, a.language, a.right_to_left AS "right_to_left: bool", a.sorted_at, a.word_count, a.lead_hash,
                  a.read_at IS NOT NULL AS "read!: bool", a.starred_at IS NOT NULL AS "starred!: bool",
                  a.archived_at IS NOT NULL AS "archived!: bool", a.published_at IS NOT NULL AS "is_dated!: bool",
                  a.verdict = 'article' AS "is_article!: bool"
           FROM topic t CROSS JOIN article a ON a.id IN
                    (SELECT b.id FROM article b INDEXED BY article_unread_by_topic
                     WHERE b.unread = 1 AND b.topic = t.slug ORDER BY b.sorted_at DESC, b.id DESC LIMIT ?1)
                CROSS JOIN source s ON s.id = a.source_id
           ORDER BY t.place, t.slug, a.sorted_at DESC, a.id DESC"#,
        each
    )
    .fetch_all(library.read())
    .await
}

/// What readers handed in since then, the last to arrive first; looked for among the last `among` articles only.
///
/// # Errors
/// The database fails.
pub async fn arrived(library: &Library, since: Timestamp, among: i64) -> sqlx::Result<Vec<Card>> {
    let since = since.as_second();
    sqlx::query_as!(
        Card,
        r#"SELECT a.id, a.title, a.excerpt, s.domain AS source_domain, s.name AS source_name, a.topic,
                  t.name AS topic_name, a.language, a.right_to_left AS "right_to_left: bool", a.sorted_at, a.word_count, a.lead_hash,
                  a.read_at IS NOT NULL AS "read!: bool", a.starred_at IS NOT NULL AS "starred!: bool",
                  a.archived_at IS NOT NULL AS "archived!: bool", a.published_at IS NOT NULL AS "is_dated!: bool",
                  a.verdict = 'article' AS "is_article!: bool"
           FROM article a NOT INDEXED CROSS JOIN source s ON s.id = a.source_id CROSS JOIN topic t ON t.slug = a.topic
           WHERE a.id > (SELECT max(id) FROM article) - ?2 AND a.shelf = 0 AND a.lane = 'kept' AND a.received_at >= ?1
           ORDER BY a.id DESC"#,
        since,
        among
    )
    .fetch_all(library.read())
    .await
}

/// What lies in the trash, the last deleted first, at most 500.
///
/// # Errors
/// The database fails.
pub async fn trash(library: &Library) -> sqlx::Result<Vec<Card>> {
    sqlx::query_as!(
        Card,
        r#"SELECT a.id, a.title, a.excerpt, s.domain AS source_domain, s.name AS source_name, a.topic,
                  t.name AS topic_name, a.language, a.right_to_left AS "right_to_left: bool", a.deleted_at AS "sorted_at!",
                  a.word_count, a.lead_hash,
                  a.read_at IS NOT NULL AS "read!: bool", a.starred_at IS NOT NULL AS "starred!: bool",
                  a.archived_at IS NOT NULL AS "archived!: bool", a.published_at IS NOT NULL AS "is_dated!: bool",
                  a.verdict = 'article' AS "is_article!: bool"
           FROM article a INDEXED BY article_trash CROSS JOIN source s ON s.id = a.source_id
                CROSS JOIN topic t ON t.slug = a.topic
           WHERE a.deleted_at IS NOT NULL ORDER BY a.deleted_at DESC LIMIT 500"#
    )
    .fetch_all(library.read())
    .await
}

/// Articles of a source whose pages are kept, the last to arrive first: those with numbers below `below`, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn extractable(library: &Library, source: i64, below: i64, limit: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "SELECT id FROM article INDEXED BY article_of_source
         WHERE source_id = ?1 AND id < ?2 AND snapshot_id IS NOT NULL ORDER BY id DESC LIMIT ?3",
        source,
        below,
        limit
    )
    .fetch_all(library.read())
    .await
}

/// The last articles of a domain whose pages are kept and that are not in the trash, with their titles.
///
/// # Errors
/// The database fails.
pub async fn extractable_of(library: &Library, domain: &str, limit: i64) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        "SELECT a.id, a.title FROM source s CROSS JOIN article a INDEXED BY article_of_source ON a.source_id = s.id
         WHERE s.domain = ?1 AND a.snapshot_id IS NOT NULL AND a.deleted_at IS NULL ORDER BY a.id DESC LIMIT ?2",
        domain,
        limit
    )
    .fetch_all(library.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}
