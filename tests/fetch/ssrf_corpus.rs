//! Every line of the SSRF corpus, fetched as a page and as an image.
//!
//! Why this is sound without a real network: every connection of the program reaches one listener, because the
//! resolver's answers (for names) and the stand-in name (for literals, which the HTTP client would not resolve) lead
//! there and nowhere else. The guard still checks the literal in the URL and the addresses in the script. So "no
//! request for this host" means "no connection to it", and an allowed host has a recorded request. One test below uses
//! the operating system's resolver and a real listener on 127.0.0.1.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Mutex;

use broadsheet::ingest::fetch::{Error, Fetcher, Policy, Resolver, parse_url};
use url::Url;

use crate::fake_network::{FakeNetwork, ReceivedRequest, Response, article, html, response, url};

struct Case {
    verdict: String,
    class: String,
    text: String,
}

/// Reads the corpus; `None` if it is missing.
fn cases() -> Option<Vec<Case>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpora/ssrf_cases.tsv");
    if !Path::new(path).exists() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "no {path}");
        eprintln!("skipped: no ../shared");
        return None;
    }
    let corpus = std::fs::read_to_string(path).unwrap();
    let cases = corpus.lines().map(|line| {
        let [verdict, class, text] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let text = unescape(text);
        Case { verdict: verdict.to_owned(), class: class.to_owned(), text }
    });
    Some(cases.collect())
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('\\') => '\\',
                other => panic!("unknown escape: {other:?}"),
            },
            (other, false) => other,
        });
    }
    plain
}

/// Resolves the names of the corpus. Two of them have other addresses from the second query on.
fn test_zone() -> impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static {
    let queries: Mutex<HashMap<String, usize>> = Mutex::default();
    move |name| {
        let mut queries = queries.lock().unwrap();
        let times = queries.entry(name.to_owned()).or_default();
        *times += 1;
        let addresses: &[&str] = match (name, *times) {
            ("public.test", _) => &["93.184.216.34"],
            ("127-0-0-1.test", _) => &["127.0.0.1"],
            ("multi-a-first-public.test", _) => &["93.184.216.34", "10.0.0.1"],
            ("multi-a-first-private.test", _) => &["10.0.0.1", "93.184.216.34"],
            ("aaaa-loopback.test", _) => &["::1"],
            ("mapped-aaaa.test", _) => &["::ffff:127.0.0.1"],
            // A resolver follows the alias and returns its address.
            ("cname-to-private.test", _) => &["10.0.0.1"],
            ("rebind-ttl0.test", 1) => &["93.184.216.34"],
            ("rebind-ttl0.test", _) => &["127.0.0.1"],
            ("nxdomain-then-private.test", 2..) => &["10.0.0.1"],
            _ => return Err(io::Error::new(io::ErrorKind::NotFound, "no such name")),
        };
        Ok(addresses.iter().map(|response| response.parse().unwrap()).collect())
    }
}

/// Answers for the corpus: redirects, and documents that refer to `to` in one way each.
fn origin(request: &ReceivedRequest) -> Response {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let to = query.split_once("to=").map_or("", |(_, to)| to);
    Response::Bytes(match path {
        "/r" => {
            let code = query.strip_prefix("code=").unwrap()[..3].parse().unwrap();
            response(code, &[("Location", to)], "")
        }
        "/refresh-header" => response(
            200,
            &[("Content-Type", "text/html"), ("Refresh", &format!("0; url={to}"))],
            "<!doctype html><p>One moment.",
        ),
        "/meta-refresh" => {
            html(&format!("<!doctype html><meta http-equiv=refresh content='0; url={to}'><p>One moment."))
        }
        "/svg-with-image" => response(
            200,
            &[("Content-Type", "image/svg+xml")],
            format!("<svg xmlns='http://www.w3.org/2000/svg'><image href='{to}'/></svg>"),
        ),
        // One page that refers to it in every other way a page can.
        _ => html(&format!(
            "<!doctype html><link rel=canonical href='{to}'><link rel=icon href='{to}'>\
             <link rel=alternate type='application/rss+xml' href='{to}'><link rel=hub href='{to}'>\
             <style>@import '{to}';</style><img src='{to}'><audio src='{to}'></audio>{}",
            article("words")
        )),
    })
}

/// Returns every URL that `text` can become: typed by a person, or as a link in a page.
fn possible_urls(text: &str) -> Vec<Url> {
    let typed = parse_url(text).ok();
    let linked = Url::parse(text).ok();
    typed.into_iter().chain(linked).collect()
}

async fn network() -> FakeNetwork {
    FakeNetwork::serving(origin).await
}

fn hosts(requests: &[ReceivedRequest]) -> Vec<&str> {
    requests.iter().map(|request| request.host.as_str()).collect()
}

async fn fetch_page_and_image(fetcher: &Fetcher, url: &Url) -> [Option<Error>; 2] {
    let page = fetcher.fetch_page(url).await.err();
    let image = fetcher.fetch_image(url, None).await.err();
    [page, image]
}

