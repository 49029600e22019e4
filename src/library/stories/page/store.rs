//! Queries for the page of a story and for lists.

use sqlx::types::Json;

use crate::library::Library;
use crate::library::stories::page::{OtherMember, Story, StoryInShort, StoryMember};

/// Articles of a story that its page shows at most. Programs join no more than some dozens.
const MAX_MEMBERS: i64 = 200;
/// Characters of each text that are compared with the others.
const MAX_CHARS: i64 = 6_000;
/// Stories that are offered to be joined with another.
const MAX_NEAR: i64 = 8;

/// Returns a story; `None` if there is no such story, or all but one of its articles are gone.
///
/// # Errors
/// The database fails.
pub async fn find(library: &Library, id: i64) -> sqlx::Result<Option<Story>> {
    let rows = sqlx::query!(
        r#"SELECT a.id AS "id!", a.title AS "title!", a.language, a.is_right_to_left AS "is_right_to_left!: bool",
                  a.sorted_at AS "sorted_at!", a.read_at IS NOT NULL AS "is_read!: bool", s.name AS "source_name!", s.domain AS "source_domain!",
                  coalesce(substr(c.text, 1, ?2), '') AS "text!: String", m.copy_of, m.words AS "words!: Json<Vec<String>>"
           FROM story_article m CROSS JOIN article a ON a.id = m.article_id JOIN source s ON s.id = a.source_id
                LEFT JOIN article_content c ON c.article_id = a.id
           WHERE m.story_id = ?1 AND a.deleted_at IS NULL ORDER BY a.sorted_at, a.id LIMIT +?3"#,
        id,
        MAX_CHARS,
        MAX_MEMBERS
    )
    .fetch_all(library.readers())
    .await?;
    let members: Vec<StoryMember> = rows
        .into_iter()
        .map(|row| StoryMember {
            id: row.id,
            title: row.title,
            language: row.language,
            is_right_to_left: row.is_right_to_left,
            sorted_at: row.sorted_at,
            is_read: row.is_read,
            source_name: row.source_name,
            source_domain: row.source_domain,
            text: row.text,
            copy_of: row.copy_of,
            words: row.words.0,
        })
        .collect();
    Ok((members.len() > 1).then_some(Story { id, members }))
}

/// Lists the stories of some articles. Articles in none are left out.
///
/// # Errors
/// The database fails.
pub async fn list_for_articles(library: &Library, articles: &[i64]) -> sqlx::Result<Vec<StoryInShort>> {
    let articles = serde_json::json!(articles).to_string();
    let rows = sqlx::query!(
        r#"SELECT m.article_id AS "article!: i64", m.story_id AS "story!: i64",
                  (SELECT json_group_array(json_object('id', a.id, 'source_name', s.name, 'is_read', a.read_at IS NOT NULL)
                              ORDER BY a.sorted_at, a.id)
                   FROM story_article o CROSS JOIN article a ON a.id = o.article_id JOIN source s ON s.id = a.source_id
                   WHERE o.story_id = m.story_id AND o.article_id <> m.article_id AND a.deleted_at IS NULL) AS "others!: Json<Vec<OtherMember>>"
           FROM json_each(?1) j CROSS JOIN story_article m ON m.article_id = j.value"#,
        articles
    )
    .fetch_all(library.readers())
    .await?;
    let stories =
        rows.into_iter().map(|row| StoryInShort { article: row.article, story: row.story, others: row.others.0 });
    Ok(stories.filter(|story| !story.others.is_empty()).collect())
}

/// Lists articles of other stories that were published around a time: of each story the first, as id and title.
///
/// # Errors
/// The database fails.
pub async fn list_near(library: &Library, story: i64, (from, until): (i64, i64)) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        r#"SELECT a.id AS "id!: i64", a.title AS "title!: String" FROM article a CROSS JOIN story_article m ON m.article_id = a.id
           WHERE a.deleted_at IS NULL AND a.sorted_at BETWEEN ?2 AND ?3 AND m.story_id <> ?1
             AND NOT EXISTS (SELECT 1 FROM story_article o CROSS JOIN article b ON b.id = o.article_id
                             WHERE o.story_id = m.story_id AND b.deleted_at IS NULL AND (b.sorted_at, b.id) < (a.sorted_at, a.id))
           ORDER BY a.sorted_at DESC, a.id DESC LIMIT +?4"#,
        story,
        from,
        until,
        MAX_NEAR
    )
    .fetch_all(library.readers())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}
