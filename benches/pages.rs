//! The cost of pages with 100,000 articles: the front page, lists of 50 with all kinds of filters, an article and searches,
//! through the whole router with login and counts. The baseline for each is a minimal handler that shows as much: one
//! plain sqlx query, one template. Searches are made up to be slow and have none.
//!
//! Each page is shown as it is remembered, and after a write: an article is starred or unstarred before each request.
//!
//! `cargo bench --bench pages`, or with another size: `cargo bench --bench pages -- --articles 1000000`, or with another part
//! of it from feeds: `--stream 95` (per cent). The library is built
//! once in `target/` and reused. Machines are noisy, so page and baseline alternate, and what counts is the ratio of
//! their CPU time (all threads of the process).
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/support/sample_library.rs"]
mod sample_library;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{Request, StatusCode, header};
use axum::response::Html;
use axum::routing::get;
use axum::{Router, extract};
use broadsheet::accounts::{AccessPolicy, Added, Attempt, Password, Username};
use broadsheet::app::App;
use broadsheet::ingest::fetch::{Fetcher, Policy, Resolver};
use broadsheet::library::Library;
use broadsheet::library::articles::{self, Article, ArticleAction};
use broadsheet::web;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tower::ServiceExt as _;

// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ARTICLES: u64 = 100_000;
/// Of a hundred articles, those from feeds.
const STREAM: u64 = 95;
const ROUNDS: usize = 15;
const REQUESTS: usize = 100;
/// Of each round, requests after a write.
const REQUESTS_AFTER_WRITE: usize = 10;

/// Pages and their baselines. `{middle}` is an article in the middle of the library.
const PAGES: &[(&str, &str, &str)] = &[
    ("front page", "/", "/rows/80"),
    ("list: all articles", "/articles", "/rows/50"),
    ("list: kept", "/articles?lane=kept", "/rows/50"),
    ("list: stream", "/articles?lane=stream", "/rows/50"),
    ("list: kept, a topic, unread", "/articles?topic=science&unread=1&lane=kept", "/rows/50"),
    ("list: kept, a tag", "/articles?tag=harbour-7&lane=kept", "/rows/50"),
    ("list: unread", "/articles?unread=1", "/rows/50"),
    ("list: starred", "/articles?starred=1", "/rows/50"),
    ("list: archived", "/articles?archived=1", "/rows/50"),
    ("list: a topic", "/topic/science", "/rows/50"),
    ("list: topic, unread", "/articles?topic=science&unread=1", "/rows/50"),
    ("list: topic, starred", "/articles?topic=science&starred=1", "/rows/50"),
    ("list: topic, unread, since", "/articles?topic=science&unread=1&since=2024-01-01", "/rows/50"),
    ("list: a source", "/source/paper-7.example", "/rows/50"),
    ("list: source, topic", "/articles?source=paper-7.example&topic=science", "/rows/20"),
    ("list: source, starred", "/articles?source=paper-7.example&starred=1", "/rows/10"),
    ("list: a tag", "/tag/harbour-7", "/rows/50"),
    ("list: tag, topic", "/articles?tag=harbour-7&topic=science", "/rows/10"),
    ("list: tag, source", "/articles?tag=harbour-7&source=paper-7.example", "/rows/1"),
    ("list: a month", "/articles?since=2026-03-01&until=2026-03-31", "/rows/50"),
    ("list: a search", "/articles?q=ferry", "/rows/50"),
    ("list: search, topic, unread", "/articles?q=ferry+harbour&topic=science&unread=1", "/rows/50"),
    ("article", "/article/{middle}", "/article/{middle}"),
];

#[tokio::main]
async fn main() {
    // `cargo test --benches` passes this; there is nothing to test.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let given = |name: &str| std::env::args().skip_while(|argument| argument != name).nth(1);
    let articles = given("--articles").map_or(ARTICLES, |number| number.parse().unwrap());
    let stream = given("--stream").map_or(STREAM, |number| number.parse().unwrap());
    let data = build_library(articles, stream).await;
    let app = app_client(&data).await;
    let baseline = baseline_client(&data).await;
    let middle = (articles / 2).to_string();
    println!("{articles} articles, {ROUNDS} rounds of {REQUESTS} requests in turn; medians\n");
    println!(
        "{:<34} {:>10} {:>10} {:>12} {:>9} {:>16}",
        "page", "wall µs", "CPU µs", "base CPU µs", "ratio", "after a write"
    );
    for (name, page, baseline_path) in PAGES {
        let [page, baseline_path] = [page, baseline_path].map(|path| path.replace("{middle}", &middle));
        compare(name, (&app, &page), (&baseline, &baseline_path)).await;
    }
    measure_writes(&app, articles).await;
    println!("\n{:<34} {:>10} {:>10}", "search, nothing cached", "wall ms", "CPU ms");
    for (name, typed) in searches() {
        let app = app_client(&data).await;
        let query: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        let (start, cpu_start) = (Instant::now(), cpu_time());
        app.get(&format!("/articles?q={query}")).await;
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!("{name:<34} {:>10.1} {:>10.1}", ms(start.elapsed()), ms(cpu_time() - cpu_start));
    }
}

