//! Two statements: one finds the material, and after it was composed, one reads the articles that are shown.

use sqlx::types::Json;

use crate::library::Library;
use crate::library::articles::editions::Day;
use crate::library::articles::editions::material::{
    Beside, Candidate, Cards, Material, Member, Pace, Telling, TopicInterest, Wanted,
};
use crate::library::articles::lists::{Card, cards};

/// Articles that may be in one edition, the newest. More are no news but an import.
const MAX_CANDIDATES: i64 = 3000;

/// Articles looked at in search of older ones that are unread.
const OLDER: i64 = 40;

/// Selects the material, and what the front page shows beside it: one statement, since each is a trip to the database's thread.
macro_rules! find_material {
    ($($argument:expr),+) => {
        sqlx::query!(
        r#"WITH arrived AS MATERIALIZED
               (SELECT a.id FROM json_each(?1) l CROSS JOIN json_each('[0, 1]') z CROSS JOIN article a INDEXED BY article_newest
                ON a.shelf = 3 * l.value + z.value AND a.sorted_at >= ?2 AND a.sorted_at < ?3
                CROSS JOIN topic t ON t.slug = a.topic
                WHERE a.received_at >= ?4 AND a.received_at < ?3
                    AND (a.received_at >= ?5 OR a.read_at IS NULL OR a.read_at >= ?5) AND t.is_hidden = 0
                ORDER BY a.sorted_at DESC, a.id DESC LIMIT +?6),
             unread AS MATERIALIZED
               (SELECT b.id FROM json_each(?1) l CROSS JOIN article b ON b.id IN
                    (SELECT id FROM article INDEXED BY article_unread WHERE is_unread = 1 AND lane = l.value
                     ORDER BY sorted_at DESC, id DESC LIMIT +?7)
                CROSS JOIN topic t ON t.slug = b.topic
                WHERE t.is_hidden = 0 AND (SELECT count(*) FROM arrived) < ?8
                UNION SELECT b.id FROM article b INDEXED BY article_by_reading CROSS JOIN topic t ON t.slug = b.topic
                WHERE b.read_at > 0 AND b.read_at >= ?5 AND b.deleted_at IS NULL AND t.is_hidden = 0
                    AND b.lane IN (SELECT value FROM json_each(?1)) AND (SELECT count(*) FROM arrived) < ?8),
             newest AS MATERIALIZED
               (SELECT b.id FROM json_each(?1) l CROSS JOIN article b ON b.id IN
                    (SELECT id FROM article INDEXED BY article_newest WHERE shelf = 3 * l.value
                     ORDER BY sorted_at DESC, id DESC LIMIT +?7)
                CROSS JOIN topic t ON t.slug = b.topic
                WHERE t.is_hidden = 0 AND ?8 > 0 AND NOT EXISTS (SELECT 1 FROM arrived) AND NOT EXISTS (SELECT 1 FROM unread)),
             chosen AS MATERIALIZED
               (SELECT id, 0 AS origin FROM arrived UNION ALL SELECT id, 1 FROM unread UNION ALL SELECT id, 2 FROM newest),
             added AS MATERIALIZED
               (SELECT id FROM article INDEXED BY article_kept_lately
                WHERE shelf = 0 AND coalesce(kept_at, received_at) >= ?9
                ORDER BY coalesce(kept_at, received_at) DESC, id DESC LIMIT +?10),
             kept AS MATERIALIZED
               (SELECT b.id, b.read_at IS NOT NULL AS is_read, b.sorted_at FROM article b CROSS JOIN topic t ON t.slug = b.topic
                WHERE t.is_hidden = 0 AND b.id IN
                    (SELECT id FROM (SELECT id FROM article INDEXED BY article_unread WHERE is_unread = 1 AND lane = 0
                                     ORDER BY sorted_at DESC, id DESC LIMIT +?11)
                     UNION SELECT id FROM (SELECT id FROM article INDEXED BY article_newest WHERE shelf = 0
                                           ORDER BY sorted_at DESC, id DESC LIMIT +?11))
                ORDER BY 2, 3 DESC, 1 DESC)
           SELECT (SELECT json_group_array(json_object('id', a.id, 'origin', chosen.origin, 'source', a.source_id,
                       'story', x.story_id, 'is_copy', x.copy_of IS NOT NULL, 'topic', a.topic, 'sorted_at', a.sorted_at,
                       'arrived_at', a.received_at, 'words', a.word_count, 'has_image', a.lead_image_hash IS NOT NULL,
                       'is_dated', a.published_at IS NOT NULL, 'is_article', a.verdict = 'article'))
                   FROM chosen CROSS JOIN article a ON a.id = chosen.id LEFT JOIN story_article x ON x.article_id = a.id)
                      AS "candidates!: Json<Vec<Candidate>>",
                  (SELECT json_group_array(json_object('story', y.story_id, 'source', b.source_id, 'arrived_at', b.received_at))
                   FROM (SELECT DISTINCT x.story_id FROM chosen CROSS JOIN story_article x ON x.article_id = chosen.id) z
                       CROSS JOIN story_article y ON y.story_id = z.story_id CROSS JOIN article b ON b.id = y.article_id
                   WHERE b.deleted_at IS NULL AND b.received_at < ?3) AS "tellings!: Json<Vec<Telling>>",
                  (SELECT json_group_array(json_object('source', z.source_id,
                       'articles', (SELECT count(*) FROM (SELECT 1 FROM article INDEXED BY article_newest_in_source
                            WHERE shelf = 3 AND source_id = z.source_id AND sorted_at < ?3 ORDER BY sorted_at DESC LIMIT 10)),
                       'since', (SELECT coalesce(min(sorted_at), ?3) FROM (SELECT sorted_at FROM article INDEXED BY article_newest_in_source
                            WHERE shelf = 3 AND source_id = z.source_id AND sorted_at < ?3 ORDER BY sorted_at DESC LIMIT 10))))
                   FROM (SELECT DISTINCT a.source_id FROM chosen CROSS JOIN article a ON a.id = chosen.id) z)
                      AS "paces!: Json<Vec<Pace>>",
                  (SELECT json_group_array(json_object('slug', t.slug, 'is_pinned', t.is_pinned,
                       'kept', (SELECT coalesce(sum(articles), 0) FROM facet_count
                                WHERE tag_id = 0 AND source_id = 0 AND topic = t.slug AND marks & 8 = 0),
                       'articles', (SELECT coalesce(sum(articles), 0) FROM facet_count
                                    WHERE tag_id = 0 AND source_id = 0 AND topic = t.slug))
                       ORDER BY t.is_pinned DESC, t.position, t.slug)
                   FROM topic t WHERE t.is_hidden = 0 AND t.merged_into IS NULL) AS "topics!: Json<Vec<TopicInterest>>",
                  (SELECT json_group_array(id) FROM added) AS "added!: Json<Vec<i64>>",
                  (SELECT json_group_array(id) FROM kept) AS "kept!: Json<Vec<i64>>",
                  (SELECT coalesce(sum(articles), 0) FROM facet_count
                   WHERE tag_id = 0 AND source_id = 0 AND topic <> '' AND marks & 5 = 0
                       AND marks / 8 IN (SELECT value FROM json_each(?1))) AS "unread!: i64",
                  (SELECT coalesce(sum(articles), 0) FROM facet_count
                   WHERE tag_id = 0 AND source_id = 0 AND topic = '' AND marks IN (0, 2)) AS "unread_kept!: i64""#,
            $($argument),+
        )
    };
}

