//! Who is asking, and whether they may: nothing behind [`let_in`] is reached by anybody but a reader.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
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

/// The reader a page is for; handlers of pages behind [`let_in`] take it as an argument.
#[derive(Clone)]
pub struct Reader {
    /// All there is to read, and nothing else can be opened with it.
    pub library: Library,
    /// Who it is; `None` on this computer before there is an account.
    pub person: Option<Arc<Person>>,
    pub(crate) login: Option<Login>,
}

/// The session a browser brought, and the token it is known by.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) token: Token,
    pub(crate) session: Session,
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        // A route that forgot its guard shows nothing.
        parts.extensions.get::<Self>().cloned().ok_or(Error::Unauthorized)
    }
}

/// What is known of whoever asks, before they say who they are.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    peer: IpAddr,
    host: Option<String>,
    forwarded: bool,
    forwarded_for: Option<String>,
}

impl Caller {
    fn new(parts: &Parts) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let forwarded_for = parts.headers.get_all("x-forwarded-for").iter().next_back();
        Self {
            // Unknown is nowhere near us.
            peer: peer.unwrap_or(Ipv4Addr::UNSPECIFIED.into()),
            host: host(&parts.headers, &parts.uri),
            forwarded: parts.headers.keys().any(|name| access::is_proxy_header(name.as_str())),
            forwarded_for: forwarded_for.and_then(|value| value.to_str().ok()).map(str::to_owned),
        }
    }

    /// The name we were asked for by.
    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Whose tries to log in these are.
    pub(crate) fn counted(&self, access: &AccessPolicy) -> IpAddr {
        access.client_ip(self.peer, self.forwarded_for.as_deref())
    }

    /// Whether they may read as long as there is no account.
    pub(crate) fn needs_no_account(&self, access: &AccessPolicy) -> bool {
        access.allows_anonymous(RequestInfo { peer: self.peer, host: self.host(), is_proxied: self.forwarded })
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Self::new(parts))
    }
}

/// The one `Host` header, or the authority of HTTP/2; two of them are none.
fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let mut given = headers.get_all(header::HOST).iter();
    match (given.next(), given.next()) {
        (Some(host), None) => host.to_str().ok().map(str::to_owned),
        (None, _) => uri.authority().map(ToString::to_string),
        (Some(_), Some(_)) => None,
    }
}

/// Refuses to answer by a name that is not ours, see [`AccessPolicy::answers_to`].
pub(crate) async fn check_host(
    State(app): State<App>,
    caller: Caller,
    request: Request,
    next: Next,
) -> Result<Response> {
    if !app.access.accepts_host(caller.host()) {
        return Err(Error::WrongHost(app.access.public_url()));
    }
    Ok(next.run(request).await)
}

/// Lets readers through to their library, and sends everybody else to the login page.
pub(crate) async fn let_in(State(app): State<App>, caller: Caller, request: Request, next: Next) -> Result<Response> {
    let now = app.now();
    let (mut parts, body) = request.into_parts();
    let Some(reader) = recognise(&app, &caller, &parts.headers, now).await? else {
        return Err(turn_away(&app, &parts, now).await?);
    };
    parts.extensions.insert(reader.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    renew(&app, &reader, &mut response, now).await;
    if response.status().is_client_error() || response.status().is_server_error() {
        // For the page that tells of the failure: it has the menu of a reader.
        response.extensions_mut().insert(reader);
    }
    Ok(response)
}

async fn recognise(app: &App, caller: &Caller, headers: &HeaderMap, now: Timestamp) -> Result<Option<Reader>> {
    if let Some(login) = login(app, headers, now).await? {
        let person = Arc::clone(&login.session.person);
        let library = app.libraries.get(person.library_id, now).await?;
        return Ok(Some(Reader { library, person: Some(person), login: Some(login) }));
    }
    if caller.needs_no_account(&app.access) && !app.accounts.has_accounts(now).await? {
        let library = app.libraries.get(FIRST_LIBRARY_ID, now).await?;
        return Ok(Some(Reader { library, person: None, login: None }));
    }
    Ok(None)
}

/// The session a browser's cookie names, if it goes on.
pub(crate) async fn login(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Option<Login>> {
    let Some(token) = cookies::session_token(headers, &app.access) else { return Ok(None) };
    let session = app.accounts.find_session(&token, now).await?;
    Ok(session.map(|session| Login { token, session }))
}

/// Why somebody is not let in: there is no account yet, or they have to log in.
async fn turn_away(app: &App, parts: &Parts, now: Timestamp) -> Result<Error> {
    if !app.accounts.has_accounts(now).await? {
        return Ok(not_set_up(&app.access));
    }
    let accept = parts.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let wants_page = accept.is_some_and(|accept| accept.contains("text/html"));
    if !matches!(parts.method, Method::GET | Method::HEAD) || !wants_page {
        return Ok(Error::Unauthorized);
    }
    let wanted = parts.uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    let next: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    Ok(Error::LogIn(if wanted == "/" { "/login".to_owned() } else { format!("/login?next={next}") }))
}

/// Nobody has an account, and whoever asks does not sit at this computer.
pub(crate) fn not_set_up(access: &AccessPolicy) -> Error {
    Error::Forbidden(if access.requires_setup() {
        "Broadsheet isn’t set up yet. Open the set-up link in the server’s log; each start prints a new one.".into()
    } else {
        let address = access.public_url();
        format!("Broadsheet has no account yet, so it opens only on the computer it runs on, at {address}.").into()
    })
}

/// Renews a session once a day. A full disk is no reason not to show the page.
async fn renew(app: &App, reader: &Reader, response: &mut Response, now: Timestamp) {
    let Some(login) = &reader.login else { return };
    match app.accounts.renew_session(&login.session, now).await {
        Ok(false) => {}
        Ok(true) => {
            let cookie = cookies::of_session(&login.token, &app.access);
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Err(error) => tracing::warn!(%error, "couldn't renew a session"),
    }
}
