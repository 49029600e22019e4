//! The HTTP server: bind, serve, and shut down on a signal.
//!
//! Strangers can open as many connections as they like and leave each one half way through a request. So there is a
//! limit of connections, below that of open files, and the oldest ones that are not a reader's make room for new ones:
//! see [`connections`].

mod connections;
mod open_files;
mod peer_user;

pub use connections::Connection;
pub use peer_user::PeerUser;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// How long current requests and jobs may take to finish on shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection may take to send the head of a request, and how long it may be idle before that.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes that a connection may have sent before they are used: the longest head, and what is read of a body at a time.
const MAX_BUFFERED_BYTES: usize = 32 * 1024;

/// Connections that wait to be accepted; the system may limit it further.
const MAX_QUEUED_CONNECTIONS: u32 = 4096;

/// How long no connection is accepted after that has failed, since the reason will not be gone at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Binds a listen address that this setting has.
///
/// # Errors
/// A message that says why it cannot be bound and what to do.
pub fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
    listen(address).map_err(|error| match error.kind() {
        AddrInUse => anyhow::anyhow!(
            "Port {} is in use. Is Broadsheet already running? If not, set another port with {setting}.",
            address.port()
        ),
        AddrNotAvailable => {
            anyhow::anyhow!("This machine doesn't have the address {}. Set another one with {setting}.", address.ip())
        }
        PermissionDenied => {
            anyhow::anyhow!("Port {} is reserved for the system. Set one above 1023 with {setting}.", address.port())
        }
        _ => anyhow::Error::new(error).context(format!("listening on {address}")),
    })
}

/// As `TcpListener::bind`, with a longer queue: a flood that fills it makes readers wait for a second or more.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that restarts takes over the port at once.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(MAX_QUEUED_CONNECTIONS)
}

/// Serves requests until `stop` is cancelled. Then accepts no more, and waits up to 30 seconds for current requests and
/// for `jobs`, which watch `stop` themselves. Handlers can extract the peer as `ConnectInfo<SocketAddr>`, and find the
/// [`Connection`] among the extensions of a request.
pub async fn serve(router: Router, listener: TcpListener, jobs: &TaskTracker, stop: &CancellationToken) {
    // Stops the jobs however this function ends.
    let _stop_jobs = stop.clone().drop_guard();
    let finish = async {
        answer_requests(router, listener, stop).await;
        jobs.close();
        jobs.wait().await;
    };
    tokio::select! {
        biased;
        () = finish => {}
        () = shutdown_timed_out(stop) => {
            tracing::warn!(jobs = jobs.len(), "shutting down with work unfinished; it resumes at the next start");
        }
    }
}

/// Answers requests until `stop` is cancelled, and then those that have begun.
pub async fn answer_requests(router: Router, listener: TcpListener, stop: &CancellationToken) {
    let connections = connections::Connections::new(open_files::raise_limit());
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "couldn't accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Ok(local) = stream.local_addr() else { continue };
        // Without room, the stream is dropped, which closes it.
        if let Some(connection) = connections.admit(peer, local) {
            tokio::spawn(answer_connection(router.clone(), stream, connection, graceful.watcher()));
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

async fn answer_connection(router: Router, stream: TcpStream, connection: Connection, watcher: Watcher) {
    let evicted = connection.evicted();
    let service = service_fn(move |request| answer(router.clone(), connection.clone(), request));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_BUFFERED_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // Clients that disconnect or send no HTTP are usual.
        served = watcher.watch(served) => if let Err(error) = served {
            tracing::debug!(%error, "a connection ended");
        },
        () = evicted.cancelled() => {}
    }
}

async fn answer(router: Router, connection: Connection, request: Request<Incoming>) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(connection.peer()));
    request.extensions_mut().insert(connection.clone());
    connection.begin_request();
    let response = router.oneshot(request).await;
    connection.end_request();
    response
}

/// Cancels `stop` on the first SIGINT or SIGTERM. Exits immediately on the second.
///
/// # Errors
/// The signal handlers cannot be installed.
pub fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("watching SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("watching SIGTERM")?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if stop.is_cancelled() {
                tracing::warn!("second signal, shutting down immediately");
                std::process::exit(130);
            }
            tracing::info!("shutting down, finishing current work");
            stop.cancel();
        }
    });
    Ok(())
}

async fn shutdown_timed_out(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::sync::Notify;

    use super::*;

    const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

    #[tokio::test]
    async fn ports_in_use_are_explained() {
        let first = bind(LOOPBACK, "BROADSHEET_LISTEN").unwrap();
        let error = bind(first.local_addr().unwrap(), "BROADSHEET_METRICS").unwrap_err();
        assert!(error.to_string().contains("is in use"), "{error}");
        assert!(error.to_string().ends_with("with BROADSHEET_METRICS."), "{error}");
    }

    #[tokio::test]
    async fn shutdown_finishes_current_requests_and_jobs() {
        let (received, respond, stop, jobs) =
            (Arc::new(Notify::new()), Arc::new(Notify::new()), CancellationToken::new(), TaskTracker::new());
        let (handler_received, handler_respond) = (Arc::clone(&received), Arc::clone(&respond));
        let slow = get(move || async move {
            handler_received.notify_one();
            handler_respond.notified().await;
            "finished"
        });
        let (job_stop, finished) = (stop.clone(), Arc::new(std::sync::atomic::AtomicBool::new(false)));
        let job_finished = Arc::clone(&finished);
        jobs.spawn(async move {
            job_stop.cancelled().await;
            tokio::task::yield_now().await;
            job_finished.store(true, std::sync::atomic::Ordering::Release);
        });
        let listener = bind(LOOPBACK, "BROADSHEET_LISTEN").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (serve_stop, serve_jobs) = (stop.clone(), jobs.clone());
        let server =
            tokio::spawn(
                async move { serve(Router::new().route("/", slow), listener, &serve_jobs, &serve_stop).await },
            );
        client.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
        received.notified().await;
        stop.cancel();
        respond.notify_one();
        let mut response = String::new();
        client.read_to_string(&mut response).await.unwrap();
        assert!(response.ends_with("finished"), "{response}");
        server.await.unwrap();
        assert!(finished.load(std::sync::atomic::Ordering::Acquire));
    }

    /// The clock moves on whenever everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_sends_no_whole_head_is_closed_after_half_a_minute() {
        let (listener, stop, jobs) =
            (bind(LOOPBACK, "BROADSHEET_LISTEN").unwrap(), CancellationToken::new(), TaskTracker::new());
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "ok" }));
        let (serve_stop, serve_jobs) = (stop.clone(), jobs.clone());
        let server = tokio::spawn(async move { serve(router, listener, &serve_jobs, &serve_stop).await });
        for (sent, answered) in [
            ("", false),
            ("GET / HTTP/1.1\r\nHost: localhost\r\nX-More: ", false),
            ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", true),
        ] {
            let began = tokio::time::Instant::now();
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(sent.as_bytes()).await.unwrap();
            let mut response = String::new();
            client.read_to_string(&mut response).await.unwrap();
            assert_eq!(response.ends_with("ok"), answered, "{sent}: {response}");
            let took = began.elapsed();
            assert!(took >= HEAD_TIMEOUT && took < HEAD_TIMEOUT * 2, "{sent}: {took:?}");
        }
        stop.cancel();
        server.await.unwrap();
    }
}