/// Searches that cost as much as any, with their names. Each word of the library is in nearly every article.
fn searches() -> Vec<(&'static str, String)> {
    let repeat = |word: &str, count: usize| vec![word; count].join(" ");
    vec![
        ("two words", "ferry harbour".to_owned()),
        ("a phrase that is nowhere", "\"harbour harbour harbour harbour\"".to_owned()),
        ("a phrase of one word 120 times", format!("\"{}\"", repeat("the", 120))),
        ("a phrase of one word 48 times", format!("\"{}\"", repeat("harbour", 48))),
        ("48 phrases", (0..48).map(|n| format!("\"harbour\" -{}", 100 + n)).collect::<Vec<_>>().join(" ")),
        ("words without spaces between", repeat("harbour", 120).replace(' ', "→")),
        ("a letter", "t".to_owned()),
        ("a letter after a phrase", "\"harbour ferry\" s".to_owned()),
        ("two letters", "th".to_owned()),
        ("two other letters", "ha".to_owned()),
        ("everything but a word", "the -zebra".to_owned()),
        ("10 kB", repeat("harbour", 1250)),
    ]
}

/// Alternates page and baseline, so that both see the same noise, and prints the medians.
async fn compare(name: &str, page: (&Client, &str), baseline: (&Client, &str)) {
    let (mut wall_times, mut cpu_times, mut baseline_times, mut ratios, mut times_after_write) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    page.0.get(page.1).await;
    baseline.0.get(baseline.1).await;
    for _ in 0..ROUNDS {
        let (wall, cpu) = page.0.time(page.1).await;
        let (_, base) = baseline.0.time(baseline.1).await;
        wall_times.push(wall);
        cpu_times.push(cpu);
        baseline_times.push(base);
        ratios.push(cpu / base);
        times_after_write.push(page.0.time_after_write(page.1).await);
    }
    let [wall, cpu, base, ratio, after_write] =
        [wall_times, cpu_times, baseline_times, ratios, times_after_write].map(median);
    println!("{name:<34} {wall:>10.0} {cpu:>10.0} {base:>12.0} {ratio:>9.2} {after_write:>16.0}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints what a write costs: marks and imports, each a transaction of its own.
async fn measure_writes(app: &Client, articles: u64) {
    let library = app.library.as_ref().unwrap();
    let mut numbers = sample_library::Random(articles);
    println!("\n{:<34} {:>10} {:>10}", "write", "wall µs", "CPU µs");
    let (start, cpu_start) = (Instant::now(), cpu_time());
    for _ in 0..REQUESTS {
        let id = i64::try_from(numbers.below(articles) + 1).unwrap();
        for action in [ArticleAction::Star, ArticleAction::Unstar] {
            articles::apply_action(library, id, action, sample_library::newest_article_time()).await.unwrap();
        }
    }
    let micros = |time: Duration| time.as_secs_f64() * 1e6 / (REQUESTS * 2) as f64;
    println!("{:<34} {:>10.0} {:>10.0}", "a star", micros(start.elapsed()), micros(cpu_time() - cpu_start));
}

/// Sends requests to a router, with a cookie.
struct Client {
    router: Router,
    cookie: String,
    /// The library that it shows, to write to.
    library: Option<Library>,
}

impl Client {
    async fn get(&self, path: &str) -> usize {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).header(header::HOST, "127.0.0.1:8080");
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        to_bytes(response.into_body(), usize::MAX).await.unwrap().len()
    }

    /// Returns wall time and CPU time per request, in microseconds.
    async fn time(&self, path: &str) -> (f64, f64) {
        let (start, cpu_start) = (Instant::now(), cpu_time());
        for _ in 0..REQUESTS {
            self.get(path).await;
        }
        let per_request = |time: Duration| time.as_secs_f64() * 1e6 / REQUESTS as f64;
        (per_request(start.elapsed()), per_request(cpu_time() - cpu_start))
    }

    /// Returns the CPU time per request, in microseconds, if an article is starred or unstarred before each.
    async fn time_after_write(&self, path: &str) -> f64 {
        let library = self.library.as_ref().unwrap();
        let mut total = Duration::ZERO;
        for n in 0..REQUESTS_AFTER_WRITE {
            let action = if n % 2 == 0 { ArticleAction::Star } else { ArticleAction::Unstar };
            articles::apply_action(library, 1, action, sample_library::newest_article_time()).await.unwrap();
            let start = cpu_time();
            self.get(path).await;
            total += cpu_time() - start;
        }
        total.as_secs_f64() * 1e6 / REQUESTS_AFTER_WRITE as f64
    }
}

fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// Returns the data folder, building it unless it is complete.
async fn build_library(articles: u64, stream: u64) -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/bench-library-{articles}-{stream}-3"));
    if data.join("complete").exists() {
        return data;
    }
    let _ = std::fs::remove_dir_all(&data);
    println!("building a library of {articles} articles in {} …", data.display());
    let library = Library::open(&data.join("libraries/1"), 1).await.unwrap();
    sample_library::fill_with_stream(&library, articles, stream).await;
    library.close().await;
    std::fs::write(data.join("complete"), "").unwrap();
    data
}

