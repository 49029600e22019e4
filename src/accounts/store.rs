//! Queries on accounts.db.

use jiff::Timestamp;

use crate::accounts::Person;
use crate::accounts::tokens::TokenHash;
use crate::storage::database::Database;

pub(super) async fn ping(database: &Database) -> sqlx::Result<()> {
    sqlx::query_scalar!(r#"SELECT 1 AS "one!: i64""#).fetch_one(database.readers()).await.map(|_| ())
}

pub(super) async fn count_people(database: &Database) -> sqlx::Result<i64> {
    sqlx::query_scalar!("SELECT count(*) FROM person").fetch_one(database.readers()).await
}

/// A person to add, with the password already hashed.
pub(super) struct NewPerson<'a> {
    pub(super) name: &'a str,
    pub(super) password_hash: &'a str,
    pub(super) library_id: i64,
    pub(super) now: Timestamp,
}

/// Returns `None` if the name is taken.
pub(super) async fn add_person(database: &Database, new: NewPerson<'_>) -> sqlx::Result<Option<i64>> {
    let now = new.now.as_second();
    let mut tx = database.begin_write().await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO person (name, password_hash, library_id, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING RETURNING id",
        new.name,
        new.password_hash,
        new.library_id,
        now
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Returns `None` if there is a person already: of two simultaneous set-ups, one wins.
pub(super) async fn add_first_person(database: &Database, new: NewPerson<'_>) -> sqlx::Result<Option<i64>> {
    let now = new.now.as_second();
    let mut tx = database.begin_write().await?;
    let id = sqlx::query_scalar!(
        "INSERT INTO person (name, password_hash, library_id, created_at)
         SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM person) RETURNING id",
        new.name,
        new.password_hash,
        new.library_id,
        now
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Finds a person by name, with their password hash.
pub(super) async fn find_person(database: &Database, name: &str) -> sqlx::Result<Option<(Person, String)>> {
    let row = sqlx::query!("SELECT id, name, password_hash, library_id FROM person WHERE name = ?1", name)
        .fetch_optional(database.readers())
        .await?;
    Ok(row.map(|row| (Person { id: row.id, name: row.name, library_id: row.library_id }, row.password_hash)))
}

/// The token of a session, and the one that replaces it.
pub(super) struct NewToken {
    pub(super) old: TokenHash,
    pub(super) new: TokenHash,
}

/// Changes a person's password and ends all sessions except the one that gets a new token.
pub(super) async fn change_password(
    database: &Database,
    person: i64,
    password_hash: &str,
    kept: Option<NewToken>,
) -> sqlx::Result<()> {
    let (old, new) = kept.map_or_else(Default::default, |kept| (kept.old.hex(), kept.new.hex()));
    let mut tx = database.begin_write().await?;
    sqlx::query!("UPDATE person SET password_hash = ?2 WHERE id = ?1", person, password_hash).execute(&mut *tx).await?;
    sqlx::query!("DELETE FROM session WHERE person_id = ?1 AND token_hash <> ?2", person, old)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("UPDATE session SET token_hash = ?2 WHERE token_hash = ?1", old, new).execute(&mut *tx).await?;
    tx.commit().await
}

/// Counts a failed login under a person's name.
pub(super) async fn count_failed_login(database: &Database, person: i64, now: Timestamp) -> sqlx::Result<()> {
    let now = now.as_second();
    let mut tx = database.begin_write().await?;
    sqlx::query!(
        "UPDATE person SET failed_logins = failed_logins + 1, last_failed_login_at = ?2 WHERE id = ?1",
        person,
        now
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Returns the key of this name. The first call stores `new`.
pub(super) async fn secret(database: &Database, name: &str, new: &[u8]) -> sqlx::Result<Vec<u8>> {
    let find = || sqlx::query_scalar!("SELECT value FROM secret WHERE name = ?1", name);
    if let Some(stored) = find().fetch_optional(database.readers()).await? {
        return Ok(stored);
    }
    let mut tx = database.begin_write().await?;
    sqlx::query!("INSERT INTO secret (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING", name, new)
        .execute(&mut *tx)
        .await?;
    // Another process may have been first.
    let stored = find().fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(stored)
}

/// A session to add.
pub(super) struct NewSession<'a> {
    pub(super) token_hash: TokenHash,
    /// The session that it replaces.
    pub(super) replaced: Option<TokenHash>,
    pub(super) person: i64,
    pub(super) user_agent: &'a str,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Adds a session, which takes over the count of failed logins, and ends the one it replaces. Expired ones are deleted by the cleanup job, which knows
/// whether the clock can be right.
pub(super) async fn add_session(database: &Database, new: NewSession<'_>) -> sqlx::Result<()> {
    let (token, now, expires) = (new.token_hash.hex(), new.now.as_second(), new.expires_at.as_second());
    let replaced = new.replaced.map(TokenHash::hex);
    let mut tx = database.begin_write().await?;
    sqlx::query!("DELETE FROM session WHERE token_hash = ?1", replaced).execute(&mut *tx).await?;
    sqlx::query!(
        "INSERT INTO session (token_hash, person_id, created_at, expires_at, user_agent, failed_logins, last_failed_login_at)
         SELECT ?1, id, ?3, ?4, ?5, failed_logins, last_failed_login_at FROM person WHERE id = ?2",
        token,
        new.person,
        now,
        expires,
        new.user_agent
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "UPDATE person SET failed_logins = 0, last_failed_login_at = NULL WHERE id = ?1 AND failed_logins > 0",
        new.person
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// A session as stored. Times are Unix seconds.
pub(super) struct SessionRow {
    pub(super) person: Person,
    pub(super) expires_at: i64,
    pub(super) failed_logins: i64,
    pub(super) last_failed_login_at: Option<i64>,
}

/// Finds a session that has not expired.
pub(super) async fn find_session(
    database: &Database,
    token: TokenHash,
    now: Timestamp,
) -> sqlx::Result<Option<SessionRow>> {
    let (token, now) = (token.hex(), now.as_second());
    let row = sqlx::query!(
        "SELECT person.id, person.name, person.library_id, session.expires_at, session.failed_logins,
                session.last_failed_login_at
         FROM session JOIN person ON person.id = session.person_id
         WHERE session.token_hash = ?1 AND session.expires_at > ?2",
        token,
        now
    )
    .fetch_optional(database.readers())
    .await?;
    Ok(row.map(|row| SessionRow {
        person: Person { id: row.id, name: row.name, library_id: row.library_id },
        expires_at: row.expires_at,
        failed_logins: row.failed_logins,
        last_failed_login_at: row.last_failed_login_at,
    }))
}

/// Forgets the failed logins that a session took over.
pub(super) async fn dismiss_failed_logins(database: &Database, token: TokenHash) -> sqlx::Result<()> {
    let token = token.hex();
    let mut tx = database.begin_write().await?;
    sqlx::query!("UPDATE session SET failed_logins = 0, last_failed_login_at = NULL WHERE token_hash = ?1", token)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

pub(super) async fn renew_session(database: &Database, token: TokenHash, expires_at: Timestamp) -> sqlx::Result<()> {
    let (token, expires) = (token.hex(), expires_at.as_second());
    let mut tx = database.begin_write().await?;
    sqlx::query!("UPDATE session SET expires_at = ?2 WHERE token_hash = ?1", token, expires).execute(&mut *tx).await?;
    tx.commit().await
}

pub(super) async fn end_session(database: &Database, token: TokenHash) -> sqlx::Result<()> {
    let token = token.hex();
    let mut tx = database.begin_write().await?;
    sqlx::query!("DELETE FROM session WHERE token_hash = ?1", token).execute(&mut *tx).await?;
    tx.commit().await
}

/// Deletes expired sessions and returns their number.
pub(super) async fn delete_expired_sessions(database: &Database, now: Timestamp) -> sqlx::Result<u64> {
    let now = now.as_second();
    let mut tx = database.begin_write().await?;
    let deleted = sqlx::query!("DELETE FROM session WHERE expires_at <= ?1", now).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(deleted.rows_affected())
}
