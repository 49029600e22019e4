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
use jiff::tz::TimeZone;
use url::form_urlencoded;

use crate::accounts::access::{Refusal, RequestInfo};
use crate::accounts::{AccessPolicy, FIRST_LIBRARY_ID, Person, Session, Token};
use crate::app::App;
use crate::library::Library;
use crate::ops::server::{Connection, PeerUser};
use crate::web::shell::dates::LocalClock;
use crate::web::shell::error::{Error, Result};
use crate::web::shell::return_path::ReturnPath;
use crate::web::shell::{cookies, fetch_metadata, login_notice, no_account};

/// The reader of a request. Handlers behind [`require_login`] take it as an argument.
#[derive(Clone)]
pub struct Reader {
    /// The reader's library, the only one these handlers can reach.
    pub library: Library,
    /// `None` on this computer before there is an account.
    pub person: Option<Arc<Person>>,
    /// What every page says about failed logins, until it is dismissed.
    pub(crate) login_notice: Option<String>,
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
#[derive(Clone)]
pub(crate) struct Client {
    peer: IpAddr,
    host: Option<String>,
    forwarded_for: Option<String>,
    /// Why it may not read while there is no account, as far as the request tells.
    refusal: Option<Refusal>,
    /// The page that a browser is about to show.
    navigates_to: Option<ReturnPath>,
    connection: Option<Connection>,
}

impl Client {
    fn new(parts: &Parts, access: &AccessPolicy) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // An unknown address is not a local one.
        let peer = peer.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        let host = host(&parts.headers, &parts.uri);
        let request = RequestInfo { peer, host: host.as_deref(), version: parts.version, headers: &parts.headers };
        let refusal = access.check_anonymous(request).err();
        let forwarded_for = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded_for = forwarded_for.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let navigates_to = fetch_metadata::is_navigation(&parts.method, &parts.headers)
            .then(|| ReturnPath::parse(parts.uri.path_and_query().map_or("/", |path| path.as_str())));
        Self { peer, host, forwarded_for, refusal, navigates_to, connection: parts.extensions.get().cloned() }
    }

    /// Returns the host name the request used.
    pub(crate) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Returns the address under which login attempts are counted.
    pub(crate) fn attempt_source(&self, access: &AccessPolicy) -> IpAddr {
        access.client_ip(self.peer, self.forwarded_for.as_deref())
    }

    /// Returns why the client may not read while there is no account, if so.
    async fn find_refusal(&self) -> Option<Refusal> {
        if self.refusal.is_some() {
            return self.refusal.clone();
        }
        let is_others = self.connection.as_ref()?.peer_user().await == PeerUser::Other;
        is_others.then_some(Refusal::OtherUser)
    }

    /// Fails if the client may not read while there is no account.
    pub(crate) async fn require_anonymous(&self, access: &AccessPolicy) -> Result<()> {
        let refusal = self.find_refusal().await;
        refusal.map_or(Ok(()), |refusal| Err(no_account::error(access, &refusal, self.navigates_to.as_ref())))
    }

    fn mark_reader(&self) {
        if let Some(connection) = &self.connection {
            connection.mark_reader();
        }
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Infallible> {
        Ok(Self::new(parts, &app.access))
    }
}

/// Returns the `Host` header; `None` for two, and if the request line names another host.
fn host(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return None };
    let host = host.to_str().ok()?;
    uri.authority().is_none_or(|authority| authority.as_str() == host).then(|| host.to_owned())
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
        return Err(reject(&app, &client, &parts, now).await?);
    };
    client.mark_reader();
    reader.library.note_opened(now);
    parts.extensions.insert(reader.clone());
    parts.extensions.insert(app.disk.state(now));
    let device_cookie = cookies::find_device_cookie(&parts.headers, &app.access).map(str::to_owned);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(login) = &reader.login {
        renew_session(&app, login, device_cookie.as_deref(), &mut response).await;
    }
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
        let library = app.libraries.get(person.library_id).await?;
        let clock = LocalClock::new(now, TimeZone::system());
        let login_notice = login.session.failed_logins.map(|failed| login_notice::text(failed, &clock));
        return Ok(Some(Reader { library, person: Some(person), login_notice, login: Some(login) }));
    }
    if !app.accounts.has_accounts(now).await? && client.find_refusal().await.is_none() {
        let library = app.libraries.get(FIRST_LIBRARY_ID).await?;
        return Ok(Some(Reader { library, person: None, login_notice: None, login: None }));
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
async fn reject(app: &App, client: &Client, parts: &Parts, now: Timestamp) -> Result<Error> {
    if !app.accounts.has_accounts(now).await? {
        // Without a refusal, the last account was deleted just now.
        return Ok(client.require_anonymous(&app.access).await.err().unwrap_or(Error::Unauthorized));
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

/// Renews a session once a day, and with it the cookie by which the browser is known. If that fails, for example on a full
/// disk, the page is shown nevertheless.
async fn renew_session(app: &App, login: &Login, device_cookie: Option<&str>, response: &mut Response) {
    let now = app.now();
    match app.accounts.renew_session(&login.session, now).await {
        Ok(false) => {}
        Ok(true) => {
            let headers = response.headers_mut();
            headers.append(header::SET_COOKIE, cookies::session_cookie(&login.token, &app.access));
            if let Ok(device) = app.accounts.issue_device_cookie(&login.session.person, device_cookie, now) {
                headers.append(header::SET_COOKIE, cookies::device_cookie(&device, &app.access));
            }
        }
        Err(error) => tracing::warn!(%error, "couldn't renew a session"),
    }
}
