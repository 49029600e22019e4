//! Queries on what may be suggested as tags, and what the reader has turned down.

use classify::key_phrases;
use sqlx::SqliteConnection;
use tokio::task::spawn_blocking;

use crate::library::Library;
use crate::library::tags::store::find_article_language;
use crate::library::tags::suggestions::Phrase;
use crate::library::tags::{key, normalize_name, slugify};

/// Keywords of one article that are looked at; some publishers give hundreds.
const MAX_KEYWORDS: usize = 20;

/// A name that is never suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeverSuggested {
    /// Its slug.
    pub slug: String,
    /// The name.
    pub name: String,
}

/// A text whose phrases are found.
struct Text<'a> {
    title: &'a str,
    text: &'a str,
    language: Option<&'a str>,
}

/// The phrases of a text, and the language that they were found in: that of the article, or the one that its text seems to
/// be in.
#[derive(Debug, Clone, Default)]
pub(in crate::library) struct FoundPhrases {
    phrases: Vec<Phrase>,
    language: String,
}

/// Finds the phrases of a new article by its title, text, language and keywords: before the transaction that stores it, so
/// that no other waits.
pub(in crate::library) fn find_phrases(
    (title, text): (&str, &str),
    language: Option<&str>,
    keywords: &[String],
) -> FoundPhrases {
    FoundPhrases::find(&Text { title, text, language }, keywords)
}

