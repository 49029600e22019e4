//! How much the pages cost at 100,000 articles: the front page, a filtered list of 50 and an article, through the whole
//! router, login and counts included, each beside a bare handler that shows as much: one query as sqlx is usually asked, one
//! template.
//!
//! `cargo bench --bench pages`. The library is built once, into `target/`, and used again. Machines are noisy, so page and
//! yardstick take turns, and the figure to look at is the ratio of their CPU time (all threads of the process).
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/support/generator.rs"]
mod generator;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{Request, StatusCode, header};
use axum::response::Html;
use axum::routing::get;
use axum::{Router, extract};
use broadsheet::accounts::{Access, Added, Name, Password};
use broadsheet::app::App;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::library::Library;
use broadsheet::library::articles::{self, Article};
use broadsheet::web;
use tower::ServiceExt as _;

// As the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ARTICLES: u64 = 100_000;
const ROUNDS: usize = 15;
const REQUESTS: usize = 100;

/// An article in the middle of the library.
const MIDDLE: i64 = 50_000;

#[tokio::main]
async fn main() {
    // `cargo test --benches` asks for a short run; there is nothing to test here.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let data = library().await;
    let pages = pages(&data).await;
    let bare = bare(&data).await;
    println!("{ARTICLES} articles, {ROUNDS} rounds of {REQUESTS} requests in turn; medians\n");
    println!("{:<34} {:>10} {:>10} {:>12} {:>9}", "page", "wall µs", "CPU µs", "bare CPU µs", "ratio");
    for (name, page, yardstick) in [
        ("front page", "/", "/rows/80"),
        ("list of 50: a topic", "/topic/science", "/rows/50"),
        ("list of 50: topic, unread, since", "/articles?topic=science&unread=1&since=2024-01-01", "/rows/50"),
        ("article", "/article/50000", "/article"),
    ] {
        compare(name, (&pages, page), (&bare, yardstick)).await;
    }
}

/// Page and yardstick in turn, so that both meet the same noise.
async fn compare(name: &str, page: (&Asked, &str), yardstick: (&Asked, &str)) {
    let (mut walls, mut cpus, mut bares, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    page.0.ask(page.1).await;
    yardstick.0.ask(yardstick.1).await;
    for _ in 0..ROUNDS {
        let (wall, cpu) = page.0.time(page.1).await;
        let (_, bare) = yardstick.0.time(yardstick.1).await;
        walls.push(wall);
        cpus.push(cpu);
        bares.push(bare);
        ratios.push(cpu / bare);
    }
    let [wall, cpu, bare, ratio] = [walls, cpus, bares, ratios].map(median);
    println!("{name:<34} {wall:>10.0} {cpu:>10.0} {bare:>12.0} {ratio:>9.2}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A router and the cookie to ask it with.
struct Asked {
    router: Router,
    cookie: String,
}

impl Asked {
    async fn ask(&self, path: &str) -> usize {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).header(header::HOST, "127.0.0.1:8080");
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        to_bytes(response.into_body(), usize::MAX).await.unwrap().len()
    }

    /// Microseconds per request: by the clock, and of all processors.
    async fn time(&self, path: &str) -> (f64, f64) {
        let (began, spent) = (Instant::now(), cpu_time());
        for _ in 0..REQUESTS {
            self.ask(path).await;
        }
        let per_request = |time: Duration| time.as_secs_f64() * 1e6 / REQUESTS as f64;
        (per_request(began.elapsed()), per_request(cpu_time() - spent))
    }
}

fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// The data folder, filled once. A folder that was not filled to the end is filled anew.
async fn library() -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/bench-library-{ARTICLES}-2"));
    if data.join("complete").exists() {
        return data;
    }
    let _ = std::fs::remove_dir_all(&data);
    println!("building a library of {ARTICLES} articles in {} …", data.display());
    let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
    generator::fill(&library, ARTICLES).await;
    library.close().await;
    std::fs::write(data.join("complete"), "").unwrap();
    data
}

/// The program as it is, with somebody logged in.
async fn pages(data: &Path) -> Asked {
    let access = Access::new(([0, 0, 0, 0], 8080).into(), None).unwrap();
    let fetcher = Fetcher::new(Policy::default(), Resolver::system()).unwrap();
    let app = App::open(data, access, fetcher, generator::newest).await.unwrap();
    let (name, password) = (Name::parse("Ann").unwrap(), Password::parse("correct horse").unwrap());
    let _: Added = app.accounts.add_person(&name, &password, 1, app.now()).await.unwrap();
    let checked = app.accounts.check_password("Ann", &password, None, app.now()).await.unwrap();
    let broadsheet::accounts::Checked::Right(ann) = checked else { panic!("Ann is there") };
    let token = app.accounts.log_in(&ann, "bench", app.now()).await.unwrap();
    Asked { router: web::router(app), cookie: format!("broadsheet={}", token.reveal()) }
}

/// One query + one template, nothing else.
async fn bare(data: &Path) -> Asked {
    let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
    let router =
        Router::new().route("/rows/{count}", get(bare_rows)).route("/article", get(bare_article)).with_state(library);
    Asked { router, cookie: String::new() }
}

/// As a list shows them.
#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    title: String,
    excerpt: String,
    source_domain: String,
    source_name: String,
    topic: String,
    topic_name: String,
    sorted_at: i64,
    word_count: i64,
    lead_hash: Option<String>,
    read: bool,
    starred: bool,
}

/// The newest, in the plainest way: a statement on one index, a row at a time, into a struct.
const ROWS: &str = "SELECT a.id, a.title, a.excerpt, s.domain AS source_domain, s.name AS source_name, a.topic, t.name AS topic_name,
        a.sorted_at, a.word_count, a.lead_image_hash AS lead_hash, a.read_at IS NOT NULL AS read, a.starred_at IS NOT NULL AS starred
     FROM article a INDEXED BY article_newest CROSS JOIN source s ON s.id = a.source_id CROSS JOIN topic t ON t.slug = a.topic
     WHERE a.state = 0 ORDER BY a.sorted_at DESC, a.id DESC LIMIT +?1";

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html><title>Articles</title><ol>{% for row in rows %}<li><h2><a href="/article/{{ row.id }}"{% if row.read %} class="read"{% endif %}>{{ row.title }}</a></h2>
<p><a href="/topic/{{ row.topic }}">{{ row.topic_name }}</a> <a href="/source/{{ row.source_domain }}">{{ row.source_name }}</a> <time>{{ row.sorted_at }}</time>
{{ row.word_count }}{% if row.starred %} ★{% endif %}</p>{% if let Some(hash) = row.lead_hash %}<img src="/image/{{ hash }}" alt="">{% endif %}<p>{{ row.excerpt }}</p></li>{% endfor %}</ol>"#
)]
struct BareRows {
    rows: Vec<Row>,
}

async fn bare_rows(State(library): State<Library>, extract::Path(count): extract::Path<i64>) -> Html<String> {
    let rows = sqlx::query_as(ROWS).bind(count).fetch_all(library.read()).await.unwrap();
    Html(BareRows { rows }.render().unwrap())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html><title>{{ article.title }}</title><h1>{{ article.title }}</h1><p>{{ article.source_name }}</p>{{ body|escape("txt") }}"#
)]
struct BareArticle {
    article: Article,
    body: String,
}

async fn bare_article(State(library): State<Library>) -> Html<String> {
    let article = articles::find(&library, MIDDLE).await.unwrap().unwrap();
    let body = article.body.as_str().to_owned();
    Html(BareArticle { article, body }.render().unwrap())
}
