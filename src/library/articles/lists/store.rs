//! List queries. Each access path has its own statement, so that SQLite follows one index in list order and never sorts
//! or scans; the other filters are checked on the way.

use jiff::Timestamp;
use sqlx::types::Json;

use crate::library::Library;
use crate::library::articles::lists::{Card, Filter, Page, Position, Sort, merge};
use crate::library::lanes::{Lane, Lanes};

/// The index a list follows, chosen by the most selective condition of its filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessPath {
    Search,
    Tag,
    StarredInSource,
    StarredInTopic,
    Starred,
    Source,
    Reason,
    UnreadInTopic,
    Topic,
    Unread,
    Newest,
    Feed,
    Folder,
}

impl AccessPath {
    pub(super) const fn of(filter: &Filter) -> Self {
        match filter {
            Filter { matches: Some(_), .. } => Self::Search,
            Filter { tag_id: Some(_), .. } => Self::Tag,
            Filter { feed_id: Some(_), .. } => Self::Feed,
            Filter { folder_id: Some(_), .. } => Self::Folder,
            Filter { starred: true, source_id: Some(_), .. } => Self::StarredInSource,
            Filter { starred: true, topic: Some(_), .. } => Self::StarredInTopic,
            Filter { starred: true, .. } => Self::Starred,
            Filter { source_id: Some(_), .. } => Self::Source,
            Filter { topic: Some(_), reason: Some(_), .. } => Self::Reason,
            Filter { topic: Some(_), unread: true, archived: false, .. } => Self::UnreadInTopic,
            Filter { topic: Some(_), .. } => Self::Topic,
            Filter { unread: true, archived: false, .. } => Self::Unread,
            _ => Self::Newest,
        }
    }

    /// Returns whether its indexes keep the lanes apart, so that a list of both walks them one by one.
    pub(super) const fn keeps_lanes_apart(self) -> bool {
        !matches!(self, Self::Search | Self::Tag | Self::Feed | Self::Folder)
    }
}

/// A filter as bound to the statements.
#[derive(Clone, Copy)]
struct Query<'a> {
    filter: &'a Filter,
    /// First and last state; they differ only for access paths whose index does not begin with the shelf.
    states: (i64, i64),
    since: i64,
    until: i64,
    after: Position,
    /// The key of the list's order is less than this.
    key_until: i64,
    limit: i64,
    /// Ids found by a search, as a JSON array.
    matching_ids: Option<&'a str>,
    /// The number of the lane; `None`: both, for access paths that do not keep them apart.
    lane: Option<i64>,
}

impl<'a> Query<'a> {
    fn new(filter: &'a Filter, after: Position, limit: i64) -> Self {
        Self {
            filter,
            states: (i64::from(filter.archived), filter.last_state()),
            since: filter.since.map_or(i64::MIN, Timestamp::as_second),
            until: filter.until.map_or(i64::MAX, Timestamp::as_second),
            after,
            key_until: i64::MAX,
            limit,
            matching_ids: filter.matches.as_ref().map(|matches| &*matches.ids),
            lane: filter.lanes.only().map(Lane::number),
        }
    }

    /// Returns the query for each lane that its index keeps apart.
    fn by_lane(&self) -> (Self, Option<Self>) {
        let in_lane = |lane: Lane| Self { lane: Some(lane.number()), ..*self };
        match self.filter.lanes {
            Lanes::Both if AccessPath::of(self.filter).keeps_lanes_apart() => {
                (in_lane(Lane::Kept), Some(in_lane(Lane::Stream)))
            }
            _ => (*self, None),
        }
    }
}

/// Returns a page of a list, newest first: at most `limit` articles after `after`.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library, filter: &Filter, after: Position, limit: usize) -> sqlx::Result<Page> {
    list_sorted(library, filter, Sort::Newest, after, limit).await
}