/// Stores the phrases of an article.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn write_phrases(
    tx: &mut SqliteConnection,
    article_id: i64,
    found: &FoundPhrases,
) -> sqlx::Result<()> {
    let phrases = serde_json::json!(found.phrases).to_string();
    sqlx::query!(
        "INSERT INTO article_phrases (article_id, phrases, language) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET phrases = excluded.phrases, language = excluded.language",
        article_id,
        phrases,
        found.language
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Finds the phrases of an article again, whose title, text or language has changed.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn renew_phrases(tx: &mut SqliteConnection, article_id: i64) -> sqlx::Result<()> {
    let article = sqlx::query!(
        r#"SELECT a.title, a.language, c.text, k.names AS "keywords?"
           FROM article a CROSS JOIN article_content c ON c.article_id = a.id
                LEFT JOIN article_keywords k ON k.article_id = a.id
           WHERE a.id = ?1"#,
        article_id
    );
    let Some(article) = article.fetch_optional(&mut *tx).await? else { return Ok(()) };
    let text = Text { title: &article.title, text: &article.text, language: article.language.as_deref() };
    let found = FoundPhrases::find(&text, &parse_keywords(article.keywords.as_deref()));
    write_phrases(tx, article_id, &found).await
}

impl FoundPhrases {
    fn find(text: &Text, keywords: &[String]) -> Self {
        let language = key_phrases::language_of(text.language, text.text);
        let keywords = keywords.iter().take(MAX_KEYWORDS);
        let keywords = keywords.map(|name| Phrase(key(name, Some(&language)), Some(name.clone()), true));
        let phrases = key_phrases::find(text.title, text.text, Some(&language));
        let phrases =
            keywords.chain(phrases.into_iter().map(|phrase| Phrase(phrase.key, phrase.name, false))).collect();
        Self { phrases, language }
    }
}

fn parse_keywords(names: Option<&str>) -> Vec<String> {
    names.and_then(|names| serde_json::from_str(names).ok()).unwrap_or_default()
}

/// Finds the phrases of the next articles that an older version has stored, newest first, at most `limit`. Returns whether
/// some are left.
///
/// # Errors
/// The database fails; the same articles come again then.
pub async fn find_next_phrases(library: &Library, limit: i64) -> anyhow::Result<bool> {
    let before = sqlx::query_scalar!("SELECT before_article_id FROM phrase_job WHERE id = 1");
    let Some(before) = before.fetch_optional(library.readers()).await? else { return Ok(false) };
    let articles = sqlx::query!(
        r#"SELECT a.id AS "id!", a.title, a.language, c.text, k.names AS "keywords?", p.phrases AS "before?"
           FROM article a CROSS JOIN article_content c ON c.article_id = a.id
                LEFT JOIN article_keywords k ON k.article_id = a.id
                LEFT JOIN article_phrases p ON p.article_id = a.id
           WHERE a.id < ?1 ORDER BY a.id DESC LIMIT +?2"#,
        before,
        limit
    )
    .fetch_all(library.readers())
    .await?;
    let last = articles.last().map(|article| article.id);
    let find = move || {
        let find = |text: &Text, keywords: Option<&str>| FoundPhrases::find(text, &parse_keywords(keywords));
        let found = articles.into_iter().map(|article| {
            let text = Text { title: &article.title, text: &article.text, language: article.language.as_deref() };
            let found = find(&text, article.keywords.as_deref());
            (article.id, article.before, found)
        });
        found.collect::<Vec<_>>()
    };
    let found = spawn_blocking(find).await?;
    let mut tx = library.begin_write().await?;
    for (article, before, found) in &found {
        renew_stale_phrases(&mut tx, *article, before.as_deref(), found).await?;
    }
    match last {
        Some(last) => sqlx::query!("UPDATE phrase_job SET before_article_id = ?1 WHERE id = 1", last),
        None => sqlx::query!("DELETE FROM phrase_job WHERE id = 1"),
    }
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(last.is_some())
}

/// Stores the phrases of an article that was not deleted meanwhile, unless newer ones were found meanwhile.
async fn renew_stale_phrases(
    tx: &mut SqliteConnection,
    article_id: i64,
    before: Option<&str>,
    found: &FoundPhrases,
) -> sqlx::Result<()> {
    let phrases = serde_json::json!(found.phrases).to_string();
    sqlx::query!(
        "INSERT INTO article_phrases (article_id, phrases, language) SELECT id, ?2, ?3 FROM article WHERE id = ?1
         ON CONFLICT DO UPDATE SET phrases = excluded.phrases, language = excluded.language
             WHERE article_phrases.phrases = ?4",
        article_id,
        phrases,
        found.language,
        before
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// Turns a suggestion down for an article. Returns `false` if there is no such article.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn decline(library: &Library, article_id: i64, name: &str) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let Some(language) = find_article_language(&mut tx, article_id).await? else { return Ok(false) };
    let name = normalize_name(name);
    let (slug, key) = (slugify(&name), key(&name, language.as_deref()));
    sqlx::query!(
        "INSERT INTO declined_tag (article_id, slug, name, key) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        article_id,
        slug,
        name,
        key
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Has an article suggest a tag again that was turned down.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn take_back_declined(library: &Library, article_id: i64, name: &str) -> sqlx::Result<()> {
    let slug = slugify(&normalize_name(name));
    let mut tx = library.begin_write().await?;
    sqlx::query!("DELETE FROM declined_tag WHERE article_id = ?1 AND slug = ?2", article_id, slug)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Makes the key of a suggestion that was turned down for an article again, if it is still there.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn renew_declined_key(
    tx: &mut SqliteConnection,
    article_id: Option<i64>,
    slug: &str,
) -> sqlx::Result<()> {
    let Some(article) = article_id else { return Ok(()) };
    let name = sqlx::query_scalar!("SELECT name FROM declined_tag WHERE article_id = ?1 AND slug = ?2", article, slug);
    let Some(name) = name.fetch_optional(&mut *tx).await? else { return Ok(()) };
    let key = key(&name, find_article_language(tx, article).await?.flatten().as_deref());
    sqlx::query!("UPDATE declined_tag SET key = ?3 WHERE article_id = ?1 AND slug = ?2", article, slug, key)
        .execute(tx)
        .await
        .map(|_| ())
}

/// Has no article suggest a name any more, as seen on an article. Returns `false` if there is no such article.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn never_suggest(library: &Library, article_id: i64, name: &str) -> sqlx::Result<bool> {
    let mut tx = library.begin_write().await?;
    let Some(language) = find_article_language(&mut tx, article_id).await? else { return Ok(false) };
    let name = normalize_name(name);
    let (slug, key) = (slugify(&name), key(&name, language.as_deref()));
    sqlx::query!(
        "INSERT INTO never_suggested (slug, name, key) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        slug,
        name,
        key
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Sets the key of a name that is never suggested.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn set_never_suggested_key(
    tx: &mut SqliteConnection,
    slug: &str,
    key: &str,
) -> sqlx::Result<()> {
    sqlx::query!("UPDATE never_suggested SET key = ?2 WHERE slug = ?1", slug, key).execute(tx).await.map(|_| ())
}

/// Allows a name to be suggested again. Returns whether it was not.
///
/// # Errors
/// The database fails; nothing is changed then.
pub async fn allow(library: &Library, name: &str) -> sqlx::Result<bool> {
    let slug = slugify(&normalize_name(name));
    let mut tx = library.begin_write().await?;
    let allowed =
        sqlx::query!("DELETE FROM never_suggested WHERE slug = ?1", slug).execute(&mut *tx).await?.rows_affected();
    tx.commit().await?;
    Ok(allowed > 0)
}

/// Finds a suggestion that was turned down for an article, by its slug.
///
/// # Errors
/// The database fails.
pub async fn find_declined(library: &Library, article_id: i64, slug: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT name FROM declined_tag WHERE article_id = ?1 AND slug = ?2", article_id, slug)
        .fetch_optional(library.readers())
        .await
}

/// Finds a name that is never suggested, by its slug.
///
/// # Errors
/// The database fails.
pub async fn find_never_suggested(library: &Library, slug: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT name FROM never_suggested WHERE slug = ?1", slug)
        .fetch_optional(library.readers())
        .await
}

/// Lists names that are never suggested, by slug, at most `limit`.
///
/// # Errors
/// The database fails.
pub async fn list_never_suggested(library: &Library, limit: i64) -> sqlx::Result<Vec<NeverSuggested>> {
    sqlx::query_as!(
        NeverSuggested,
        "SELECT slug, name FROM never_suggested WHERE slug > '' ORDER BY slug LIMIT +?1",
        limit
    )
    .fetch_all(library.readers())
    .await
}
