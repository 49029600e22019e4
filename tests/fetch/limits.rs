//! Limits of a fetch: time, bytes, redirects, and requests per host.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use broadsheet::ingest::fetch::{Error, Fetcher, Policy, Resolver};
use broadsheet::ingest::memory_budget::MemoryBudget;
use flate2::Compression;
use futures_util::FutureExt as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::fake_network::{FakeNetwork, Response, article, html, response, url};

/// Short enough for a test, long enough for a busy machine to answer on loopback.
const SOON: Duration = Duration::from_millis(200);

fn short_timeouts() -> Policy {
    Policy { first_byte_timeout: SOON, total_timeout: 2 * SOON, ..Policy::default() }
}

/// Only the total timeout can expire.
fn long_first_byte_short_total() -> Policy {
    Policy { first_byte_timeout: Duration::from_secs(60), total_timeout: SOON, ..Policy::default() }
}

#[test]
fn default_limits() {
    let policy = Policy::default();
    assert_eq!(policy.max_redirects, 20);
    assert_eq!(policy.connect_timeout, Duration::from_secs(10));
    assert_eq!(policy.first_byte_timeout, Duration::from_secs(15));
    assert_eq!(policy.total_timeout, Duration::from_secs(30));
    assert_eq!(policy.max_bytes, 25 * 1024 * 1024);
}

#[tokio::test]
async fn silent_site_times_out() {
    let network = FakeNetwork::serving(|_| Response::Stalled(vec![])).await;
    let begun = Instant::now();
    let error = network.fetcher_with_policy(short_timeouts()).fetch_page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::Timeout(SOON));
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(error.is_transient());
}

#[tokio::test]
async fn stalled_body_times_out() {
    let half = html("<!doctype html><p>The first half");
    let network = FakeNetwork::serving(move |_| Response::Stalled(half.clone())).await;
    let error = network
        .fetcher_with_policy(long_first_byte_short_total())
        .fetch_page(&url("http://a.test/"))
        .await
        .unwrap_err();
    assert_eq!(error, Error::Timeout(SOON));
}

#[tokio::test]
async fn all_redirects_share_the_total_timeout() {
    let network = FakeNetwork::serving(|request| match request.path.as_str() {
        "/slow" => Response::Stalled(vec![]),
        _ => Response::Bytes(response(302, &[("Location", "/slow")], "")),
    })
    .await;
    let error = network
        .fetcher_with_policy(long_first_byte_short_total())
        .fetch_page(&url("http://a.test/"))
        .await
        .unwrap_err();
    assert_eq!(error, Error::Timeout(SOON));
}

#[tokio::test]
async fn endless_body_is_too_large() {
    let network =
        FakeNetwork::serving(|_| Response::Endless(html("<!doctype html><p>"), b"endless words ".repeat(1000))).await;
    let error = network.fetcher().fetch_page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::TooLarge(25 * 1024 * 1024));
    assert!(error.user_message().contains("25 MB") && !error.is_transient());
}

#[tokio::test]
async fn body_of_exactly_the_limit_is_accepted() {
    let page = "<!doctype html><p>words";
    let network = FakeNetwork::serving_everywhere(html(page)).await;
    let with_max_bytes = |max_bytes| network.fetcher_with_policy(Policy { max_bytes, ..Policy::default() });
    let exact = with_max_bytes(page.len()).fetch_page(&url("http://a.test/")).await.unwrap();
    assert_eq!(exact.bytes, page.as_bytes());
    let error = with_max_bytes(page.len() - 1).fetch_page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::TooLarge(page.len() - 1));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// 26 MiB of the letter a, in 53 bytes.
const BROTLI_BOMB: &[u8] = b"\xCB\xFF\xFF\x3F\xF8\x25\xC2\xE2\xB1\x40\x20\xF7\xFE\x8F\xFF\xFF\x7F\
    \xF0\x4B\x00\xC4\x61\x11\x80\xEE\xFD\x1F\xFF\xFF\xFF\xE0\x97\x00\x88\xC3\x02\x00\xDD\xFB\xBF\
    \xFC\xFF\xFF\xC0\x2F\x01\x10\x87\x05\x00\xBA\xF7\x1F";