#[test]
fn corpus_has_the_expected_size() {
    let Some(cases) = cases() else { return };
    let count = |verdict| cases.iter().filter(|case| case.verdict == verdict).count();
    let counts = ["block", "allow", "either", "policy"].map(count);
    assert_eq!(counts, [389, 44, 12, 8]);
}

#[tokio::test]
async fn internal_addresses_and_other_schemes_are_never_contacted() {
    let Some(cases) = cases() else { return };
    let network = network().await;
    let fetcher = network.fetcher_with_dns(Policy::default(), test_zone());
    let special = ["scripted DNS (test zone)", "second-order URL"];
    let plain = cases.iter().filter(|case| {
        case.verdict == "block" && !special.contains(&case.class.as_str()) && !case.class.starts_with("redirect")
    });
    let mut count = 0;
    for Case { class, text, .. } in plain {
        for url in possible_urls(text) {
            for error in fetch_page_and_image(&fetcher, &url).await {
                assert!(matches!(error, Some(Error::BlockedUrl(_))), "{class} {text}: {error:?}");
            }
        }
        assert_eq!(hosts(&network.take_requests()), [""; 0], "{class} {text}");
        count += 1;
    }
    assert_eq!(count, 334);
}

#[tokio::test]
async fn public_addresses_next_to_blocked_ranges_are_fetched() {
    let Some(cases) = cases() else { return };
    let network = network().await;
    let fetcher = network.fetcher_with_dns(Policy::default(), test_zone());
    for Case { text, .. } in cases.iter().filter(|case| case.verdict == "allow") {
        let url = parse_url(text).unwrap();
        let page = fetcher.fetch_page(&url).await;
        assert!(page.is_ok(), "{text}: {page:?}");
        assert_eq!(hosts(&network.take_requests()), [url.host_str().unwrap()]);
    }
}

#[tokio::test]
async fn ambiguous_urls_never_reach_an_internal_address() {
    let Some(cases) = cases() else { return };
    let network = network().await;
    let fetcher = network.fetcher_with_dns(Policy::default(), test_zone());
    for Case { text, .. } in cases.iter().filter(|case| case.verdict == "either") {
        for url in possible_urls(text) {
            fetch_page_and_image(&fetcher, &url).await;
        }
        for request in network.take_requests() {
            assert_eq!(request.host, "public.test", "{text}");
        }
    }
}

#[tokio::test]
async fn service_ports_are_blocked_until_allowed() {
    let Some(cases) = cases() else { return };
    let network = network().await;
    let policies: Vec<_> = cases.iter().filter(|case| case.verdict == "policy").collect();
    let fetcher = network.fetcher_with_dns(Policy::default(), test_zone());
    let ports = policies.iter().map(|case| url(&case.text).port().unwrap()).collect();
    let opened = Policy { allow_ports: ports, ..Policy::default() };
    let opened = network.fetcher_with_dns(opened, test_zone());
    for Case { text, .. } in policies {
        for error in fetch_page_and_image(&fetcher, &url(text)).await {
            assert!(error.unwrap().user_message().contains("BROADSHEET_ALLOW_PORTS"), "{text}");
        }
        assert!(network.take_requests().is_empty(), "{text}");
        opened.fetch_page(&url(text)).await.unwrap();
        let port = url(text).port().unwrap();
        assert_eq!(hosts(&network.take_requests()), [format!("public.test:{port}")]);
    }
}

#[tokio::test]
async fn resolved_addresses_are_checked_on_every_connection() {
    let Some(cases) = cases() else { return };
    let network = network().await;
    let scripted = cases.iter().filter(|case| case.class.starts_with("scripted DNS"));
    for Case { text, .. } in scripted {
        let fetcher = network.fetcher_with_dns(Policy::default(), test_zone());
        let first = fetcher.fetch_page(&url(text)).await.err();
        // Only the rebinding name is public at first, and may be contacted this once.
        let requests = if text.contains("rebind") { vec!["rebind-ttl0.test"] } else { vec![] };
        assert_eq!(first.is_none(), text.contains("rebind"), "{text}: {first:?}");
        for _ in 0..2 {
            for error in fetch_page_and_image(&fetcher, &url(text)).await {
                assert!(matches!(error, Some(Error::BlockedUrl(_))), "{text}: {error:?}");
            }
        }
        assert_eq!(hosts(&network.take_requests()), requests, "{text}");
    }
}

