//! What a fetch may cost: time, bytes, hops, and a site's patience.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use broadsheet::ingest::fetch::{Error, Fetcher, Policy, Resolver};
use flate2::Compression;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{Answer, World, answer, article, html, url};

/// Short enough for a test, long enough for a busy machine to answer on loopback.
const SOON: Duration = Duration::from_millis(200);

fn hurried() -> Policy {
    Policy { first_byte: SOON, total: 2 * SOON, ..Policy::default() }
}

/// Patient with each hop, but not with the whole.
fn patient() -> Policy {
    Policy { first_byte: Duration::from_secs(60), total: SOON, ..Policy::default() }
}

#[test]
fn the_limits_are_those_that_the_design_names() {
    let policy = Policy::default();
    assert_eq!(policy.redirects, 5);
    assert_eq!(policy.connect, Duration::from_secs(10));
    assert_eq!(policy.first_byte, Duration::from_secs(15));
    assert_eq!(policy.total, Duration::from_secs(30));
    assert_eq!(policy.max_bytes, 25 * 1024 * 1024);
}

#[tokio::test]
async fn a_site_that_never_answers_is_given_up() {
    let world = World::where_sites(|_| Answer::Stalled(vec![])).await;
    let begun = Instant::now();
    let error = world.fetcher_under(hurried()).page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::Timeout(SOON));
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(error.may_pass());
}

#[tokio::test]
async fn a_body_that_stops_half_way_is_given_up() {
    let half = html("<!doctype html><p>The first half");
    let world = World::where_sites(move |_| Answer::Stalled(half.clone())).await;
    let error = world.fetcher_under(patient()).page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::Timeout(SOON));
}

#[tokio::test]
async fn each_hop_has_its_own_time_for_the_first_byte_but_all_share_one_end() {
    let world = World::where_sites(|visit| match visit.path.as_str() {
        "/slow" => Answer::Stalled(vec![]),
        _ => Answer::Bytes(answer(302, &[("Location", "/slow")], "")),
    })
    .await;
    let error = world.fetcher_under(patient()).page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::Timeout(SOON));
}

#[tokio::test]
async fn a_body_without_end_is_cut_off_at_the_limit() {
    let world =
        World::where_sites(|_| Answer::Endless(html("<!doctype html><p>"), b"endless words ".repeat(1000))).await;
    let error = world.fetcher().page(&url("http://a.test/")).await.unwrap_err();
    assert_eq!(error, Error::TooLarge(25 * 1024 * 1024));
    assert!(error.words().contains("25 MB") && !error.may_pass());
}

#[tokio::test]
async fn a_body_of_just_the_limit_is_whole() {
    let page = "<!doctype html><p>words";
    let world = World::where_every_page_is(html(page)).await;
    let most = |max_bytes| world.fetcher_under(Policy { max_bytes, ..Policy::default() });
    let exact = most(page.len()).page(&url("http://a.test/")).await.unwrap();
    assert_eq!(exact.bytes, page.as_bytes());
    let error = most(page.len() - 1).page(&url("http://a.test/")).await.unwrap_err();
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
    let world = World::where_every_page_is(answer(200, &headers, body)).await;
    let page = world.fetcher().page(&url("http://a.test/")).await;
    page.map(|page| page.bytes)
}

#[tokio::test]
async fn packed_pages_are_unpacked_and_bombs_are_cut_off_at_the_limit() {
    let bomb = vec![b'a'; 26 * 1024 * 1024];
    for (encoding, page, bomb) in [
        ("gzip", gzip(PACKED), gzip(&bomb)),
        ("deflate", deflate(PACKED), deflate(&bomb)),
        ("br", BROTLI_PAGE.to_vec(), BROTLI_BOMB.to_vec()),
    ] {
        assert_eq!(fetch_packed(encoding, &page).await.unwrap(), PACKED, "{encoding}");
        assert!(bomb.len() < 100_000, "{encoding}: {}", bomb.len());
        let error = fetch_packed(encoding, &bomb).await.unwrap_err();
        assert_eq!(error, Error::TooLarge(25 * 1024 * 1024), "{encoding}");
    }
}

