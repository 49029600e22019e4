//! Counts of articles: those that triggers keep (`facet_count`), and those of a survey of the newest articles of a list.

use jiff::Timestamp;
use sqlx::types::Json;

use crate::library::Library;
use crate::library::articles::lists::Filter;
use crate::library::articles::lists::store::AccessPath;
use crate::library::lanes::Lane;

/// A tag, source or topic, and the number of its articles with certain marks.
pub(super) type Counted<K> = (K, u8, i64);

/// What a survey found, as stored.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Surveyed {
    /// Number of articles looked at.
    pub walked: usize,
    pub topics: Vec<Counted<String>>,
    pub sources: Vec<Counted<i64>>,
    /// Number of articles whose tags were counted.
    pub articles_with_tags: usize,
    pub tags: Vec<Counted<i64>>,
}

/// A source or tag, with the kept counts of its articles.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub id: i64,
    /// Domain or slug.
    pub value: String,
    pub name: String,
    /// Marks and number of articles.
    pub counts: Json<Vec<(u8, i64)>>,
}

/// Returns the kept counts per topic of a tag or a source, or of all articles; the topic `''` stands for any.
///
/// # Errors
/// The database fails.
pub(super) async fn count_per_topic(
    library: &Library,
    tag_id: Option<i64>,
    source_id: Option<i64>,
) -> sqlx::Result<Vec<Counted<String>>> {
    let (tag_id, source_id) = (tag_id.unwrap_or(0), source_id.unwrap_or(0));
    let counts = sqlx::query_scalar!(
        r#"SELECT json_group_array(json_array(topic, marks, articles)) AS "counts!: Json<Vec<Counted<String>>>"
           FROM facet_count WHERE tag_id = ?1 AND source_id = ?2 AND articles > 0"#,
        tag_id,
        source_id
    );
    counts.fetch_one(library.readers()).await.map(|Json(counts)| counts)
}

/// Returns names and kept counts of sources, in a topic if one is given.
///
/// # Errors
/// The database fails.
pub(super) async fn name_sources(library: &Library, ids: &[i64], topic: Option<&str>) -> sqlx::Result<Vec<Named>> {
    let (ids, topic) = (serde_json::json!(ids).to_string(), topic.unwrap_or_default());
    sqlx::query_as!(
        Named,
        r#"SELECT s.id AS "id!", s.domain AS "value!", s.name AS "name!",
                  (SELECT json_group_array(json_array(n.marks, n.articles)) FROM facet_count n
                   WHERE n.tag_id = 0 AND n.source_id = s.id AND n.topic = ?2) AS "counts!: Json<Vec<(u8, i64)>>"
           FROM json_each(?1) j CROSS JOIN source s ON s.id = j.value"#,
        ids,
        topic
    )
    .fetch_all(library.readers())
    .await
}

/// Returns names and kept counts of tags, in a topic if one is given.
///
/// # Errors
/// The database fails.
pub(super) async fn name_tags(library: &Library, ids: &[i64], topic: Option<&str>) -> sqlx::Result<Vec<Named>> {
    let (ids, topic) = (serde_json::json!(ids).to_string(), topic.unwrap_or_default());
    sqlx::query_as!(
        Named,
        r#"SELECT t.id AS "id!", t.slug AS "value!", t.name AS "name!",
                  (SELECT json_group_array(json_array(n.marks, n.articles)) FROM facet_count n
                   WHERE n.tag_id = t.id AND n.source_id = 0 AND n.topic = ?2) AS "counts!: Json<Vec<(u8, i64)>>"
           FROM json_each(?1) j CROSS JOIN tag t ON t.id = j.value"#,
        ids,
        topic
    )
    .fetch_all(library.readers())
    .await
}