/// [`PACKED`] in brotli.
const BROTLI_PAGE: &[u8] = b"\x1B\x1E\x00\xF8\x1D\xA9\x55\x9F\x3A\xB8\xE6\x81\x0A\x83\x93\x3E\x63\
    \x64\x0D\xE2\x52\xB6\x26\x15\x11\x66\xA0\xC2\x80\x8A\x32\xCC\xBA\x49";

const PACKED: &[u8] = b"<!doctype html><p>Packed words.";

async fn fetch_packed(encoding: &str, body: &[u8]) -> Result<Vec<u8>, Error> {
    let headers = [("Content-Type", "text/html"), ("Content-Encoding", encoding)];
    let network = FakeNetwork::serving_everywhere(response(200, &headers, body)).await;
    let page = network.fetcher().fetch_page(&url("http://a.test/")).await;
    page.map(|page| page.bytes)
}

#[tokio::test]
async fn compressed_bodies_are_decoded_and_bombs_are_too_large() {
    let bomb = vec![b'a'; 26 * 1024 * 1024];
    for (encoding, page, bomb) in [
        ("gzip", gzip(PACKED), gzip(&bomb)),
        ("deflate", deflate(PACKED), deflate(&bomb)),
        ("br", BROTLI_PAGE.to_vec(), BROTLI_BOMB.to_vec()),
        ("x-gzip", gzip(PACKED), gzip(&bomb)),
        ("GZIP", gzip(PACKED), gzip(&bomb)),
        ("gzip", gzip(&gzip(PACKED)), gzip(&gzip(&bomb))),
    ] {
        assert_eq!(fetch_packed(encoding, &page).await.unwrap(), PACKED, "{encoding}");
        assert!(bomb.len() < 100_000, "{encoding}: {}", bomb.len());
        let error = fetch_packed(encoding, &bomb).await.unwrap_err();
        assert_eq!(error, Error::TooLarge(25 * 1024 * 1024), "{encoding}");
    }
}

#[tokio::test]
async fn truncated_compressed_body_is_a_transient_error() {
    let whole = gzip(PACKED);
    let error = fetch_packed("gzip", &whole[..whole.len() / 2]).await.unwrap_err();
    assert_eq!(error.code(), "network");
    assert!(error.is_transient() && error.user_message().contains("a.test"));
}

#[tokio::test]
async fn twenty_redirects_are_followed_as_in_browsers_and_the_next_fails() {
    let network = FakeNetwork::serving(|request| {
        let number: u32 = request.path.trim_start_matches('/').parse().unwrap();
        Response::Bytes(match number.checked_sub(1) {
            Some(next) => response(301, &[("Location", &format!("/{next}"))], ""),
            None => html(&article("arrived")),
        })
    })
    .await;
    let fetcher = network.fetcher();
    let page = fetcher.fetch_page(&url("http://a.test/20#part")).await.unwrap();
    assert_eq!(page.url.as_str(), "http://a.test/0#part");
    assert_eq!(network.take_requests().len(), 21);
    let error = fetcher.fetch_page(&url("http://a.test/21")).await.unwrap_err();
    assert_eq!(error, Error::TooManyRedirects(20));
    assert_eq!(network.take_requests().len(), 21);
}

#[tokio::test]
async fn loop_of_redirects_and_refreshes_fails() {
    let network = FakeNetwork::serving(|request| {
        Response::Bytes(match request.path.as_str() {
            "/a" => response(307, &[("Location", "//b.test/b")], ""),
            _ => html("<meta http-equiv=refresh content='0;url=http://a.test/a'>"),
        })
    })
    .await;
    let error = network.fetcher().fetch_page(&url("http://a.test/a")).await.unwrap_err();
    assert_eq!(error, Error::TooManyRedirects(20));
    assert_eq!(network.take_requests().len(), 21);
}

