//! The HTTP server: bind, serve, and shut down on a signal.

use std::future::IntoFuture as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long current requests and jobs may take to finish on shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);

/// Binds the listen address.
///
/// # Errors
/// A message that says why it cannot be bound and what to do.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    use std::io::ErrorKind::{AddrInUse, AddrNotAvailable, PermissionDenied};
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        AddrInUse => anyhow::anyhow!(
            "Port {} is in use. Is Broadsheet already running? If not, set another port with BROADSHEET_LISTEN.",
            address.port()
        ),
        AddrNotAvailable => anyhow::anyhow!(
            "This machine doesn't have the address {}. Set another one with BROADSHEET_LISTEN.",
            address.ip()
        ),
        PermissionDenied => anyhow::anyhow!(
            "Port {} is reserved for the system. Set one above 1023 with BROADSHEET_LISTEN.",
            address.port()
        ),
        _ => anyhow::Error::new(error).context(format!("listening on {address}")),
    })
}

/// Serves requests until `stop` is cancelled. Then accepts no more, and waits up to 30 seconds for current requests and
/// for `jobs`, which watch `stop` themselves. Handlers can extract the peer as `ConnectInfo<SocketAddr>`.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    router: Router,
    listener: TcpListener,
    jobs: &TaskTracker,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    // Stops the jobs however this function ends.
    let _stop_jobs = stop.clone().drop_guard();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let requests = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    let finish = async {
        requests.into_future().await.context("answering requests")?;
        jobs.close();
        jobs.wait().await;
        anyhow::Ok(())
    };
    tokio::select! {
        biased;
        finished = finish => finished,
        () = shutdown_timed_out(stop) => {
            tracing::warn!(jobs = jobs.len(), "shutting down with work unfinished; it resumes at the next start");
            Ok(())
        }
    }
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
        let first = bind(LOOPBACK).await.unwrap();
        let error = bind(first.local_addr().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains("is in use"), "{error}");
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
        let listener = bind(LOOPBACK).await.unwrap();
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
        server.await.unwrap().unwrap();
        assert!(finished.load(std::sync::atomic::Ordering::Acquire));
    }
}
