//! What the page of another site can do with Broadsheet, which is on the same computer and has no account: link to it.

use serde_json::json;

use crate::mock_web::MockResponse;
use crate::support::{TestEnv, report_page};

/// A page that puts each URL in a frame and an image, and learns from its own policy where redirects lead.
fn spying_page(home: &str, urls: &[String]) -> MockResponse {
    let policy = format!("frame-src {home}; img-src {home}; connect-src {home}");
    let urls = json!(urls);
    MockResponse::html(format!(
        "<!doctype html><meta http-equiv=Content-Security-Policy content=\"{policy}\"><body><script>
         window.learned = []; window.loaded = 0; window.seen = [];
         document.addEventListener('securitypolicyviolation', event => learned.push(event.blockedURI));
         const urls = {urls};
         for (const url of urls) {{
           for (const name of ['iframe', 'img']) {{
             const part = document.createElement(name);
             part.onload = () => {{ loaded += 1; if (name === 'img') seen.push(url) }};
             part.onerror = () => loaded += 1;
             part.src = url;
             document.body.append(part);
           }}
           fetch(url, {{ mode: 'no-cors', credentials: 'include' }})
             .then(() => seen.push(url), () => {{}}).finally(() => loaded += 1);
         }}
         </script><a id=link href='{home}/bookmarklet?url=http%3A%2F%2Fharbour.example%2F1'>Read</a>"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_learns_nothing_from_frames_images_and_scripts() {
    let env = TestEnv::new().await;
    env.web.serve(
        "http://harbour.example/1",
        MockResponse::html(report_page("The Harbour Post", "World", "sea", "the ferry", 1)),
    );
    let article = env.import("http://harbour.example/1").await;
    let urls: Vec<String> =
        [format!("/article/{article}/original"), format!("/article/{article}"), "/".into(), "/static/app.css".into()]
            .iter()
            .map(|path| format!("{}{path}", env.home))
            .collect();
    // `localhost` is another site than our `127.0.0.1`; another port of ours is the same site.
    for name in ["localhost", "127.0.0.1"] {
        let spy = format!("http://{name}:{}/spy", env.web.addr.port());
        env.web.serve(&spy, spying_page(&env.home, &urls));
        env.goto(&spy).await;
        env.wait_until(&format!("window.loaded === {}", urls.len() * 3)).await;
        assert_eq!(env.evaluate("window.learned").await, json!([]), "from {spy}");
        assert_eq!(env.evaluate("window.seen").await, json!([]), "from {spy}");
    }
    // A redirect of the other site itself is noticed, or this test would prove nothing.
    let spy = format!("http://localhost:{}", env.web.addr.port());
    env.web.serve(&format!("{spy}/leads-away"), MockResponse::redirect("http://harbour.example/1"));
    env.web.serve(&format!("{spy}/spy"), spying_page(&spy, &[format!("{spy}/leads-away")]));
    env.goto(&format!("{spy}/spy")).await;
    env.wait_until("window.learned.some(url => url.startsWith('http://harbour.example'))").await;
    env.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_on_another_site_opens_a_page_after_a_question() {
    let env = TestEnv::new().await;
    let site = format!("http://localhost:{}/site", env.web.addr.port());
    env.web.serve(&site, spying_page(&env.home, &[]));
    env.goto(&site).await;
    env.click("#link").await;
    env.wait_for_text("h1", "Continue to Broadsheet?").await;
    env.click("main a.button").await;
    env.wait_until("document.querySelector('#url')?.value === 'http://harbour.example/1'").await;
    env.close().await;
}