/// Returns a page of a list in any order: at most `limit` articles after `after`.
///
/// # Errors
/// The database fails.
pub async fn list_sorted(
    library: &Library,
    filter: &Filter,
    sort: Sort,
    after: Position,
    limit: usize,
) -> sqlx::Result<Page> {
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let query = Query::new(filter, after, wanted);
    let Sort::Random(start) = sort else {
        return Ok(Page::new(select_cards(library, &query, sort.within(filter)).await?, limit));
    };
    // A shuffled list goes on to the end of the order, and then from its beginning to where the list began.
    let start = i64::from(start);
    if after.key < start {
        let query = Query { key_until: start, ..query };
        return Ok(Page::new(select_cards(library, &query, sort).await?, limit));
    }
    let mut cards = select_cards(library, &query, sort).await?;
    let missing = wanted - i64::try_from(cards.len()).unwrap_or(wanted);
    if missing > 0 {
        let rest = Query { after: Position::MIN, key_until: start, limit: missing, ..query };
        cards.extend(select_cards(library, &rest, sort).await?);
    }
    Ok(Page::new(cards, limit))
}

/// Returns the article that follows another in a list, whether that one is in the list itself or not.
///
/// # Errors
/// The database fails.
pub async fn find_next(library: &Library, filter: &Filter, sort: Sort, article: i64) -> sqlx::Result<Option<i64>> {
    let row = sqlx::query!(
        r#"SELECT sorted_at, word_count, archived_at, shuffle AS "shuffle!: i64" FROM article WHERE id = ?1"#,
        article
    )
    .fetch_optional(library.readers())
    .await?;
    let sort = sort.within(filter);
    let key = row.and_then(|row| match sort {
        Sort::Newest | Sort::Oldest => Some(row.sorted_at),
        Sort::Shortest | Sort::Longest => Some(row.word_count),
        Sort::RecentlyArchived => row.archived_at,
        Sort::Random(_) => Some(row.shuffle),
    });
    let after = key.map_or_else(|| sort.start(), |key| Position { key, id: article });
    let page = list_sorted(library, filter, sort, after, 1).await?;
    Ok(page.cards.first().map(|card| card.id))
}

/// Returns the ids of all articles of a list that arrived up to the article `up_to`, newest first in
/// each lane.
///
/// # Errors
/// The database fails.
pub async fn list_ids(library: &Library, filter: &Filter, up_to: i64) -> sqlx::Result<Vec<i64>> {
    let query = Query::new(filter, Position::START, i64::MAX);
    let mut ids = select_ids(library, &query).await?;
    ids.retain(|id| *id <= up_to);
    Ok(ids)
}

/// Selects cards for the rows (id, date, sort key) of an inner query, in its order; the first argument comes before the card
/// column. Returns them as one JSON text: separate rows would each be handed over from the database's own thread, which
/// costs more than their content. `json_group_array` keeps the order of its input.
macro_rules! cards {
    ($query:ident, [$($before:tt)*], [$($found:tt)*] $(, $argument:expr)*) => {
        sqlx::$query!($($before)* + r#" json_group_array(json_object('id', a.id, 'title', a.title, 'excerpt', a.excerpt,
                'source_domain', s.domain, 'source_name', s.name, 'topic', a.topic, 'topic_name', t.name,
                'language', a.language, 'is_right_to_left', a.is_right_to_left, 'sorted_at', f.at, 'key', f.key, 'word_count', a.word_count,
                'lead_image_hash', a.lead_image_hash, 'read', a.read_at IS NOT NULL, 'is_changed', a.changed_at IS NOT NULL AND coalesce(a.changed_at > nullif(coalesce(a.seen_at, a.read_at), 0), 0), 'starred', a.starred_at IS NOT NULL,
                'archived', a.archived_at IS NOT NULL, 'is_in_stream', a.lane, 'is_dated', a.published_at IS NOT NULL,
                'published_on', CASE WHEN f.at = a.published_at THEN a.published_date END,
                'is_article', a.verdict = 'article')) AS "cards!: Json<Vec<Card>>"
             FROM ("# + $($found)* + ") f CROSS JOIN article a ON a.id = f.id
                CROSS JOIN source s ON s.id = a.source_id CROSS JOIN topic t ON t.slug = a.topic" $(, $argument)*)
    };
    ([$($found:tt)*] $(, $argument:expr)*) => { cards!(query_scalar, ["SELECT"], [$($found)*] $(, $argument)*) };
}
pub(in crate::library::articles) use cards;

