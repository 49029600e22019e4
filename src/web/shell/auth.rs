//! Authentication: nothing behind [`require_login`] is reached by anyone but a reader.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use url::form_urlencoded;

use crate::accounts::access::{self, RequestInfo};
use crate::accounts::{AccessPolicy, FIRST_LIBRARY_ID, Person, Session, Token};
use crate::app::App;
use crate::library::Library;
use crate::web::shell::cookies;
use crate::web::shell::error::{Error, Result};

/// The reader of a request. Handlers behind [`require_login`] take it as an argument.
#[derive(Clone)]
pub struct Reader {
    /// The reader's library, the only one these handlers can reach.
    pub library: Library,
    /// `None` on this computer before there is an account.
    pub person: Option<Arc<Person>>,
    pub(crate) login: Option<Login>,
}

/// A session and its token.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) token: Token,
    pub(crate) session: Session,
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        // A route without its layer shows nothing.
        parts.extensions.get::<Self>().cloned().ok_or(Error::Unauthorized)
    }
}

/// What is known of a client before it logs in.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    peer: IpAddr,
    host: Option<String>,
    forwarded: bool,
    forwarded_for: Option<String>,
}

impl Client {
    fn new(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let forwarded_for = parts.headers.get_all("x-forwarded-for").iter().next_back();
        Self {
            // An unknown address is not a local one.
            peer: peer.unwrap_or(Ipv4Addr::UNSPECIFIED.into()),
            host: host(&parts.headers, &parts.uri),
            forwarded: parts.headers.keys().any(|name| access::is_proxy_header(name.as_str())),
            forwarded_for: forwarded_for.and_then(|value| value.to_str().ok()).map(str::to_owned),
        }
    }

    /// Returns the host name the request used.
    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Returns the address under which login attempts are counted.
    pub(crate) fn attempt_source(&self, access: &AccessPolicy) -> IpAddr {
        access.client_ip(self.peer, self.forwarded_for.as_deref())
    }

    /// Returns whether the client may read while there is no account.
    pub(crate) fn may_read_without_account(&self, access: &AccessPolicy) -> bool {
        access.allows_anonymous(RequestInfo { peer: self.peer, host: self.host(), is_proxied: self.forwarded })
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Self::new(parts))
    }
}

/// Returns the `Host` header, or the authority of HTTP/2; `None` for two headers.
fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().map(str::to_owned),
        (None, _) => uri.authority().map(ToString::to_string),
        (Some(_), Some(_)) => None,
    }
}

/// Rejects requests for a foreign host name, see [`AccessPolicy::accepts_host`].
pub(crate) async fn check_host(
    State(app): State<App>,
    client: Client,
    request: Request,
    next: Next,
) -> Result<Response> {
    if !app.access.accepts_host(client.host()) {
        return Err(Error::WrongHost(app.access.public_url()));
    }
    Ok(next.run(request).await)
}

/// Gives readers access to their library, and sends everybody else to the login page.
pub(crate) async fn require_login(
    State(app): State<App>,
    client: Client,
    request: Request,
    next: Next,
) -> Result<Response> {
    let now = app.now();
    let (mut parts, body) = request.into_parts();
    let Some(reader) = find_reader(&app, &client, &parts.headers, now).await? else {
        return Err(reject(&app, &parts, now).await?);
    };
    parts.extensions.insert(reader.clone());
    parts.extensions.insert(app.disk.state(now));
    let mut response = next.run(Request::from_parts(parts, body)).await;
    renew_session(&app, &reader, &mut response, now).await;
    if response.status() == StatusCode::INSUFFICIENT_STORAGE {
        app.disk.report_full(now);
    }
    if response.status().is_client_error() || response.status().is_server_error() {
        // The error page shows the reader's menu.
        response.extensions_mut().insert(reader);
    }
    Ok(response)
}

async fn find_reader(app: &App, client: &Client, headers: &HeaderMap, now: Timestamp) -> Result<Option<Reader>> {
    if let Some(login) = find_login(app, headers, now).await? {
        let person = Arc::clone(&login.session.person);
        let library = app.libraries.get(person.library_id, now).await?;
        return Ok(Some(Reader { library, person: Some(person), login: Some(login) }));
    }
    if client.may_read_without_account(&app.access) && !app.accounts.has_accounts(now).await? {
        let library = app.libraries.get(FIRST_LIBRARY_ID, now).await?;
        return Ok(Some(Reader { library, person: None, login: None }));
    }
    Ok(None)
}

/// Returns the session of the request's cookie, if it is valid.
pub(crate) async fn find_login(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Option<Login>> {
    let Some(token) = cookies::session_token(headers, &app.access) else { return Ok(None) };
    let session = app.accounts.find_session(&token, now).await?;
    Ok(session.map(|session| Login { token, session }))
}

/// Returns why access is denied: there is no account yet, or the client has to log in.
async fn reject(app: &App, parts: &Parts, now: Timestamp) -> Result<Error> {
    if !app.accounts.has_accounts(now).await? {
        return Ok(setup_required(&app.access));
    }
    let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let wants_page = accept.is_some_and(|accept| accept.contains("text/html"));
    if !matches!(parts.method, Method::GET | Method::HEAD) || !wants_page {
        return Ok(Error::Unauthorized);
    }
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    Ok(Error::LoginRequired(if path == "/" { "/login".to_owned() } else { format!("/login?next={next}") }))
}

/// There is no account, and the client is not on this computer.
pub(crate) fn setup_required(access: &AccessPolicy) -> Error {
    Error::Forbidden(if access.requires_setup() {
        "Broadsheet isn’t set up yet. Open the set-up link in the server’s log; each start prints a new one.".into()
    } else {
        let url = access.public_url();
        format!("Broadsheet has no account yet, so it opens only on the computer it runs on, at {url}.").into()
    })
}

/// Renews a session once a day. If that fails, for example on a full disk, the page is shown nevertheless.
async fn renew_session(app: &App, reader: &Reader, response: &mut Response, now: Timestamp) {
    let Some(login) = &reader.login else { return };
    match app.accounts.renew_session(&login.session, now).await {
        Ok(false) => {}
        Ok(true) => {
            let cookie = cookies::session_cookie(&login.token, &app.access);
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Err(error) => tracing::warn!(%error, "couldn't renew a session"),
    }
}
