//! What kind of page it is: pages of our own making, one for each way in which a kind gives itself away.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

use extract::{Article, Page, Source, Verdict};

fn read(address: &str, head: &str, body: &str) -> Article {
    let url = url::Url::parse(address).unwrap();
    let html = format!("<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>");
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    extract::article(&Page { source: Source::Html(&html), url: Some(&url), now, rules: &[] })
}

fn check(expected: Verdict, address: &str, head: &str, body: &str) {
    let article = read(address, head, body);
    assert_eq!(article.verdict, expected, "{address}: {}", article.text);
}

fn prose(paragraphs: usize) -> String {
    (1..=paragraphs)
        .map(|n| {
            format!(
                "<p>In part {n} of the report the harbour board explains at length why the ferry was late, what its crew did \
                 about it, and which of the {n} promises made in spring were kept until the autumn of that year.</p>"
            )
        })
        .collect()
}

fn cards(count: usize) -> String {
    let card =
        |n| format!("<div class=card><h3><a href=/story/{n}>The ferry was late on day {n}</a></h3><p>Again.</p></div>");
    (1..=count).map(card).collect()
}

const ARTICLE: &str =
    "<meta property=og:type content=article><meta property=article:published_time content=2026-11-20>";

#[test]
fn an_article_is_one_whatever_stands_around_it() {
    let related = format!("{}<section>{}</section>", prose(8), cards(30));
    check(
        Verdict::Article,
        "https://a.example/news/ferry",
        ARTICLE,
        &format!("<article><h1>The ferry</h1>{related}</article>"),
    );
    check(Verdict::Article, "https://a.example/ferry", "", &format!("<h1>The ferry</h1>{}", prose(6)));
    let login = "<header><form><input type=password></form></header>";
    check(Verdict::Article, "https://a.example/ferry", "", &format!("{login}<article>{}</article>", prose(6)));
    let letter = "<div>Subscribe to keep reading our newsletter every day.</div>";
    check(Verdict::Article, "https://a.example/ferry", ARTICLE, &format!("<article>{}</article>{letter}", prose(12)));
    // Paid for, but all of it is here.
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>"#;
    check(Verdict::Article, "https://a.example/ferry", paid, &format!("<article>{}</article>", prose(14)));
}

#[test]
fn the_beginning_of_an_article_is_a_stub() {
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry","isAccessibleForFree":false,
        "hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paywall"}}</script>"#;
    check(
        Verdict::Stub,
        "https://a.example/ferry",
        paid,
        &format!("<article><h1>The ferry</h1>{}</article>", prose(2)),
    );
    for words in [
        "Subscribe to continue reading.",
        "Already a subscriber? Log in",
        "Jetzt weiterlesen mit unserem Abo.",
        "Cet article est réservé aux abonnés.",
        "Para seguir leyendo, suscríbete.",
        "Contenuto riservato agli abbonati.",
        "Доступно только подписчикам.",
        "この記事は有料会員限定です。",
        "为了继续,请订阅后阅读全文。",
        "للمشتركين فقط",
    ] {
        let body = format!("<article><h1>The ferry</h1>{}<div><p>{words}</p></div></article>", prose(2));
        check(Verdict::Stub, "https://a.example/ferry", ARTICLE, &body);
    }
}

#[test]
fn a_question_before_the_page_is_a_wall() {
    let login = "<h1>Welcome back</h1><form><input name=name><input type=password><button>Log in</button></form>";
    check(Verdict::Wall, "https://a.example/login?next=/ferry", "", login);
    check(
        Verdict::Wall,
        "https://a.example/ferry",
        "",
        "<h1>Members</h1><p>You must be logged in to view this page.</p>",
    );
    check(Verdict::Wall, "https://a.example/ferry", "", "<p>Please wait.</p><div class=g-recaptcha></div>");
    check(Verdict::Wall, "https://a.example/ferry", "", "<div id=onetrust-consent-sdk><p>We use cookies.</p></div>");
}

#[test]
fn many_links_and_little_else_are_a_listing() {
    check(Verdict::Listing, "https://a.example/", "", &cards(20));
    check(Verdict::Listing, "https://a.example/en/", ARTICLE, &cards(20));
    check(Verdict::Listing, "https://a.example/category/ferries", "", &cards(12));
    check(Verdict::Listing, "https://a.example/topics/ferries", "", &cards(12));
    let shop: String =
        (0..9).map(|n| format!("<div><a href=/p/{n}>Hat number {n}</a><button>Add to cart</button></div>")).collect();
    check(Verdict::Listing, "https://a.example/hats", "", &shop);
}

#[test]
fn a_film_a_thread_a_product_and_a_manual_are_told_apart() {
    let film = "<meta property=og:type content=video.other>";
    check(
        Verdict::Video,
        "https://a.example/watch?v=1",
        film,
        "<h1>The ferry</h1><video></video><p>See it leave the harbour.</p>",
    );
    let data = r#"<script type="application/ld+json">{"@type":"VideoObject","name":"The ferry"}</script>"#;
    check(Verdict::Video, "https://a.example/videos/ferry", data, "<h1>The ferry</h1><p>See it leave the harbour.</p>");

    let thread = r#"<script type="application/ld+json">{"@type":"DiscussionForumPosting"}</script>"#;
    let posts = format!("<div class=post>{}</div><div class=post>{}</div>", prose(2), prose(1));
    check(Verdict::Thread, "https://a.example/late-ferries", thread, &posts);
    check(Verdict::Thread, "https://forum.a.example/viewtopic.php?t=12", "", &posts);
    check(Verdict::Thread, "https://a.example/t/late/12", "<meta name=generator content='Discourse 3.5'>", &posts);

    let product = r#"<meta property=og:type content=product><meta property="product:price:amount" content=20>"#;
    let hat = format!("<h1>A hat</h1>{}<button>Add to cart</button>", prose(2));
    check(Verdict::Product, "https://a.example/hat", product, &hat);
    check(Verdict::Product, "https://a.example/products/hat", "", &hat);

    check(Verdict::Document, "https://docs.a.example/ferry", "", &prose(4));
    check(Verdict::Document, "https://a.example/docs/ferry", "", &prose(4));
    check(Verdict::Document, "https://a.example/x", "<meta name=generator content='mkdocs-1.6'>", &prose(4));
}

#[test]
fn only_one_text_goes_on_on_a_next_page() {
    let pager = "<nav><a href='?page=2'>2</a></nav>";
    let article = read("https://a.example/ferry", ARTICLE, &format!("<article>{}</article>{pager}", prose(6)));
    assert_eq!(article.next_page.unwrap().as_str(), "https://a.example/ferry?page=2");
    let list = read("https://a.example/category/ferries", "", &format!("{}{pager}", cards(12)));
    assert_eq!(list.next_page, None);
}
