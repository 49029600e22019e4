//! Tokens of catalogues: one for each person at most.

use jiff::Timestamp;

use crate::storage::database::Database;

pub(super) async fn replace(database: &Database, person: i64, hash: &str, now: Timestamp) -> sqlx::Result<()> {
    let now = now.as_second();
    let mut tx = database.begin_write().await?;
    sqlx::query!(
        "INSERT INTO catalogue_token (person_id, token_hash, created_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (person_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at",
        person,
        hash,
        now
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

pub(super) async fn delete(database: &Database, person: i64) -> sqlx::Result<()> {
    let mut tx = database.begin_write().await?;
    sqlx::query!("DELETE FROM catalogue_token WHERE person_id = ?1", person).execute(&mut *tx).await?;
    tx.commit().await
}

pub(super) async fn find_created_at(database: &Database, person: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("SELECT created_at FROM catalogue_token WHERE person_id = ?1", person)
        .fetch_optional(database.readers())
        .await
}

pub(super) async fn find_library(database: &Database, hash: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "SELECT person.library_id FROM catalogue_token JOIN person ON person.id = catalogue_token.person_id
         WHERE catalogue_token.token_hash = ?1",
        hash
    )
    .fetch_optional(database.readers())
    .await
}