/// Looks at articles along an index, newest first, and counts those that pass the other filters. The states are not
/// checked: they follow from the marks.
macro_rules! survey {
    ($library:expr, $filter:expr, $limits:expr, $matching_ids:expr, [$($from:tt)*], [$($path:tt)*], $order:tt) => {{
        let filter = $filter;
        let lane = filter.lanes.only().map(Lane::number);
        let (shelf, since, until) = (
            i64::from(filter.archived) + 3 * lane.unwrap_or_default(),
            filter.since.map_or(i64::MIN, Timestamp::as_second),
            filter.until.map_or(i64::MAX, Timestamp::as_second),
        );
        sqlx::query_scalar!(
            r#"WITH walked AS MATERIALIZED (
                   SELECT a.id, a.topic, a.source_id, a.marks, a.reason FROM "# + $($from)* + " WHERE " + $($path)* + " AND ?1 IS NOT NULL AND (?11 IS NULL OR ?11 < 2)
                       AND (?5 IS NULL OR ?5 <> '')" + $order + r#" LIMIT +?8),
               found AS MATERIALIZED (
                   SELECT id, topic, source_id, marks FROM walked
                   WHERE marks IS NOT NULL AND (?2 IS NULL OR topic = ?2) AND (?3 IS NULL OR source_id = ?3)
                       AND (?10 IS NULL OR reason = ?10)
                       AND (?4 IS NULL OR EXISTS (SELECT 1 FROM article_tag h WHERE h.article_id = walked.id AND h.tag_id = ?4))
                       AND (?12 IS NULL OR EXISTS (SELECT 1 FROM article_feed h WHERE h.article_id = walked.id AND h.feed_id = ?12))
                       AND (?13 IS NULL OR EXISTS (SELECT 1 FROM article_folder h WHERE h.article_id = walked.id AND h.folder_id = ?13))),
               tagged AS MATERIALIZED (SELECT id, marks FROM found LIMIT +?9)
               SELECT json_object('walked', (SELECT count(*) FROM walked),
                   'topics', (SELECT json_group_array(json_array(topic, marks, n))
                              FROM (SELECT topic, marks, count(*) AS n FROM found GROUP BY topic, marks)),
                   'sources', (SELECT json_group_array(json_array(source_id, marks, n))
                               FROM (SELECT source_id, marks, count(*) AS n FROM found GROUP BY source_id, marks)),
                   'articles_with_tags', (SELECT count(*) FROM tagged),
                   'tags', (SELECT json_group_array(json_array(tag_id, marks, n))
                            FROM (SELECT h.tag_id, marks, count(*) AS n
                                  FROM tagged CROSS JOIN article_tag h ON h.article_id = tagged.id
                                  GROUP BY h.tag_id, marks))) AS "surveyed!: Json<Surveyed>""#,
            shelf, filter.topic, filter.source_id, filter.tag_id, $matching_ids, since, until, $limits.0, $limits.1,
            filter.reason, lane, filter.feed_id, filter.folder_id
        )
        .fetch_one($library.readers())
        .await
    }};
    ($library:expr, $filter:expr, $limits:expr, $ids:expr, $index:tt, $path:tt) => {
        survey!($library, $filter, $limits, $ids, ["article a INDEXED BY " + $index],
            [$path + " AND a.sorted_at >= ?6 AND a.sorted_at < ?7"], " ORDER BY a.sorted_at DESC, a.id DESC")
    };
}

/// Counts the newest articles of a list in one lane, or in both if its index does not keep them apart, and in any state that
/// its index has: at most `limit`, and the tags of at most
/// `limit_with_tags`.
///
/// # Errors
/// The database fails.
pub(super) async fn survey(
    library: &Library,
    filter: &Filter,
    (limit, limit_with_tags): (i64, i64),
) -> sqlx::Result<Surveyed> {
    let limits = (limit, limit_with_tags);
    let ids = filter.matches.as_ref().map(|matches| &*matches.ids);
    macro_rules! within {
        ($table:tt, $path:tt) => {
            survey!(
                library,
                filter,
                limits,
                ids,
                [$table + " g CROSS JOIN article a ON a.id = g.article_id"],
                [$path + " AND g.sorted_at >= ?6 AND g.sorted_at < ?7"],
                " ORDER BY g.sorted_at DESC, g.article_id DESC"
            )
        };
    }
    macro_rules! along {
        ($index:tt, $path:tt) => {
            survey!(library, filter, limits, ids, $index, $path)
        };
    }
    let surveyed = match AccessPath::of(filter) {
        AccessPath::Search => survey!(
            library,
            filter,
            limits,
            ids,
            ["json_each(?5) j CROSS JOIN article a ON a.id = j.value"],
            ["a.sorted_at >= ?6 AND a.sorted_at < ?7"],
            ""
        ),
        AccessPath::Tag => within!("article_tag", "g.tag_id = ?4"),
        AccessPath::StarredInSource => {
            along!("article_starred_in_source", "a.starred_at IS NOT NULL AND a.lane = ?11 AND a.source_id = ?3")
        }
        AccessPath::StarredInTopic => {
            along!("article_starred_in_topic", "a.starred_at IS NOT NULL AND a.lane = ?11 AND a.topic = ?2")
        }
        AccessPath::Starred => along!("article_starred", "a.starred_at IS NOT NULL AND a.lane = ?11"),
        AccessPath::Source => along!("article_newest_in_source", "a.shelf = ?1 AND a.source_id = ?3"),
        AccessPath::Reason => {
            along!("article_by_reason", "a.deleted_at IS NULL AND a.lane = ?11 AND a.topic = ?2 AND a.reason = ?10")
        }
        AccessPath::UnreadInTopic => {
            along!("article_unread_in_topic", "a.is_unread = 1 AND a.lane = ?11 AND a.topic = ?2")
        }
        AccessPath::Topic => along!("article_newest_in_topic", "a.shelf = ?1 AND a.topic = ?2"),
        AccessPath::Unread => along!("article_unread", "a.is_unread = 1 AND a.lane = ?11"),
        AccessPath::Newest => along!("article_newest", "a.shelf = ?1"),
        AccessPath::Feed => within!("article_feed", "g.feed_id = ?12"),
        AccessPath::Folder => within!("article_folder", "g.folder_id = ?13"),
    };
    surveyed.map(|Json(surveyed)| surveyed)
}