#[tokio::test]
async fn network_errors_are_distinguished() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let closed: SocketAddr = listener.local_addr().unwrap();
    drop(listener);
    let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(closed)).unwrap();
    let refused = fetcher.fetch_page(&url("http://closed.test/")).await.unwrap_err();
    assert!(refused.user_message().contains("http://closed.test refused the connection"));

    let network = FakeNetwork::serving_everywhere(b"SSH-2.0-OpenSSH\r\n".to_vec()).await;
    let broken = network.fetcher().fetch_page(&url("http://broken.test/")).await.unwrap_err();
    assert!(broken.user_message().contains("connection to broken.test dropped"));

    let nobody = |_: &str| Err(std::io::Error::other("no such name"));
    let fetcher = network.fetcher_with_dns(Policy::default(), nobody);
    let unknown = fetcher.fetch_page(&url("http://nobody.test/")).await.unwrap_err();
    assert!(unknown.user_message().contains("No site named nobody.test"));

    assert_eq!(unknown.code(), "no-host");
    for error in [refused, broken, unknown] {
        assert!(["network", "no-host"].contains(&error.code()) && error.is_transient());
    }
}

#[tokio::test]
async fn at_most_two_requests_run_per_host() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let origin = listener.local_addr().unwrap();
    let (active, max_active) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&max_active);
    let doors = Arc::new(tokio::sync::Semaphore::new(0));
    let (arrived, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let door = Arc::clone(&doors);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (active, seen, door) = (Arc::clone(&active), Arc::clone(&seen), Arc::clone(&door));
            let arrived = arrived.clone();
            tokio::spawn(async move {
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                seen.fetch_max(active.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                arrived.send(()).unwrap();
                door.acquire().await.unwrap().forget();
                active.fetch_sub(1, Ordering::SeqCst);
                stream.write_all(&html(&article("words"))).await.unwrap();
            });
        }
    });
    let fetcher = Fetcher::new(Policy::default(), Resolver::all_hosts_at(origin)).unwrap();
    let fetches = (0..8).map(|number| {
        let fetcher = fetcher.clone();
        tokio::spawn(async move { fetcher.fetch_page(&url(&format!("http://a.test/{number}"))).await })
    });
    let fetches: Vec<_> = fetches.collect();
    for _ in 0..8 {
        arrivals.recv().await.unwrap();
        doors.add_permits(1);
    }
    for fetch in fetches {
        fetch.await.unwrap().unwrap();
    }
    assert!(max_active.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn a_large_page_waits_for_memory_and_small_ones_do_not() {
    let large = article(&"It rained all day. ".repeat(200_000));
    let network = FakeNetwork::serving(move |request| {
        Response::Bytes(html(if request.path == "/large" { &large } else { "<p>It rained." }))
    })
    .await;
    let memory = MemoryBudget::new(512 << 20);
    let fetcher = Arc::new(network.fetcher_with_policy(Policy { memory: memory.clone(), ..Policy::default() }));
    let all = memory.reserve_for_page(usize::MAX).await;
    let waiting = tokio::spawn({
        let fetcher = Arc::clone(&fetcher);
        async move { fetcher.fetch_page(&url("http://a.test/large")).await }
    });
    let small = fetcher.fetch_page(&url("http://b.test/small")).await.unwrap();
    assert!(small.reservation.is_none() && !waiting.is_finished());
    drop(all);
    assert!(waiting.await.unwrap().unwrap().reservation.is_some());
}

#[tokio::test]
async fn a_packed_page_is_weighed_by_what_is_in_it() {
    for label in ["gzip", "x-gzip"] {
        let page = gzip(article(&"It rained all day. ".repeat(200_000)).as_bytes());
        let headers = [("Content-Type", "text/html"), ("Content-Encoding", label)];
        let network = FakeNetwork::serving_everywhere(response(200, &headers, &page)).await;
        let memory = MemoryBudget::new(512 << 20);
        let policy = Policy { memory: memory.clone(), ..Policy::default() };
        let page = network.fetcher_with_policy(policy).fetch_page(&url("http://a.test/")).await.unwrap();
        assert!(page.bytes.len() > 3_000_000 && page.reservation.is_some(), "{label}");
        assert!(memory.reserve_for_page(61 << 20).now_or_never().is_none(), "{label}: the room is taken");
        assert!(memory.reserve_for_page(32 << 20).now_or_never().is_some(), "{label}: no more than that");
    }
}
