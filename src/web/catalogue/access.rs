//! Who may open a catalogue: whoever has its token, in the path or as the password of Basic authentication (RFC 7617).

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::accounts::Token;
use crate::app::App;
use crate::library::Library;
use crate::web::catalogue::PRIVATE;
use crate::web::shell::Error;

/// An open catalogue.
pub(crate) struct Catalogue {
    /// The library whose editions it has.
    pub library: Library,
    /// What its URLs begin with: `/opds`, or that and the token.
    pub base: String,
}

impl FromRequestParts<App> for Catalogue {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let in_path = path.ok().and_then(|Path(mut path)| path.remove("token"));
        let (token, base) = match &in_path {
            Some(token) => (Token::parse(token), format!("/opds/{token}")),
            None => (basic_password(&parts.headers), "/opds".to_owned()),
        };
        let library = match token {
            Some(token) => open(app, &token).await.map_err(|error| Error::from(error).into_response())?,
            None => None,
        };
        match library {
            Some(library) => Ok(Self { library, base }),
            None if in_path.is_some() => Err(Error::NotFound.into_response()),
            None => Err(ask_for_password()),
        }
    }
}

async fn open(app: &App, token: &Token) -> anyhow::Result<Option<Library>> {
    let Some(library) = app.accounts.open_catalogue(token).await? else { return Ok(None) };
    app.libraries.get(library).await.map(Some)
}

/// Returns the password of Basic authentication, if it is a token. The name may be any.
fn basic_password(headers: &HeaderMap) -> Option<Token> {
    let (scheme, credentials) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    Token::parse(decoded.split_once(':')?.1)
}

fn ask_for_password() -> Response {
    let ask = HeaderValue::from_static("Basic realm=\"Broadsheet\", charset=\"UTF-8\"");
    (StatusCode::UNAUTHORIZED, PRIVATE, [(header::WWW_AUTHENTICATE, ask)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_basic_authentication_is_the_token() {
        let token = "ab".repeat(32);
        let sent = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            basic_password(&headers).map(|token| token.reveal().to_owned())
        };
        let encode = |text: &str| STANDARD.encode(text);
        assert_eq!(sent(&format!("Basic {}", encode(&format!("ann:{token}")))), Some(token.clone()));
        assert_eq!(sent(&format!("bASIC {}", encode(&format!(":{token}")))), Some(token.clone()));
        for wrong in [
            format!("Bearer {token}"),
            format!("Basic {token}"),
            format!("Basic {}", encode(&token)),
            format!("Basic {}", encode(&format!("ann:{token}x"))),
            "Basic".to_owned(),
            "Basic %%%".to_owned(),
        ] {
            assert_eq!(sent(&wrong), None, "{wrong}");
        }
    }
}
