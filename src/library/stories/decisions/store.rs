//! Queries on decisions.

use sqlx::SqliteConnection;

use crate::library::stories::decisions::{Decided, Decision};

/// Decides that articles do not belong to the others of their story. They may go on as a story of their own.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn split(tx: &mut SqliteConnection, articles: &[i64]) -> sqlx::Result<Vec<Decision>> {
    let mut decisions = Vec::new();
    for article in articles {
        let others: Vec<i64> =
            list_with(tx, *article).await?.into_iter().filter(|other| !articles.contains(other)).collect();
        decisions.push(decide(tx, *article, &others, false).await?);
    }
    decisions.retain(|decision| !decision.after.0.is_empty());
    Ok(decisions)
}

/// Decides that articles belong together with another and all of its story.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn join(
    tx: &mut SqliteConnection,
    articles: &[i64],
    with: i64,
) -> sqlx::Result<Vec<Decision>> {
    let mut members = list_with(tx, with).await?;
    members.push(with);
    members.retain(|member| !articles.contains(member));
    let mut decisions = Vec::new();
    for article in articles {
        decisions.push(decide(tx, *article, &members, true).await?);
    }
    decisions.retain(|decision| !decision.after.0.is_empty());
    Ok(decisions)
}

/// Makes what was decided of an article what it was before, where it still is as it was left. Returns whether anything was.
///
/// # Errors
/// The database fails.
pub(in crate::library) async fn revert(
    tx: &mut SqliteConnection,
    article: i64,
    (before, after): (&Decided, &Decided),
) -> sqlx::Result<bool> {
    let mut is_restored = false;
    for ((other, was), (_, is)) in before.0.iter().zip(&after.0) {
        if find(tx, (article, *other)).await? == *is {
            set(tx, (article, *other), *was).await?;
            is_restored = true;
        }
    }
    Ok(is_restored)
}

async fn decide(tx: &mut SqliteConnection, article: i64, others: &[i64], is_together: bool) -> sqlx::Result<Decision> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for other in others {
        before.push((*other, find(tx, (article, *other)).await?));
        after.push((*other, Some(is_together)));
        set(tx, (article, *other), Some(is_together)).await?;
    }
    Ok(Decision { article, before: Decided(before), after: Decided(after) })
}

/// Lists the other articles of the story of an article.
async fn list_with(tx: &mut SqliteConnection, article: i64) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "SELECT m.article_id FROM story_article m
         WHERE m.story_id = (SELECT story_id FROM story_article WHERE article_id = ?1) AND m.article_id <> ?1",
        article
    )
    .fetch_all(tx)
    .await
}

async fn find(tx: &mut SqliteConnection, (one, other): (i64, i64)) -> sqlx::Result<Option<bool>> {
    let (first, second) = (one.min(other), one.max(other));
    sqlx::query_scalar!(
        r#"SELECT is_together AS "is_together: bool" FROM story_decision WHERE article_id = ?1 AND other_id = ?2"#,
        first,
        second
    )
    .fetch_optional(tx)
    .await
}

async fn set(tx: &mut SqliteConnection, (one, other): (i64, i64), decided: Option<bool>) -> sqlx::Result<()> {
    let (first, second) = (one.min(other), one.max(other));
    match decided {
        Some(is_together) => {
            // One of them may have been deleted since.
            sqlx::query!(
                "INSERT INTO story_decision (article_id, other_id, is_together)
                 SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM article WHERE id IN (?1, ?2)) = 2
                 ON CONFLICT DO UPDATE SET is_together = excluded.is_together",
                first,
                second,
                is_together
            )
            .execute(tx)
            .await?;
        }
        None => {
            sqlx::query!("DELETE FROM story_decision WHERE article_id = ?1 AND other_id = ?2", first, second)
                .execute(tx)
                .await?;
        }
    }
    Ok(())
}
