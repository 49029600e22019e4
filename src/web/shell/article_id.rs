//! The id in the paths of an article.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::web::shell::error::{Error, Result};

/// The id in a path such as `/article/7`. Anything but a number is not found.
pub(crate) struct ArticleId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for ArticleId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        Path::from_request_parts(parts, state).await.map(|Path(id)| Self(id)).map_err(|_| Error::NotFound)
    }
}
