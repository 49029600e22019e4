//! The token by which e-readers open a person's catalogue of editions. It opens nothing else, and each person has one at most:
//! a new one takes the place of the old.

mod store;

use jiff::Timestamp;

use crate::accounts::{Accounts, Token};

impl Accounts {
    /// Creates the token of a person's catalogue. It is known only now: its hash is stored.
    ///
    /// # Errors
    /// The database fails, or the system has no randomness available.
    pub async fn create_catalogue_token(&self, person: i64, now: Timestamp) -> anyhow::Result<Token> {
        let token = Token::random()?;
        store::replace(&self.database, person, &token.hash().hex(), now).await?;
        Ok(token)
    }

    /// Revokes the token of a person's catalogue, if there is one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn revoke_catalogue_token(&self, person: i64) -> sqlx::Result<()> {
        store::delete(&self.database, person).await
    }

    /// Returns when the token of a person's catalogue was created, if there is one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn find_catalogue(&self, person: i64) -> sqlx::Result<Option<Timestamp>> {
        let created_at = store::find_created_at(&self.database, person).await?;
        Ok(created_at.and_then(|at| Timestamp::from_second(at).ok()))
    }

    /// Returns the id of the library whose catalogue a token opens.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open_catalogue(&self, token: &Token) -> sqlx::Result<Option<i64>> {
        store::find_library(&self.database, &token.hash().hex()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::store as people;
    use crate::accounts::test_accounts;

    #[tokio::test]
    async fn a_token_opens_one_catalogue_until_it_is_replaced_or_revoked() {
        let (accounts, _folder) = test_accounts().await;
        let now = Timestamp::UNIX_EPOCH;
        let new = people::NewPerson { name: "Ann", password_hash: "-", library_id: 7, now };
        let ann = people::add_person(&accounts.database, new).await.unwrap().unwrap();
        assert_eq!(accounts.find_catalogue(ann).await.unwrap(), None);
        let first = accounts.create_catalogue_token(ann, now).await.unwrap();
        assert_eq!(accounts.open_catalogue(&first).await.unwrap(), Some(7));
        let second = accounts.create_catalogue_token(ann, now).await.unwrap();
        assert_eq!(accounts.open_catalogue(&first).await.unwrap(), None);
        assert_eq!(accounts.open_catalogue(&second).await.unwrap(), Some(7));
        assert!(accounts.find_session(&second, now).await.unwrap().is_none(), "it is no login");
        accounts.revoke_catalogue_token(ann).await.unwrap();
        assert_eq!(accounts.open_catalogue(&second).await.unwrap(), None);
    }
}
