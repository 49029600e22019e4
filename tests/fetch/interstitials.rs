//! Interstitials are recognised if there is no article, and never if there is one.

use broadsheet::ingest::fetch::Error;

use crate::fake_network::{FakeNetwork, Response, article, html, response, url};

async fn page_error(bytes: Vec<u8>) -> Option<Error> {
    let network = FakeNetwork::serving_everywhere(bytes).await;
    network.fetcher().fetch_page(&url("http://a.test/story")).await.err()
}

#[tokio::test]
async fn bot_checks_are_recognised() {
    for wall in [
        "<title>Just a moment...</title><noscript>Please enable JavaScript and cookies to continue</noscript>",
        "<title>a.test</title><script>window._cf_chl_opt={cType:'managed'}</script><body>",
        "<title>Access to this page has been denied</title><div id=px-captcha></div><p>Press &amp; Hold to confirm you are a person.",
        "<p>Please enable JS and disable any ad blocker</p><script src='https://ct.captcha-delivery.com/c.js'></script>",
        "<title>Pardon Our Interruption</title><p>Something about your browser made us curious.",
        "<script src='/_Incapsula_Resource?a=1'></script><iframe></iframe>",
        "<h1>One more step</h1><p>We need to verify you are human before you go on.</p>",
    ] {
        let wall = format!("<!doctype html>{wall}");
        assert_eq!(page_error(html(&wall)).await, Some(Error::BotCheck), "{wall}");
        for status in [403, 429, 503] {
            let refused = response(status, &[("Content-Type", "text/html")], &wall);
            assert_eq!(page_error(refused).await, Some(Error::BotCheck), "{status} {wall}");
        }
    }
    let header = response(403, &[("cf-mitigated", "challenge")], "");
    assert_eq!(page_error(header).await, Some(Error::BotCheck));
}

#[tokio::test]
async fn missing_and_forbidden_pages_keep_their_status() {
    let wall = "<title>Just a moment...</title>";
    let missing = response(404, &[("Content-Type", "text/html")], wall);
    assert_eq!(page_error(missing).await, Some(Error::Status(404)));
    let refused = response(403, &[("Content-Type", "text/html")], "<h1>Forbidden</h1>");
    assert_eq!(page_error(refused).await, Some(Error::Status(403)));
}

#[tokio::test]
async fn articles_about_captchas_or_cookies_are_fetched() {
    let item = "Asked to verify you are human, most people sigh; a study counted the seconds.";
    for page in [
        article("The words “verify you are human” and “enable JavaScript and cookies to continue” greet us daily."),
        article("“Accept all cookies”, says the banner, and “we value your privacy”; who reads it?"),
        format!("<!doctype html><title>Just a moment... that changed a town</title>{}", article("news")),
        format!("<!doctype html><title>News in brief</title><article><p>{item}</p></article>"),
        format!("<!doctype html><meta property='og:type' content='article'><p>{item}</p>"),
        "<!doctype html><title>Short</title><script src='https://www.google.com/recaptcha/api.js'></script><p>Rain tomorrow.".to_owned(),
        format!("<!doctype html><script type='application/ld+json'>{{\"@type\": \"NewsArticle\"}}</script><p>{item}</p>"),
        format!("<!doctype html><p>We value your privacy. Cookies? Accept all cookies</p>{}", "<p>A longer report, sentence by sentence.</p>".repeat(20)),
        "<!doctype html><script src='/cdn-cgi/challenge-platform/h/g/scripts/jsd/main.js'></script><p>Rain tomorrow.".to_owned(),
        "<!doctype html><p>De ministers bereikten een akkoord over privacy en cookies.".to_owned(),
        "<!doctype html><title>Short</title><p>The ministry said it had agreed to the treaty.".to_owned(),
    ] {
        assert_eq!(page_error(html(&page)).await, None, "{page}");
    }
}

#[tokio::test]
async fn consent_pages_are_recognised() {
    for wall in [
        "<h1>We value your privacy</h1><p>Our partners and we use cookies.</p><button>Accept all cookies</button>",
        "<h1>Weiterlesen mit Werbung</h1><p>Mit Ihrer Einwilligung nutzen wir Cookies.</p><button>Zustimmen und weiter</button>",
        "<h1>Before you continue to Example</h1><p>We use cookies to keep things working.",
    ] {
        let wall = format!("<!doctype html>{wall}");
        assert_eq!(page_error(html(&wall)).await, Some(Error::ConsentPage), "{wall}");
    }
}

#[tokio::test]
async fn redirect_to_a_consent_host_is_a_consent_page() {
    let many_words = "Our family of brands processes data in ways described in a long policy. ".repeat(25);
    let network = FakeNetwork::serving(move |request| {
        Response::Bytes(match request.host.as_str() {
            "a.test" => response(302, &[("Location", "http://consent.a.test/?back=story")], ""),
            _ => html(&format!("<!doctype html><p>{many_words}</p>")),
        })
    })
    .await;
    let error = network.fetcher().fetch_page(&url("http://a.test/story")).await.unwrap_err();
    assert_eq!(error, Error::ConsentPage);
    network.fetcher().fetch_page(&url("http://consent.a.test/about")).await.unwrap();
}
