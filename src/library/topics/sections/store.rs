//! Statements for topics that take wide sections.

use classify::TopicChoice;
use classify::wide_sections::{SectionChoice, WideSection};
use sqlx::SqliteConnection;

use crate::library::Library;
use crate::library::topics;
use crate::library::topics::sections::{self, SectionTopic};

/// Articles that are looked at in one statement.
const PAGE_SIZE: i64 = 1000;

/// Finds the topic that takes a section, by its slug.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn find_topic(tx: &mut SqliteConnection, section: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT slug FROM topic WHERE section = ?1", section).fetch_optional(tx).await
}

/// Lists the sections with the topics that have their articles.
///
/// # Errors
/// The database fails.
pub async fn list(library: &Library) -> sqlx::Result<Vec<SectionTopic>> {
    let rows = sqlx::query!(r#"SELECT section AS "section!", slug FROM topic WHERE section IS NOT NULL"#)
        .fetch_all(library.readers())
        .await?;
    let mut sections = Vec::new();
    for section in WideSection::ALL {
        let taken_by = rows.iter().find(|row| row.section == section.slug()).map(|row| row.slug.clone());
        let topic = match &taken_by {
            Some(slug) => topics::find(library, slug).await?,
            None => None,
        };
        sections.push(SectionTopic { section, topic, taken_by });
    }
    Ok(sections)
}

/// Chooses the topic of a new article by its section, if a topic takes that and nothing more particular is known. Returns the
/// topic's slug, and why.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn choose(
    tx: &mut SqliteConnection,
    otherwise: &TopicChoice,
    section: Option<&SectionChoice>,
) -> sqlx::Result<Option<(String, TopicChoice)>> {
    let Some(section) = section.filter(|_| sections::yields(&otherwise.reason)) else { return Ok(None) };
    let topic = find_topic(tx, section.section.slug()).await?;
    Ok(topic.map(|slug| (slug, sections::choice_by(section, otherwise))))
}

/// Chooses by its section for an article that is here, for the topic that takes the section. `None` if that is another by now,
/// or something more particular is known.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn choose_for_article(
    tx: &mut SqliteConnection,
    article: i64,
    slug: &str,
) -> sqlx::Result<Option<TopicChoice>> {
    let row = sqlx::query!("SELECT url, topic_choice, section_choice FROM article WHERE id = ?1", article)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let otherwise: TopicChoice = serde_json::from_str(&row.topic_choice).unwrap_or_default();
    let section = sections::find_section(row.section_choice.as_deref(), row.url.as_deref());
    let chosen = choose(tx, &otherwise, section.as_ref()).await?;
    Ok(chosen.filter(|(topic, _)| topic == slug).map(|(_, choice)| choice))
}

/// Lists the articles that a section would give its topic, except those that are there or in the trash: all are looked at, a
/// page at a time.
///
/// # Errors
/// The database fails.
pub async fn list_articles(library: &Library, section: WideSection, topic: &str) -> sqlx::Result<Vec<i64>> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let rows = sqlx::query!(
            r#"SELECT id AS "id!", url, topic_choice, section_choice FROM article
               WHERE id > ?1 AND topic <> ?2 AND state < 2 ORDER BY id LIMIT +?3"#,
            after,
            topic,
            PAGE_SIZE
        )
        .fetch_all(library.readers())
        .await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.id;
        found.extend(rows.into_iter().filter_map(|row| {
            let known = sections::find_section(row.section_choice.as_deref(), row.url.as_deref())?;
            let otherwise: TopicChoice = serde_json::from_str(&row.topic_choice).ok()?;
            (known.section == section && sections::yields(&otherwise.reason)).then_some(row.id)
        }));
    }
}
