//! Scripts in publishers' HTML do not run, even without the Content-Security-Policy.

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::library::articles::{self, Channel, Content, NewArticle};
use broadsheet::library::sources::NewSource;
use classify::{Topic, TopicChoice, TopicReason};
use extract::{CleanHtml, Direction, Page, Source};
use serde_json::{Value, json};
use url::Url;

use crate::mock_web::MockResponse;
use crate::support::TestEnv;

/// Records calls by which the cases show that they run, and policy violations.
const WATCH: &str = "window.ran = [];
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'eval'])
      window[name] = (...words) => { window.ran.push(name + ' ' + words) };
    addEventListener('securitypolicyviolation', event => window.ran.push('policy ' + event.violatedDirective));";

/// Lists elements and attributes in the article's text that are not allowed. Our own script sets `tabindex` on wide
/// blocks.
const LOOK: &str = "const wrong = [];
    const text = document.querySelector('article .text');
    const web = value => /^https?:\\/\\//.test(value);
    for (const element of text.querySelectorAll('*')) {
      const name = element.localName;
      if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml') wrong.push(name + ' is foreign');
      if (/^(script|style|iframe|object|embed|form|input|button|select|textarea|svg|math|link|meta|base|template|video|audio)$/.test(name))
        wrong.push(name);
      for (const { name: key, value } of element.attributes) {
        const fine = key === 'href' ? web(value) || value.startsWith('mailto:') || value.startsWith('#a-')
          : key === 'src' ? value.startsWith('/image/') || web(value)
          : key === 'id' ? value.startsWith('a-')
          : key === 'tabindex' ? value === '0'
          : key === 'class' ? /^(embed|image-pending|image-missing|lang(uage)?-\\S+)$/.test(value)
          : /^(lang|dir|rel|alt|title|width|height|span|colspan|rowspan|scope|start|reversed|type|value|datetime|open|loading|decoding)$/.test(key);
        if (!fine) wrong.push(name + ' ' + key + '=' + value);
      }
    }
    return wrong.slice(0, 20)";

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn shared_cases(file: &str, key: &str) -> Option<Vec<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpora/xss/").to_owned() + file;
    let Ok(bytes) = std::fs::read(path) else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{file} is missing");
        println!("skipped: no ../shared");
        return None;
    };
    let cases: Vec<Value> = serde_json::from_slice(&bytes).unwrap();
    Some(cases.iter().map(|case| case[key].as_str().unwrap().to_owned()).collect())
}

const WORDS: &str = "<p>It rained all day in the valley, and the river rose by a metre before noon, as the mayor had said it \
    would, and nobody had believed her.</p>";

#[tokio::test(flavor = "multi_thread")]
async fn no_script_runs_even_without_a_content_security_policy() {
    let Some(mut cases) = shared_cases("dompurify.json", "payload") else { return };
    let env = TestEnv::new().await;
    env.devtools("Page.enable", json!({})).await;
    env.devtools("Page.setBypassCSP", json!({ "enabled": true })).await;
    env.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;

    // All cases imported in one page. A case that leaves an element open swallows some of the others.
    let together = cases.iter().map(|case| format!("{WORDS}<div>{case}</div>")).collect::<String>();
    env.web.serve("http://valley.example/1", MockResponse::html(page(&together)));
    let imported = env.import("http://valley.example/1").await;
    check(&env, imported).await;

    // Each case extracted on its own, 200 to a page.
    let mut bodies: Vec<String> = cases.iter().map(|case| extract_body(case)).collect();
    cases.extend(shared_cases("html5lib.json", "data").unwrap());
    bodies.extend(cases.iter().map(|case| extract_body(&page(case))));
    for (number, some) in bodies.chunks(200).enumerate() {
        let article = store_article(&env, number, some.concat()).await;
        check(&env, article).await;
    }
    assert_watch_notices_scripts(&env).await;
    env.close().await;
}

fn page(text: &str) -> String {
    format!("<!doctype html><title>Rain</title><article><h1>Rain</h1>{WORDS}{WORDS}{text}{WORDS}</article>")
}

/// Extracts the body of a page.
fn extract_body(html: &str) -> String {
    let url = Url::parse("http://valley.example/2").unwrap();
    let now = jiff::Timestamp::constant(1_795_435_200, 0);
    extract::article(&Page { source: Source::Html(html), url: Some(&url), now, rules: &[] }).body.as_str().to_owned()
}

async fn store_article(env: &TestEnv, number: usize, body: String) -> i64 {
    let library = env.app.libraries.get(FIRST_LIBRARY_ID).await.unwrap();
    let article = NewArticle {
        content: Content {
            title: format!("Cases {number}"),
            byline: None,
            excerpt: String::new(),
            language: None,
            direction: Direction::Ltr,
            published_at: None,
            published_date: None,
            verdict: extract::Verdict::Article,
            next_page: None,
            word_count: 1,
            lead_image: None,
            html: CleanHtml::from_trusted(body),
            text: format!("Cases {number}"),
            removed_blocks: Vec::new(),
            images: Vec::new(),
        },
        url_keys: Vec::new(),
        canonical_url_key: None,
        claimed_url: None,
        url: None,
        source: NewSource { domain: "valley.example".into(), name: "The Valley".into() },
        topic_choice: TopicChoice { topic: Some(Topic::Science), reason: TopicReason::Reader, suggestions: Vec::new() },
        section: None,
        keywords: Vec::new(),
        tags: Vec::new(),
        channel: Channel::Saved,
        snapshot_id: None,
        received_at: env.app.now(),
        sorted_at: None,
        is_read: false,
    };
    articles::add(&library, &article).await.unwrap().id()
}

/// Opens the article, triggers events on all its elements, and checks that nothing ran and nothing forbidden is there.
async fn check(env: &TestEnv, article: i64) {
    env.visit(&format!("/article/{article}")).await;
    env.wait_for_article().await;
    let touch = "document.querySelectorAll('article .text *').forEach(element => {
        for (const kind of ['mouseover', 'focus', 'error', 'load', 'toggle', 'pointerenter', 'animationend'])
          element.dispatchEvent(new Event(kind)) })";
    env.run_script(touch, json!([])).await;
    let wrong = env.run_script(LOOK, json!([])).await;
    assert_eq!(wrong, json!([]), "article {article}");
    assert!(env.evaluate("document.querySelectorAll('article .text *').length > 3").await == true, "article {article}");
    let ran = env.evaluate("window.ran").await;
    assert_eq!(ran, json!([]), "article {article}");
}

/// Checks that an inline handler does run without a policy, or this test would prove nothing.
async fn assert_watch_notices_scripts(env: &TestEnv) {
    env.run_script("document.querySelector('article .text').innerHTML = '<img src=x onerror=alert(1)>'", json!([]))
        .await;
    env.wait_until("window.ran.includes('alert 1')").await;
}