#[tokio::test]
async fn a_packed_body_that_breaks_off_is_an_error_that_may_pass() {
    let whole = gzip(PACKED);
    let error = fetch_packed("gzip", &whole[..whole.len() / 2]).await.unwrap_err();
    assert_eq!(error.code(), "network");
    assert!(error.may_pass() && error.words().contains("a.test"));
}

#[tokio::test]
async fn five_redirects_are_followed_and_a_sixth_is_not() {
    let world = World::where_sites(|visit| {
        let number: u32 = visit.path.trim_start_matches('/').parse().unwrap();
        Answer::Bytes(match number.checked_sub(1) {
            Some(next) => answer(301, &[("Location", &format!("/{next}"))], ""),
            None => html(&article("arrived")),
        })
    })
    .await;
    let fetcher = world.fetcher();
    let page = fetcher.page(&url("http://a.test/5#part")).await.unwrap();
    assert_eq!(page.url.as_str(), "http://a.test/0#part");
    assert_eq!(world.visits().len(), 6);
    let error = fetcher.page(&url("http://a.test/6")).await.unwrap_err();
    assert_eq!(error, Error::TooManyRedirects(5));
    assert_eq!(world.visits().len(), 6);
}

#[tokio::test]
async fn a_circle_of_redirects_and_refreshes_ends() {
    let world = World::where_sites(|visit| {
        Answer::Bytes(match visit.path.as_str() {
            "/a" => answer(307, &[("Location", "//b.test/b")], ""),
            _ => html("<meta http-equiv=refresh content='0;url=http://a.test/a'>"),
        })
    })
    .await;
    let error = world.fetcher().page(&url("http://a.test/a")).await.unwrap_err();
    assert_eq!(error, Error::TooManyRedirects(5));
    assert_eq!(world.visits().len(), 6);
}

#[tokio::test]
async fn a_closed_door_an_unknown_name_and_a_broken_answer_are_told_apart() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let closed: SocketAddr = listener.local_addr().unwrap();
    drop(listener);
    let fetcher = Fetcher::new(Policy::default(), Resolver::everyone_at(closed)).unwrap();
    let refused = fetcher.page(&url("http://closed.test/")).await.unwrap_err();
    assert!(refused.words().contains("http://closed.test refused the connection"));

    let world = World::where_every_page_is(b"SSH-2.0-OpenSSH\r\n".to_vec()).await;
    let broken = world.fetcher().page(&url("http://broken.test/")).await.unwrap_err();
    assert!(broken.words().contains("connection to broken.test dropped"));

    let nobody = |_: &str| Err(std::io::Error::other("no such name"));
    let fetcher = world.fetcher_with(Policy::default(), nobody);
    let unknown = fetcher.page(&url("http://nobody.test/")).await.unwrap_err();
    assert!(unknown.words().contains("No site named nobody.test"));

    for error in [refused, broken, unknown] {
        assert!(error.code() == "network" && error.may_pass());
    }
}

#[tokio::test]
async fn no_site_is_asked_for_more_than_two_things_at_once() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let origin = listener.local_addr().unwrap();
    let (here, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let doors = Arc::new(tokio::sync::Semaphore::new(0));
    let (arrived, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let door = Arc::clone(&doors);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (here, seen, door) = (Arc::clone(&here), Arc::clone(&seen), Arc::clone(&door));
            let arrived = arrived.clone();
            tokio::spawn(async move {
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                seen.fetch_max(here.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                arrived.send(()).unwrap();
                door.acquire().await.unwrap().forget();
                here.fetch_sub(1, Ordering::SeqCst);
                stream.write_all(&html(&article("words"))).await.unwrap();
            });
        }
    });
    let fetcher = Fetcher::new(Policy::default(), Resolver::everyone_at(origin)).unwrap();
    let fetches = (0..8).map(|number| {
        let fetcher = fetcher.clone();
        tokio::spawn(async move { fetcher.page(&url(&format!("http://a.test/{number}"))).await })
    });
    let fetches: Vec<_> = fetches.collect();
    for _ in 0..8 {
        arrivals.recv().await.unwrap();
        doors.add_permits(1);
    }
    for fetch in fetches {
        fetch.await.unwrap().unwrap();
    }
    assert!(most.load(Ordering::SeqCst) <= 2);
}