/// Finds what may be in an edition, and what the front page shows beside it.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, day: &Day, wanted: Wanted) -> sqlx::Result<(Material, Beside)> {
    let lanes = serde_json::json!(wanted.lanes.each().iter().map(|lane| lane.number()).collect::<Vec<_>>()).to_string();
    let since = wanted.added_since.as_second();
    let fill_to = i64::try_from(day.fill_to).unwrap_or(0);
    let found = find_material!(
        lanes,
        day.published_from,
        day.ends_at,
        day.arrived_from,
        day.starts_at,
        MAX_CANDIDATES,
        OLDER,
        fill_to,
        since,
        wanted.added,
        wanted.kept
    )
    .fetch_one(library.readers())
    .await?;
    let Json(candidates) = found.candidates;
    let material = Material { candidates, tellings: found.tellings.0, paces: found.paces.0, topics: found.topics.0 };
    let beside =
        Beside { added: found.added.0, kept: found.kept.0, unread: found.unread, unread_kept: found.unread_kept };
    Ok((material, beside))
}

/// Finds articles by their ids, and the members of their stories. Those that are deleted are left out.
///
/// # Errors
/// The database fails.
pub async fn find_cards(library: &Library, articles: &[i64]) -> sqlx::Result<Cards> {
    let ids = serde_json::json!(articles).to_string();
    let statement = cards!(
        query,
        [r#"SELECT (SELECT json_group_array(json_object('story', m.story_id, 'article', m.id, 'source', m.source_id,
                               'source_name', m.name)) FROM
                (SELECT y.story_id, b.id, b.source_id, s.name
                 FROM (SELECT DISTINCT x.story_id FROM json_each(?1) j CROSS JOIN story_article x ON x.article_id = j.value) z
                     CROSS JOIN story_article y ON y.story_id = z.story_id CROSS JOIN article b ON b.id = y.article_id
                     CROSS JOIN source s ON s.id = b.source_id
                 WHERE b.deleted_at IS NULL ORDER BY b.sorted_at, b.id LIMIT 2000) m) AS "members!: Json<Vec<Member>>","#],
        [
            "SELECT b.id, b.sorted_at AS at, b.sorted_at AS key FROM json_each(?1) j CROSS JOIN article b ON b.id = j.value
             WHERE b.deleted_at IS NULL"
        ],
        ids
    );
    let found = statement.fetch_one(library.readers()).await?;
    Ok(Cards { cards: found.cards.0, members: found.members.0 })
}
