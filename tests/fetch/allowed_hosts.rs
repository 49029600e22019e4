//! Hosts on a private network that the operator allows: the reader may fetch from them, and other sites may not choose
//! what is asked there, except on a port that was named.

use std::io;
use std::net::IpAddr;

use broadsheet::ingest::fetch::{BlockReason, Error, Fetcher, Policy};

use crate::fake_network::{FakeNetwork, ReceivedRequest, Response, article, html, response, url};

/// A GIF of one pixel.
const PIXEL: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// Every host has articles, images, and pages that lead elsewhere in each way.
fn site(request: &ReceivedRequest) -> Response {
    let (path, to) = request.path.split_once("?to=").unwrap_or((&request.path, ""));
    Response::Bytes(match path {
        "/redirect" => response(302, &[("Location", to)], ""),
        "/header" => {
            response(200, &[("Content-Type", "text/html"), ("Refresh", &format!("0;url={to}"))], "One moment.")
        }
        "/meta" => html(&format!("<!doctype html><meta http-equiv=refresh content='0; url={to}'><p>One moment.")),
        "/image" => response(200, &[("Content-Type", "image/gif")], PIXEL),
        _ => html(&article("words")),
    })
}

/// Names in `.lan` are private; all others are public.
fn names(name: &str) -> io::Result<Vec<IpAddr>> {
    let address = if name.trim_end_matches('.').ends_with(".lan") { [192, 168, 1, 5] } else { [93, 184, 216, 34] };
    Ok(vec![IpAddr::from(address)])
}

async fn network() -> FakeNetwork {
    FakeNetwork::serving(site).await
}

fn fetcher(network: &FakeNetwork, allowed: &[&str]) -> Fetcher {
    let allow_hosts = allowed.iter().map(|host| (*host).to_owned()).collect();
    network.fetcher_with_dns(Policy { allow_hosts, ..Policy::default() }, names)
}

fn hosts(network: &FakeNetwork) -> Vec<String> {
    network.take_requests().into_iter().map(|request| request.host).collect()
}

#[track_caller]
fn assert_named_from_outside(error: &Error, expected: &str) {
    let Error::BlockedUrl(blocked) = error else { panic!("{error:?}") };
    assert!(matches!(blocked.reason, BlockReason::NamedFromOutside(..)), "{blocked:?}");
    let message = error.user_message();
    assert!(message.contains(&format!("add it with its port to BROADSHEET_ALLOW_HOSTS: {expected}.")), "{message}");
}

#[tokio::test]
async fn the_reader_may_fetch_from_an_allowed_host_on_any_web_port() {
    let network = network().await;
    let fetcher = fetcher(&network, &["nas.lan", "wiki.lan:8080"]);
    for allowed in ["http://nas.lan/", "http://nas.lan:9000/", "http://wiki.lan:8080/"] {
        fetcher.fetch_page(&url(allowed)).await.unwrap();
    }
    assert_eq!(hosts(&network), ["nas.lan", "nas.lan:9000", "wiki.lan:8080"]);
    for blocked in ["http://nas.lan:6379/", "http://wiki.lan/", "http://other.lan/"] {
        assert!(matches!(fetcher.fetch_page(&url(blocked)).await, Err(Error::BlockedUrl(_))), "{blocked}");
    }
    assert_eq!(hosts(&network), [""; 0]);
}

#[tokio::test]
async fn a_public_site_leads_into_an_allowed_host_only_on_a_named_port() {
    let network = network().await;
    let fetcher = fetcher(&network, &["nas.lan", "nas.lan:8080", "192.168.1.9"]);
    for way in ["redirect", "header", "meta"] {
        for (to, named) in [
            ("http://nas.lan:9000/", "nas.lan:9000"),
            ("http://nas.lan/", "nas.lan:80"),
            ("http://NAS.lan.:9000/image", "nas.lan.:9000"),
            ("http://192.168.1.9:3000/", "192.168.1.9:3000"),
            ("http://3232235785/", "192.168.1.9:80"),
        ] {
            let error = fetcher.fetch_page(&url(&format!("http://public.test/{way}?to={to}"))).await.unwrap_err();
            assert_named_from_outside(&error, named);
            assert_eq!(hosts(&network), ["public.test"], "{way} {to}");
        }
        fetcher.fetch_page(&url(&format!("http://public.test/{way}?to=http://nas.lan:8080/"))).await.unwrap();
        assert_eq!(hosts(&network), ["public.test", "nas.lan:8080"], "{way}");
    }
}

#[tokio::test]
async fn a_chain_that_was_outside_stays_outside() {
    let network = network().await;
    let fetcher = fetcher(&network, &["nas.lan", "nas.lan:8080"]);
    let over_named_port = "http://public.test/redirect?to=http://nas.lan:8080/redirect?to=http://nas.lan:9000/";
    assert_named_from_outside(&fetcher.fetch_page(&url(over_named_port)).await.unwrap_err(), "nas.lan:9000");
    assert_eq!(hosts(&network), ["public.test", "nas.lan:8080"]);
    let out_and_back = "http://nas.lan/redirect?to=http://public.test/redirect?to=http://nas.lan:9000/";
    assert_named_from_outside(&fetcher.fetch_page(&url(out_and_back)).await.unwrap_err(), "nas.lan:9000");
    assert_eq!(hosts(&network), ["nas.lan", "public.test"]);
    fetcher.fetch_page(&url("http://nas.lan/redirect?to=http://nas.lan:9000/")).await.unwrap();
    assert_eq!(hosts(&network), ["nas.lan", "nas.lan:9000"], "inside, it may");
}

#[tokio::test]
async fn images_and_further_pages_of_a_public_article_are_named_from_outside() {
    let network = network().await;
    let fetcher = fetcher(&network, &["nas.lan", "nas.lan:8080"]);
    let (open, named) = (url("http://nas.lan:9000/image"), url("http://nas.lan:8080/image"));
    let public = url("http://public.test/story");
    // A text or file that the reader added may hold anyone's images.
    for page in [Some(&public), None] {
        assert_named_from_outside(&fetcher.fetch_image(&open, page).await.unwrap_err(), "nas.lan:9000");
        assert_named_from_outside(&fetcher.fetch_linked_page(&open, page).await.unwrap_err(), "nas.lan:9000");
        let through = url("http://public.test/redirect?to=http://nas.lan:9000/image");
        assert_named_from_outside(&fetcher.fetch_image(&through, page).await.unwrap_err(), "nas.lan:9000");
        assert_eq!(hosts(&network), ["public.test"]);
        fetcher.fetch_image(&named, page).await.unwrap();
        assert_eq!(hosts(&network), ["nas.lan:8080"]);
    }
    let own = url("http://nas.lan/story");
    fetcher.fetch_image(&open, Some(&own)).await.unwrap();
    fetcher.fetch_linked_page(&url("http://nas.lan/story/2"), Some(&own)).await.unwrap();
    assert_eq!(hosts(&network), ["nas.lan:9000", "nas.lan"]);
}
