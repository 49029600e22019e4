//! One statement for all candidates, which reads each article once, even if it is in several lists.

use std::collections::HashMap;

use sqlx::types::Json;

use crate::library::Library;
use crate::library::articles::front_page::{CandidateLimits, Candidates};
use crate::library::articles::lists::{Card, cards};

/// Finds the candidates for the front page.
///
/// # Errors
/// The database fails.
pub async fn find_candidates(library: &Library, wanted: CandidateLimits) -> sqlx::Result<Candidates> {
    let since = wanted.saved_since.as_second();
    // Those in hidden topics are passed over, up to a limit.
    let walked = wanted.newest.saturating_mul(10);
    let lanes = serde_json::json!(wanted.lanes.each().iter().map(|lane| lane.number()).collect::<Vec<_>>()).to_string();
    let statement = cards!(
        query,
        [r#"WITH newest AS MATERIALIZED
                (SELECT a.id, a.sorted_at AS at FROM json_each(?6) l CROSS JOIN article a ON a.id IN
                    (SELECT b.id FROM
                        (SELECT id, topic FROM article INDEXED BY article_newest
                         WHERE shelf = 3 * l.value ORDER BY sorted_at DESC, id DESC LIMIT +?5) b
                     CROSS JOIN topic t ON t.slug = b.topic WHERE t.is_hidden = 0 LIMIT +?1)
                 ORDER BY a.sorted_at DESC, a.id DESC),
              unread AS MATERIALIZED
                (SELECT a.id, a.sorted_at AS at FROM topic t CROSS JOIN json_each(?6) l CROSS JOIN article a ON a.id IN
                    (SELECT b.id FROM article b INDEXED BY article_unread_in_topic
                     WHERE b.is_unread = 1 AND b.lane = l.value AND b.topic = t.slug ORDER BY b.sorted_at DESC, b.id DESC LIMIT +?2)
                 WHERE t.is_hidden = 0
                 ORDER BY t.is_pinned DESC, t.position, t.slug, a.sorted_at DESC, a.id DESC),
              arrived AS MATERIALIZED
                (SELECT id, sorted_at AS at FROM article INDEXED BY article_kept_lately
                 WHERE shelf = 0 AND coalesce(kept_at, received_at) >= ?3
                 ORDER BY coalesce(kept_at, received_at) DESC, id DESC LIMIT +?4)
            SELECT (SELECT json_group_array(id) FROM newest) AS "newest!: Json<Vec<i64>>",
                   (SELECT json_group_array(id) FROM unread) AS "unread!: Json<Vec<i64>>",
                   (SELECT json_group_array(id) FROM arrived) AS "recently_saved!: Json<Vec<i64>>",
                   (SELECT json_group_array(json_array(topic, unread)) FROM
                       (SELECT topic, sum(articles) AS unread FROM facet_count
                        WHERE tag_id = 0 AND source_id = 0 AND topic <> '' AND marks & 5 = 0 AND articles > 0
                            AND marks / 8 IN (SELECT value FROM json_each(?6)) GROUP BY topic))
                       AS "unread_counts!: Json<Vec<(String, i64)>>",
                   (SELECT coalesce(sum(articles), 0) FROM facet_count
                    WHERE tag_id = 0 AND source_id = 0 AND topic = '' AND marks IN (0, 2)) AS "unread_kept!: i64","#],
        [
            "SELECT id, at, at AS key FROM newest UNION SELECT id, at, at FROM unread UNION SELECT id, at, at FROM arrived"
        ],
        wanted.newest,
        wanted.unread_per_topic,
        since,
        wanted.recently_saved,
        walked,
        lanes
    );
    let found = statement.fetch_one(library.readers()).await?;
    let known: HashMap<i64, Card> = found.cards.0.into_iter().map(|card| (card.id, card)).collect();
    let cards = |Json(ids): Json<Vec<i64>>| ids.iter().filter_map(|id| known.get(id)).cloned().collect();
    Ok(Candidates {
        newest: cards(found.newest),
        unread: cards(found.unread),
        recently_saved: cards(found.recently_saved),
        unread_counts: found.unread_counts.0,
        unread_kept: found.unread_kept,
    })
}