/// Lists the ids of an inner query, as one JSON text.
macro_rules! ids {
    ([$($found:tt)*] $(, $argument:expr)*) => {
        sqlx::query_scalar!(r#"SELECT json_group_array(id) AS "ids!: Json<Vec<i64>>" FROM ("# + $($found)* + ")" $(, $argument)*)
    };
}

/// The inner query: conditions checked for every list, whichever index it follows. `$key` is what the list is sorted by,
/// and `$after` compares it with the position.
macro_rules! matching {
    ($what:ident, $q:expr, $from:tt, [$($path:tt)*], $key:tt, $after:tt, [$($order:tt)*]) => {
        $what!(["SELECT a.id, a.sorted_at AS at, a." + $key + " AS key FROM " + $from + " WHERE " + $($path)* + " AND +a.shelf % 3 BETWEEN ?1 AND ?13
               AND (?16 IS NULL OR +a.shelf / 3 = ?16)
               AND (?2 IS NULL OR a.topic = ?2) AND (?3 IS NULL OR a.source_id = ?3)
               AND (NOT ?4 OR a.read_at IS NULL) AND (NOT ?5 OR a.starred_at IS NOT NULL)
               AND a.sorted_at >= ?6 AND a.sorted_at < ?7 AND (a." + $key + ", a.id) " + $after + " (?8, ?9) AND +a." + $key + " < ?14
               AND (?10 IS NULL OR EXISTS (SELECT 1 FROM article_tag h WHERE h.article_id = a.id AND h.tag_id = ?10))
               AND (?11 IS NULL OR ?11 <> '') AND (?15 IS NULL OR a.reason = ?15)
               AND (?17 IS NULL OR EXISTS (SELECT 1 FROM article_feed h WHERE h.article_id = a.id AND h.feed_id = ?17))
               AND (?18 IS NULL OR EXISTS (SELECT 1 FROM article_folder h WHERE h.article_id = a.id AND h.folder_id = ?18))" + $($order)* + " LIMIT +?12"],
            $q.states.0, $q.filter.topic, $q.filter.source_id, $q.filter.unread, $q.filter.starred, $q.since, $q.until,
            $q.after.key, $q.after.id, $q.filter.tag_id, $q.matching_ids, $q.limit, $q.states.1, $q.key_until,
            $q.filter.reason, $q.lane, $q.filter.feed_id, $q.filter.folder_id)
    };
}

/// Runs a statement.
macro_rules! run {
    ($what:ident, $q:expr, $with:expr, $from:tt, $path:tt, $key:tt, $after:tt, $order:tt) => {
        matching!($what, $q, $from, $path, $key, $after, $order).fetch_one($with).await
    };
}

/// By date: one statement per access path: table and index, condition, order.
macro_rules! by_access_path {
    ($what:ident, $q:expr, $with:expr, $after:tt, $direction:tt) => {
        match AccessPath::of($q.filter) {
            AccessPath::Search => by_access_path!(@ $what, $q, $with, $after, $direction, "article a", "a.id IN (SELECT value FROM json_each(?11))"),
            AccessPath::Tag => by_access_path!(@in $what, $q, $with, $after, $direction, "article_tag g CROSS JOIN article a ON a.id = g.article_id", "g.tag_id = ?10"),
            AccessPath::StarredInSource => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_starred_in_source", "a.starred_at IS NOT NULL AND a.lane = ?16 AND a.source_id = ?3"),
            AccessPath::StarredInTopic => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_starred_in_topic", "a.starred_at IS NOT NULL AND a.lane = ?16 AND a.topic = ?2"),
            AccessPath::Starred => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_starred", "a.starred_at IS NOT NULL AND a.lane = ?16"),
            AccessPath::Source => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_newest_in_source", "a.shelf = ?1 + 3 * ?16 AND a.source_id = ?3"),
            AccessPath::Reason => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_by_reason", "a.deleted_at IS NULL AND a.lane = ?16 AND a.topic = ?2 AND a.reason = ?15"),
            AccessPath::UnreadInTopic => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_unread_in_topic", "a.is_unread = 1 AND a.lane = ?16 AND a.topic = ?2"),
            AccessPath::Topic => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_newest_in_topic", "a.shelf = ?1 + 3 * ?16 AND a.topic = ?2"),
            AccessPath::Unread => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_unread", "a.is_unread = 1 AND a.lane = ?16"),
            AccessPath::Newest => by_access_path!(@ $what, $q, $with, $after, $direction, "article a INDEXED BY article_newest", "a.shelf = ?1 + 3 * ?16"),
            AccessPath::Feed => by_access_path!(@in $what, $q, $with, $after, $direction, "article_feed g CROSS JOIN article a ON a.id = g.article_id", "g.feed_id = ?17"),
            AccessPath::Folder => by_access_path!(@in $what, $q, $with, $after, $direction, "article_folder g CROSS JOIN article a ON a.id = g.article_id", "g.folder_id = ?18"),
        }
    };
    (@in $what:ident, $q:expr, $with:expr, $after:tt, $direction:tt, $from:tt, $path:tt) => {
        run!($what, $q, $with, $from, [$path + " AND (g.sorted_at, g.article_id) " + $after + " (?8, ?9)"], "sorted_at", $after,
            [" ORDER BY g.sorted_at" + $direction + ", g.article_id" + $direction])
    };
    (@ $what:ident, $q:expr, $with:expr, $after:tt, $direction:tt, $from:tt, $path:tt) => {
        run!($what, $q, $with, $from, [$path], "sorted_at", $after, [" ORDER BY a.sorted_at" + $direction + ", a.id" + $direction])
    };
}

/// By another key: along its own index, which holds all that is checked. Articles of a search, a tag, a feed or a folder are sorted.
macro_rules! by_key {
    ($q:expr, $with:expr, $key:tt, $all:tt, $starred:tt, $after:tt, $direction:tt) => {
        match AccessPath::of($q.filter) {
            AccessPath::Search => by_key!(@ $q, $with, $key, $after, $direction, ("article a", "a.id IN (SELECT value FROM json_each(?11))")),
            AccessPath::Tag => by_key!(@ $q, $with, $key, $after, $direction, ("article_tag g CROSS JOIN article a ON a.id = g.article_id", "g.tag_id = ?10")),
            AccessPath::Feed => by_key!(@ $q, $with, $key, $after, $direction, ("article_feed g CROSS JOIN article a ON a.id = g.article_id", "g.feed_id = ?17")),
            AccessPath::Folder => by_key!(@ $q, $with, $key, $after, $direction, ("article_folder g CROSS JOIN article a ON a.id = g.article_id", "g.folder_id = ?18")),
            AccessPath::Starred | AccessPath::StarredInSource | AccessPath::StarredInTopic => by_key!(@ $q, $with, $key, $after, $direction, $starred),
            _ => by_key!(@ $q, $with, $key, $after, $direction, $all),
        }
    };
    (@ $q:expr, $with:expr, $key:tt, $after:tt, $direction:tt, ($from:tt, $path:tt)) => {
        run!(cards, $q, $with, $from, [$path], $key, $after, [" ORDER BY a." + $key + $direction + ", a.id" + $direction])
    };
}

/// By number of words.
macro_rules! by_length {
    ($q:expr, $with:expr, $after:tt, $direction:tt) => {
        by_key!(
            $q,
            $with,
            "word_count",
            ("article a INDEXED BY article_by_length", "a.shelf = ?1 + 3 * ?16"),
            ("article a INDEXED BY article_starred_by_length", "a.starred_at IS NOT NULL AND a.lane = ?16"),
            $after,
            $direction
        )
    };
}

/// Selects cards of one lane, or of both as one list.
async fn select_cards(library: &Library, query: &Query<'_>, sort: Sort) -> sqlx::Result<Vec<Card>> {
    let (first, second) = query.by_lane();
    let Some(second) = second else { return select_from_lane(library, &first, sort).await };
    let (kept, stream) =
        tokio::try_join!(select_from_lane(library, &first, sort), select_from_lane(library, &second, sort))?;
    Ok(merge::merge(kept, stream, sort, query.limit))
}

async fn select_from_lane(library: &Library, query: &Query<'_>, sort: Sort) -> sqlx::Result<Vec<Card>> {
    let found = match sort {
        Sort::Newest => by_access_path!(cards, query, library.readers(), "<", " DESC"),
        Sort::Oldest => by_access_path!(cards, query, library.readers(), ">", ""),
        Sort::Shortest => by_length!(query, library.readers(), ">", ""),
        Sort::Longest => by_length!(query, library.readers(), "<", " DESC"),
        Sort::RecentlyArchived => by_key!(
            query,
            library.readers(),
            "archived_at",
            ("article a INDEXED BY article_archived", "a.state = 1 AND a.shelf = 1 + 3 * ?16"),
            ("article a INDEXED BY article_archived", "a.state = 1 AND a.shelf = 1 + 3 * ?16"),
            "<",
            " DESC"
        ),
        Sort::Random(_) => by_key!(
            query,
            library.readers(),
            "shuffle",
            ("article a INDEXED BY article_shuffled", "a.shelf = ?1 + 3 * ?16"),
            ("article a INDEXED BY article_starred_shuffled", "a.starred_at IS NOT NULL AND a.lane = ?16"),
            ">",
            ""
        ),
    };
    found.map(|Json(cards)| cards)
}

/// Selects the ids of one lane, or of both, one after the other.
async fn select_ids(library: &Library, query: &Query<'_>) -> sqlx::Result<Vec<i64>> {
    let (first, second) = query.by_lane();
    let mut selected = Vec::new();
    for query in [Some(first), second].iter().flatten() {
        selected.extend(by_access_path!(ids, query, library.readers(), "<", " DESC")?.0);
    }
    Ok(selected)
}

/// Lists the trash, last deleted first: at most `limit` articles after `after`. Each carries its date of deletion.
///
/// # Errors
/// The database fails.
pub async fn list_trash(library: &Library, after: Position, limit: usize) -> sqlx::Result<Page> {
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let found = cards!(
        ["SELECT id, deleted_at AS at, deleted_at AS key FROM article INDEXED BY article_deleted
          WHERE deleted_at IS NOT NULL AND (deleted_at, id) < (?1, ?2) ORDER BY deleted_at DESC, id DESC LIMIT +?3"],
        after.key,
        after.id,
        wanted
    );
    let Json(cards) = found.fetch_one(library.readers()).await?;
    Ok(Page::new(cards, limit))
}

/// Lists the ids of all articles in the trash that were deleted up to this time (Unix seconds).
///
/// # Errors
/// The database fails.
pub async fn list_trash_ids(library: &Library, deleted_up_to: i64) -> sqlx::Result<Vec<i64>> {
    let found = ids!(
        ["SELECT id FROM article INDEXED BY article_deleted WHERE deleted_at IS NOT NULL AND deleted_at <= ?1"],
        deleted_up_to
    );
    found.fetch_one(library.readers()).await.map(|Json(ids)| ids)
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
