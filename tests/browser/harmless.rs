//! What is made to run in a reader's browser does not run there, even without the policy that would forbid it.

use broadsheet::accounts::FIRST_LIBRARY_ID;
use broadsheet::classify::{Topic, TopicChoice, TopicReason};
use broadsheet::library::articles::{self, Channel, Content, NewArticle};
use broadsheet::library::sources::NewSource;
use extract::{CleanHtml, Direction, Page, Source};
use serde_json::{Value, json};
use url::Url;

use crate::mock_web::MockResponse;
use crate::support::Stage;

/// Remembers every call that such cases make to show that they run, and every event handler that is called.
const WATCH: &str = "window.ran = [];
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'eval'])
      window[name] = (...words) => { window.ran.push(name + ' ' + words) };
    addEventListener('securitypolicyviolation', event => window.ran.push('policy ' + event.violatedDirective));";

/// Everything in the article's text that the list of what may be there does not name. Our own script makes wide blocks reachable
/// by the keyboard (`tabindex`).
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
          : key === 'src' ? value.startsWith('/picture/') || web(value)
          : key === 'id' ? value.startsWith('a-')
          : key === 'tabindex' ? value === '0'
          : key === 'class' ? /^(embed|picture-waiting|picture-missing|lang(uage)?-\\S+)$/.test(value)
          : /^(lang|dir|rel|alt|title|width|height|span|colspan|rowspan|scope|start|reversed|type|value|datetime|open|loading|decoding)$/.test(key);
        if (!fine) wrong.push(name + ' ' + key + '=' + value);
      }
    }
    return wrong.slice(0, 20)";

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn shared(file: &str, key: &str) -> Option<Vec<String>> {
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
async fn nothing_runs_even_without_a_policy() {
    let Some(mut cases) = shared("dompurify.json", "payload") else { return };
    let stage = Stage::new().await;
    stage.devtools("Page.enable", json!({})).await;
    stage.devtools("Page.setBypassCSP", json!({ "enabled": true })).await;
    stage.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;

    // Through the front door, all on one page: the first that leaves something open swallows some of the others.
    let together = cases.iter().map(|case| format!("{WORDS}<div>{case}</div>")).collect::<String>();
    stage.web.serve("http://valley.example/1", MockResponse::html(page(&together)));
    let imported = stage.import("http://valley.example/1").await;
    check(&stage, imported).await;

    // Each extracted on its own, and two hundred shown on a page.
    let mut bodies: Vec<String> = cases.iter().map(|case| extracted(case)).collect();
    cases.extend(shared("html5lib.json", "data").unwrap());
    bodies.extend(cases.iter().map(|case| extracted(&page(case))));
    for (number, some) in bodies.chunks(200).enumerate() {
        let article = put(&stage, number, some.concat()).await;
        check(&stage, article).await;
    }
    the_watch_sees_what_runs(&stage).await;
    stage.close().await;
}

fn page(text: &str) -> String {
    format!("<!doctype html><title>Rain</title><article><h1>Rain</h1>{WORDS}{WORDS}{text}{WORDS}</article>")
}

/// The body that is made of a page.
fn extracted(html: &str) -> String {
    let url = Url::parse("http://valley.example/2").unwrap();
    let now = jiff::Timestamp::constant(1_795_435_200, 0);
    extract::article(&Page { source: Source::Html(html), url: Some(&url), now, rules: &[] }).body.as_str().to_owned()
}

async fn put(stage: &Stage, number: usize, body: String) -> i64 {
    let library = stage.app.libraries.get(FIRST_LIBRARY_ID, stage.app.now()).await.unwrap();
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
        url: None,
        source: NewSource { domain: "valley.example".into(), name: "The Valley".into() },
        topic_choice: TopicChoice { topic: Some(Topic::Science), reason: TopicReason::Reader, suggestions: Vec::new() },
        tags: Vec::new(),
        channel: Channel::Saved,
        snapshot_id: None,
        received_at: stage.app.now(),
    };
    articles::add(&library, &article, None).await.unwrap().id()
}

/// Opens the article, touches everything in it, and looks for what ran and what should not be there.
async fn check(stage: &Stage, article: i64) {
    stage.visit(&format!("/article/{article}")).await;
    stage.until_article().await;
    let touch = "document.querySelectorAll('article .text *').forEach(element => {
        for (const kind of ['mouseover', 'focus', 'error', 'load', 'toggle', 'pointerenter', 'animationend'])
          element.dispatchEvent(new Event(kind)) })";
    stage.ask(touch, json!([])).await;
    let wrong = stage.ask(LOOK, json!([])).await;
    assert_eq!(wrong, json!([]), "article {article}");
    assert!(stage.value("document.querySelectorAll('article .text *').length > 3").await == true, "article {article}");
    let ran = stage.value("window.ran").await;
    assert_eq!(ran, json!([]), "article {article}");
}

/// Without a policy an inline handler does run, or this journey would prove nothing.
async fn the_watch_sees_what_runs(stage: &Stage) {
    stage.ask("document.querySelector('article .text').innerHTML = '<img src=x onerror=alert(1)>'", json!([])).await;
    stage.until("window.ran.includes('alert 1')").await;
}
