//! Queries for one article.

use extract::{CleanHtml, Direction, Verdict};
use sqlx::types::Json;

use crate::library::Library;
use crate::library::articles::article_page::PageContext;
use crate::library::articles::edits::{self, Edit};
use crate::library::articles::versions::seen::History;
use crate::library::articles::{Article, ArticleState, Channel, NextPage, timestamp};
use crate::library::images::Image;
use crate::library::lanes::Lane;
use crate::library::tags::Tag;
use crate::library::tags::suggestions::Candidates;
use crate::library::topics::{Topic, UNSORTED};

/// Selects an article by id. The first argument adds columns, each after a comma.
macro_rules! select_article {
    ([$($more:tt)*], $($argument:expr),+) => {
        sqlx::query!(
            r#"SELECT a.id, a.url, a.claimed_url, s.domain, s.name AS source_name, a.topic, t.name AS topic_name, a.topic_choice, a.title,
                      a.byline, a.excerpt, a.language, a.is_right_to_left AS "is_right_to_left: bool", a.published_at, a.published_date, a.received_at,
                      a.saved_at,
                      a.word_count, a.lead_image_url, a.lead_image_alt, c.html, c.removed_blocks, a.snapshot_id,
                      a.verdict, a.is_notice_dismissed AS "is_notice_dismissed: bool", a.next_page_url, a.next_page_error,
                      EXISTS (SELECT 1 FROM article_previous_version p WHERE p.article_id = a.id) AS "has_previous_version!: bool",
                      EXISTS (SELECT 1 FROM feed_item i WHERE i.article_id = a.id AND i.gives_text = 1) AS "has_feed_text!: bool",
                      a.archived_on, a.read_at, a.starred_at, a.archived_at, a.deleted_at,
                      a.lane = 1 AS "is_in_stream!: bool", a.channel = 'feed' AS "is_from_feed!: bool""#
                + $($more)*
                + " FROM article a JOIN source s ON s.id = a.source_id JOIN topic t ON t.slug = a.topic
                         JOIN article_content c ON c.article_id = a.id
                    WHERE a.id = ?1",
            $($argument),+
        )
    };
}

/// Selects an article by id with all that its page shows. The second argument is the topic of articles without one.
macro_rules! select_page {
    ($($argument:expr),+) => {
        select_article!(
            [
                r#", coalesce((SELECT w.names FROM article_keywords w WHERE w.article_id = a.id), '[]') AS "keywords!: Json<Vec<String>>",
              a.changed_at, nullif(coalesce(a.seen_at, a.read_at), 0) AS "seen_at: i64",
              iif(a.changed_at IS NULL, NULL, (SELECT v.id FROM article_version v
                   WHERE v.article_id = a.id AND v.replaced_at > nullif(coalesce(a.seen_at, a.read_at), 0)
                   ORDER BY v.id LIMIT 1)) AS "seen_version: i64",
              EXISTS (SELECT 1 FROM keyword_source w WHERE w.source_id = a.source_id) AS "takes_keywords!: bool",
              (SELECT json_group_array(json_object('id', k.id, 'slug', k.slug, 'name', k.name) ORDER BY k.slug)
               FROM article_tag g CROSS JOIN tag k ON k.id = g.tag_id WHERE g.article_id = a.id) AS "tags!: Json<Vec<Tag>>",
              coalesce((SELECT json_object('phrases', json(p.phrases), 'language', coalesce(p.language, a.language),
                  'tags', (SELECT json_group_array(json_array(m.key, m.name)) FROM
                      (SELECT j.value ->> 0 AS key, k.id, k.slug, k.key AS tag_key, k.name
                       FROM json_each(p.phrases) j CROSS JOIN tag k ON k.key = j.value ->> 0 OR k.slug = j.value ->> 0
                       WHERE EXISTS (SELECT 1 FROM article_tag g WHERE g.tag_id = k.id)
                       UNION ALL
                       SELECT j.value ->> 0, k.id, k.slug, k.key, k.name
                       FROM json_each(p.phrases) j CROSS JOIN tag_alias l ON l.key = j.value ->> 0 OR l.slug = j.value ->> 0
                            CROSS JOIN tag k ON k.id = l.tag_id) m
                      WHERE NOT EXISTS (SELECT 1 FROM never_suggested n WHERE n.slug = m.slug OR n.key = m.tag_key)),
                  'declined', (SELECT json_group_array(json_array(n.slug, n.key)) FROM
                      (SELECT slug, key FROM declined_tag WHERE article_id = a.id
                       UNION ALL SELECT n.slug, n.key FROM json_each(p.phrases) j
                            CROSS JOIN never_suggested n ON n.key = j.value ->> 0 OR n.slug = j.value ->> 0) n))
                  FROM article_phrases p WHERE p.article_id = a.id), '{}') AS "candidates!: Json<Candidates>",
              (SELECT json_group_array(json_object('url', i.url, 'hash', i.image_hash, 'width', k.width,
                          'height', k.height, 'is_pending', i.next_attempt_at IS NOT NULL) ORDER BY i.position)
               FROM article_image i LEFT JOIN image k ON k.hash = i.image_hash WHERE i.article_id = a.id)
                  AS "images!: Json<Vec<Image>>",
              (SELECT json_group_array(json_object('detail', e.detail, 'original', e.original) ORDER BY e.detail DESC)
               FROM article_edit e WHERE e.article_id = a.id) AS "edits!: Json<Vec<Edit>>",
              (SELECT json_group_array(json_object('slug', slug, 'name', name, 'is_custom', is_custom)
                          ORDER BY is_pinned DESC, position, slug)
               FROM topic o WHERE o.merged_into IS NULL AND (o.is_hidden = 0 OR o.slug = a.topic))
                  AS "topics!: Json<Vec<Topic>>",
              (WITH RECURSIVE way (slug, root) AS (
                   SELECT slug, merged_into FROM topic WHERE merged_into IS NOT NULL
                   UNION SELECT way.slug, t.merged_into FROM way CROSS JOIN topic t ON t.slug = way.root
                         WHERE t.merged_into IS NOT NULL)
               SELECT json_group_array(json_array(way.slug, way.root))
               FROM way CROSS JOIN topic t ON t.slug = way.root WHERE t.merged_into IS NULL)
                  AS "merged_topics!: Json<Vec<(String, String)>>",
              iif(a.topic <> ?2, '[]',
                  (SELECT json_group_array(json_object('slug', t.slug, 'name', t.name, 'is_custom', t.is_custom)
                              ORDER BY coalesce(n.articles, 0) DESC, t.position, t.slug)
                   FROM topic t LEFT JOIN article_count n ON n.kind = 'topic' AND n.key = t.slug WHERE t.slug <> ?2 AND t.is_hidden = 0 AND t.merged_into IS NULL))
                  AS "topics_by_size!: Json<Vec<Topic>>""#
            ],
            $($argument),+
        )
    };
}