/// Returns a client of the whole app, logged in.
async fn app_client(data: &Path) -> Client {
    let access = AccessPolicy::new(([0, 0, 0, 0], 8080).into(), None).unwrap();
    let fetcher = Fetcher::new(Policy::default(), Resolver::system()).unwrap();
    let app = App::open(data, access, fetcher, sample_library::newest_article_time).await.unwrap();
    let (name, password) = (Username::parse("Ann").unwrap(), Password::parse("correct horse").unwrap());
    let _: Added = app.accounts.add_person(&name, &password, 1, app.now()).await.unwrap();
    let checked = app.accounts.check_password("Ann", &password, Attempt::default(), app.now()).await.unwrap();
    let broadsheet::accounts::PasswordCheck::Correct(ann) = checked else { panic!("Ann's password is right") };
    let token = app.accounts.log_in(&ann, "bench", None, app.now()).await.unwrap();
    let library = app.libraries.get(1).await.unwrap();
    Client { router: web::router(app), cookie: format!("broadsheet={}", token.reveal()), library: Some(library) }
}

/// Returns a client of the minimal handlers.
async fn baseline_client(data: &Path) -> Client {
    let folder = data.join("libraries/1");
    let library = Library::open(&folder, 1).await.unwrap();
    // The same settings as the app's connections for reading.
    let options = SqliteConnectOptions::new()
        .filename(folder.join("library.db"))
        .pragma("query_only", "1")
        .pragma("mmap_size", "268435456");
    let pool =
        SqlitePoolOptions::new().max_connections(4).test_before_acquire(false).connect_with(options).await.unwrap();
    let router = Router::new()
        .route("/rows/{count}", get(baseline_rows))
        .route("/article/{id}", get(baseline_article))
        .with_state((library, pool));
    Client { router, cookie: String::new(), library: None }
}

/// An article in a list.
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

/// The newest articles, by one index.
const ROWS: &str = "SELECT a.id, a.title, a.excerpt, s.domain AS source_domain, s.name AS source_name, a.topic, t.name AS topic_name,
        a.sorted_at, a.word_count, a.lead_image_hash AS lead_hash, a.read_at IS NOT NULL AS read, a.starred_at IS NOT NULL AS starred
     FROM article a INDEXED BY article_newest CROSS JOIN source s ON s.id = a.source_id CROSS JOIN topic t ON t.slug = a.topic
     WHERE a.shelf = 0 ORDER BY a.sorted_at DESC, a.id DESC LIMIT +?1";

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html><title>Articles</title><ol>{% for row in rows %}<li><h2><a href="/article/{{ row.id }}"{% if row.read %} class="read"{% endif %}>{{ row.title }}</a></h2>
<p><a href="/topic/{{ row.topic }}">{{ row.topic_name }}</a> <a href="/source/{{ row.source_domain }}">{{ row.source_name }}</a> <time>{{ row.sorted_at }}</time>
{{ row.word_count }}{% if row.starred %} ★{% endif %}</p>{% if let Some(hash) = row.lead_hash %}<img src="/image/{{ hash }}" alt="">{% endif %}<p>{{ row.excerpt }}</p></li>{% endfor %}</ol>"#
)]
struct BaselineRows {
    rows: Vec<Row>,
}

async fn baseline_rows(
    State((_, pool)): State<(Library, SqlitePool)>,
    extract::Path(count): extract::Path<i64>,
) -> Html<String> {
    let rows = sqlx::query_as(ROWS).bind(count).fetch_all(&pool).await.unwrap();
    Html(BaselineRows { rows }.render().unwrap())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html><title>{{ article.title }}</title><h1>{{ article.title }}</h1><p>{{ article.source_name }}</p>{{ body|escape("txt") }}"#
)]
struct BaselineArticle {
    article: Article,
    body: String,
}

async fn baseline_article(
    State((library, _)): State<(Library, SqlitePool)>,
    extract::Path(id): extract::Path<i64>,
) -> Html<String> {
    let article = articles::find(&library, id).await.unwrap().unwrap();
    let body = article.html.as_str().to_owned();
    Html(BaselineArticle { article, body }.render().unwrap())
}