#[tokio::test]
async fn redirects_are_checked_like_the_first_url() {
    let Some(cases) = cases() else { return };
    let network = network().await;
    let redirects: Vec<_> = cases.iter().filter(|case| case.class.starts_with("redirect")).collect();
    assert_eq!(redirects.len(), 35);
    for Case { text, .. } in redirects {
        let fetcher = network.fetcher_with_dns(Policy::default(), test_zone());
        let rebinds = text.contains("rebind");
        if rebinds {
            // Public on the first query, so it may be contacted this once.
            fetcher.fetch_page(&url(text)).await.unwrap();
            assert_eq!(hosts(&network.take_requests()), ["public.test", "rebind-ttl0.test"]);
        }
        for error in fetch_page_and_image(&fetcher, &url(text)).await {
            assert!(matches!(error, Some(Error::BlockedUrl(_))), "{text}: {error:?}");
        }
        assert_eq!(hosts(&network.take_requests()), ["public.test"; 2], "{text}");
    }
}

/// Paths whose references a page does not lead to here: the document is fetched and they are not. What feeds do with theirs is
/// in `tests/feeds`.
const UNSUPPORTED_PATHS: [&str; 8] = [
    "/html-with-icon",
    "/html-with-feed-link",
    "/feed-with-enclosure",
    "/feed-with-hub",
    "/feed-with-img",
    "/css-import",
    "/xml-external-entity",
    "/opml-include",
];

#[tokio::test]
async fn urls_inside_documents_are_checked_or_not_followed() {
    let Some(cases) = cases() else { return };
    let network = network().await;
    let fetcher = network.fetcher_with_dns(Policy::default(), test_zone());
    for Case { text, .. } in cases.iter().filter(|case| case.class == "second-order URL") {
        let document = url(text);
        let (_, to) = text.split_once("to=").unwrap();
        match document.path() {
            "/refresh-header" | "/meta-refresh" => {
                let error = fetcher.fetch_page(&document).await.unwrap_err();
                assert!(matches!(error, Error::BlockedUrl(_)), "{text}: {error:?}");
            }
            "/svg-with-image" => {
                let image = fetcher.fetch_image(&document, None).await.unwrap();
                assert_eq!(image.media_type, "image/svg+xml");
            }
            "/canonical" => {
                let page = fetcher.fetch_page(&document).await.unwrap();
                assert_eq!(page.url, document, "a canonical link is not followed here");
            }
            path => {
                assert!(UNSUPPORTED_PATHS.contains(&path), "a new path: {path}");
                fetcher.fetch_page(&document).await.unwrap();
            }
        }
        assert_eq!(hosts(&network.take_requests()), ["public.test"], "{text}");
        // If the reference (canonical link, image) is fetched later, it is blocked.
        for error in fetch_page_and_image(&fetcher, &url(to)).await {
            assert!(matches!(error, Some(Error::BlockedUrl(_))), "{to}: {error:?}");
        }
        assert_eq!(hosts(&network.take_requests()), [""; 0], "{to}");
    }
}

#[tokio::test]
async fn real_loopback_listener_is_blocked_until_allowed() {
    let network = network().await;
    let port = network.origin.port();
    let real = |policy| Fetcher::new(policy, Resolver::system()).unwrap();
    let strict = real(Policy::default());
    for host in
        ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "localhost", "LOCALHOST.", "a.localhost"]
    {
        let url = url(&format!("http://{host}:{port}/"));
        for error in fetch_page_and_image(&strict, &url).await {
            assert!(matches!(error, Some(Error::BlockedUrl(_))), "{host}: {error:?}");
        }
        assert_eq!(hosts(&network.take_requests()), [""; 0], "{host}");
    }
    let named = Policy { allow_hosts: vec![format!("127.0.0.1:{port}")], ..Policy::default() };
    let named = real(named);
    named.fetch_page(&url(&format!("http://2130706433:{port}/"))).await.unwrap();
    assert_eq!(hosts(&network.take_requests()), [format!("127.0.0.1:{port}")]);
    let elsewhere = format!("http://127.0.0.1:{port}/r?code=302&to=http://127.0.0.2:{port}/");
    let error = named.fetch_page(&url(&elsewhere)).await.unwrap_err();
    assert!(error.user_message().contains("127.0.0.2"), "{}", error.user_message());
    assert_eq!(network.take_requests().len(), 1);
}

#[tokio::test]
async fn allowed_internal_name_allows_nothing_else() {
    let network = network().await;
    let policy = Policy { allow_hosts: vec!["127-0-0-1.test".into()], ..Policy::default() };
    let fetcher = network.fetcher_with_dns(policy, test_zone());
    fetcher.fetch_page(&url("http://127-0-0-1.test/")).await.unwrap();
    assert_eq!(network.take_requests().len(), 1);
    for door in ["http://aaaa-loopback.test/", "http://127.0.0.1/", "http://localhost/"] {
        let through = format!("http://127-0-0-1.test/r?code=302&to={door}");
        let error = fetcher.fetch_page(&url(&through)).await.unwrap_err();
        assert!(matches!(error, Error::BlockedUrl(_)), "{door}: {error:?}");
        assert_eq!(hosts(&network.take_requests()), ["127-0-0-1.test"], "{door}");
    }
    let service = fetcher.fetch_page(&url("http://127-0-0-1.test:6379/")).await.unwrap_err();
    assert!(service.user_message().contains("6379"));
}