/// Converts a row of `select_article!` to an [`Article`].
macro_rules! article {
    ($row:ident) => {
        Article {
            id: $row.id,
            url: $row.url,
            claimed_url: $row.claimed_url,
            source_domain: $row.domain,
            source_name: $row.source_name,
            topic_choice: serde_json::from_str(&$row.topic_choice).unwrap_or_default(),
            topic: $row.topic,
            topic_name: $row.topic_name,
            title: $row.title,
            byline: $row.byline,
            excerpt: $row.excerpt,
            language: $row.language,
            direction: if $row.is_right_to_left { Direction::Rtl } else { Direction::Ltr },
            published_at: $row.published_at.and_then(timestamp),
            published_date: $row.published_date.and_then(|day| day.parse().ok()),
            received_at: timestamp($row.received_at).unwrap_or_default(),
            saved_at: $row.saved_at.and_then(timestamp),
            word_count: usize::try_from($row.word_count).unwrap_or_default(),
            lead_image_url: $row.lead_image_url,
            lead_image_alt: $row.lead_image_alt,
            html: CleanHtml::from_trusted($row.html),
            removed_blocks: serde_json::from_str(&$row.removed_blocks).unwrap_or_default(),
            archived_on: $row.archived_on.and_then(|day| day.parse().ok()),
            has_snapshot: $row.snapshot_id.is_some(),
            has_previous_version: $row.has_previous_version,
            has_feed_text: $row.has_feed_text,
            verdict: Verdict::parse(&$row.verdict).unwrap_or_default(),
            is_notice_dismissed: $row.is_notice_dismissed,
            next_page: $row.next_page_url.map(|url| NextPage { url, error_message: $row.next_page_error }),
            lane: if $row.is_in_stream { Lane::Stream } else { Lane::Kept },
            channel: if $row.is_from_feed { Channel::Feed } else { Channel::Saved },
            state: ArticleState {
                read: $row.read_at.is_some(),
                starred: $row.starred_at.is_some(),
                archived: $row.archived_at.is_some(),
                deleted: $row.deleted_at.is_some(),
            },
            deleted_at: $row.deleted_at.and_then(timestamp),
        }
    };
}

/// Finds an article, in the trash or not.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<Option<Article>> {
    let row = select_article!([""], id).fetch_optional(library.readers()).await?;
    Ok(row.map(|row| article!(row)))
}

/// Finds an article, in the trash or not, with everything its page shows. One statement for all of it: each statement
/// is a round trip to the database's own thread, which costs more than the query.
///
/// # Errors
/// The database fails.
pub async fn find_page(library: &Library, id: i64) -> sqlx::Result<Option<(Article, PageContext)>> {
    let statement = select_page!(id, UNSORTED);
    let mut reader = library.readers().acquire().await?;
    let Some(row) = statement.fetch_optional(&mut *reader).await? else { return Ok(None) };
    let (Json(tags), Json(images), Json(topics), Json(topics_by_size)) =
        (row.tags, row.images, row.topics, row.topics_by_size);
    let (Json(keywords), Json(mut edits), Json(candidates)) = (row.keywords, row.edits, row.candidates);
    let Json(merged_topics) = row.merged_topics;
    edits::follow_source(&mut reader, &mut edits, row.url.as_deref()).await?;
    let history = History {
        changed_at: row.changed_at.and_then(timestamp),
        seen_at: row.seen_at.and_then(timestamp),
        seen_version: row.seen_version,
    };
    let context = PageContext {
        history,
        tags,
        keywords,
        candidates,
        edits,
        takes_keywords: row.takes_keywords,
        images,
        topics,
        merged_topics,
        topics_by_size,
    };
    Ok(Some((article!(row), context)))
}
