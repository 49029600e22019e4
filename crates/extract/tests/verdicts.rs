//! Classification of pages, with at least one sample page per signal.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

use extract::{Article, Page, Source, Verdict};

fn read(url: &str, head: &str, body: &str) -> Article {
    let url = url::Url::parse(url).unwrap();
    let html = format!("<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>");
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    extract::article(&Page { source: Source::Html(&html), url: Some(&url), now, rules: &[] })
}

fn check(expected: Verdict, url: &str, head: &str, body: &str) {
    let article = read(url, head, body);
    assert_eq!(article.verdict, expected, "{url}: {}", article.text);
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
fn articles_are_recognized_among_other_content() {
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
    // A paid article with its whole text.
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>"#;
    check(Verdict::Article, "https://a.example/ferry", paid, &format!("<article>{}</article>", prose(14)));
}

#[test]
fn beginning_of_an_article_is_paywalled() {
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry","isAccessibleForFree":false,
        "hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".paywall"}}</script>"#;
    check(
        Verdict::Paywalled,
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
        check(Verdict::Paywalled, "https://a.example/ferry", ARTICLE, &body);
    }
}

#[test]
fn logins_and_questions_are_interstitials() {
    let login = "<h1>Welcome back</h1><form><input name=name><input type=password><button>Log in</button></form>";
    check(Verdict::Interstitial, "https://a.example/login?next=/ferry", "", login);
    check(
        Verdict::Interstitial,
        "https://a.example/ferry",
        "",
        "<h1>Members</h1><p>You must be logged in to view this page.</p>",
    );
    check(Verdict::Interstitial, "https://a.example/ferry", "", "<p>Please wait.</p><div class=g-recaptcha></div>");
    check(
        Verdict::Interstitial,
        "https://a.example/ferry",
        "",
        "<div id=onetrust-consent-sdk><p>We use cookies.</p></div>",
    );
}

#[test]
fn many_links_and_little_text_are_a_listing() {
    check(Verdict::Listing, "https://a.example/", "", &cards(20));
    check(Verdict::Listing, "https://a.example/en/", ARTICLE, &cards(20));
    check(Verdict::Listing, "https://a.example/category/ferries", "", &cards(12));
    check(Verdict::Listing, "https://a.example/topics/ferries", "", &cards(12));
    let shop: String =
        (0..9).map(|n| format!("<div><a href=/p/{n}>Hat number {n}</a><button>Add to cart</button></div>")).collect();
    check(Verdict::Listing, "https://a.example/hats", "", &shop);
}

#[test]
fn videos_threads_products_and_documents_are_recognized() {
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
fn only_articles_have_a_next_page() {
    let pager = "<nav><a href='?page=2'>2</a></nav>";
    let article = read("https://a.example/ferry", ARTICLE, &format!("<article>{}</article>{pager}", prose(6)));
    assert_eq!(article.next_page.unwrap().as_str(), "https://a.example/ferry?page=2");
    let list = read("https://a.example/category/ferries", "", &format!("{}{pager}", cards(12)));
    assert_eq!(list.next_page, None);
}

/// Bot checks, shortened.
const BOT_CHECKS: [&str; 12] = [
    "<title>Just a moment...</title><h1>a.example</h1><p>Checking your browser before you go on. Ray 7f.</p>",
    "<title>a.example</title><p>Verify you are human by completing the action below.</p><script>window._cf_chl_opt={}</script>",
    "<title>Access to this page has been denied</title><div id=px-captcha></div><p>Press &amp; Hold, so that we know it is you.</p>",
    "<title>a.example</title><p>Please enable JS and disable any ad blocker</p>",
    "<title>Access Denied</title><h1>Access Denied</h1><p>You may not see \"http&#58;&#47;&#47;a.example\" on this server.\
     <p>Reference&#32;&#35;18&#46;ab</p>",
    "<title></title><iframe src='/_Incapsula_Resource?x=1'></iframe><p>Request unsuccessful. Incapsula incident ID: 7</p>",
    "<title>Vercel Security Checkpoint</title><p>We are looking at your browser</p>",
    "<title>Making sure you're not a bot!</title><p>Wait.</p>",
    "<title>Nur einen Moment…</title><p>a.example prüft die Verbindung.</p>",
    "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
    "<title>a.example</title><p>Bestätigen Sie, dass Sie ein Mensch sind.</p>",
    "<title>a.example</title><p>Vérifiez que vous êtes humain en faisant ce qui suit.</p>",
];

#[test]
fn bot_checks_are_interstitials() {
    for page in BOT_CHECKS {
        check(Verdict::Interstitial, "https://a.example/ferry", "", page);
    }
}

#[test]
fn consent_pages_are_interstitials_in_any_language() {
    for (url, page) in [
        (
            "https://consent.youtube.com/m?continue=x",
            "<h1>Before you continue to YouTube</h1><p>We use cookies to keep it running.</p><button>Reject all</button>",
        ),
        (
            "https://guce.a.example/consent",
            "<h1>Your data</h1><p>This is part of the family of brands of Example. We and our 230 partners use cookies.</p>",
        ),
        (
            "https://www.a.example/zustimmung?url=ferry",
            "<h2>Lesen mit Werbung</h2><p>Mit Ihrer Einwilligung und Tracking.</p><h2>Pur-Abo</h2><p>Ohne Werbung für zwei Euro.</p>",
        ),
        (
            "https://a.example/ferry",
            "<h1>Weiterlesen mit Werbung</h1><p>Besuchen Sie uns mit Werbung und Cookies.</p><button>Zustimmen</button>\
             <h1>Oder ohne</h1><p>Mit dem Pur-Abo lesen Sie ohne Werbung.</p>",
        ),
        (
            "https://myprivacy.a.example/?siteKey=7",
            "<h1>Jouw keuze</h1><p>Wij vragen toestemming voor cookies en gegevens.</p><button>Akkoord</button>",
        ),
        (
            "https://a.example/ferry",
            "<p>Nous et nos 200 partenaires utilisons des cookies pour mesurer la publicité.</p>\
             <button>Continuer sans accepter</button><button>Tout accepter</button>",
        ),
        (
            "https://a.example/ferry",
            "<p>Usamos cookies para la publicidad.</p><button>Aceptar y continuar</button><button>Rechazar y suscribirse</button>",
        ),
        (
            "https://a.example/ferry",
            "<p>I cookie ci servono per la pubblicità.</p><button>Accetta e continua</button><button>Rifiuta e abbonati</button>",
        ),
        (
            "https://a.example/ferry",
            "<p>Używamy plików cookie i danych osobowych.</p><button>Akceptuję i przechodzę do serwisu</button>",
        ),
    ] {
        check(Verdict::Interstitial, url, "", page);
    }
}

#[test]
fn long_consent_page_is_an_interstitial_but_a_banner_is_not() {
    let legal = "<p>With your consent our partners use cookies to store data on your device, for personalised advertising \
                 and to measure what advertisements do. You can change your preferences in the privacy settings.</p>";
    let buttons = "<button>Accept all</button><button>Reject all</button>";
    check(Verdict::Interstitial, "https://a.example/ferry", "", &format!("{}{buttons}", legal.repeat(5)));
    check(Verdict::Article, "https://a.example/ferry", "", &format!("{}{legal}{buttons}", prose(4)));
    let visit = "<h1>Visit us</h1><p>The ferry leaves from the old pier at nine and at noon; the office beside it sells tickets \
                 and keeps what was lost on board. Dogs travel free, and bicycles too if there is room for them.</p>";
    check(Verdict::Article, "https://a.example/visit", "", &format!("{visit}{legal}{buttons}"));
}

#[test]
fn article_about_interstitials_is_an_article() {
    let words = "<p>“Verify you are human” and “checking your browser before accessing”, says the page; “accept all cookies”, the next.</p>";
    check(Verdict::Article, "https://a.example/ferry", "", &format!("<h1>The web today</h1>{words}{}", prose(5)));
    check(
        Verdict::Article,
        "https://a.example/ferry",
        ARTICLE,
        &format!("<article><h1>The web today</h1>{words}</article>"),
    );
}

#[test]
fn text_cut_off_at_a_subscribe_request_is_paywalled() {
    let cut =
        "<p>What the board found out next surprised even those who had asked for it, and it concerns the whole …</p>";
    let ask = "<div><p>Subscribe to continue reading this story.</p></div>";
    let page = |body: &str| format!("<article><h1>The ferry</h1>{body}</article>");
    // Longer than the limit without a sign that the text breaks off.
    check(Verdict::Paywalled, "https://a.example/ferry", ARTICLE, &page(&format!("{}{cut}{ask}", prose(8))));
    let walled = "<div class=paywall><span>Become one of us</span></div>";
    check(Verdict::Paywalled, "https://a.example/ferry", ARTICLE, &page(&format!("{}{cut}{walled}", prose(4))));
    // Without a request to subscribe: authors end like this too.
    check(Verdict::Article, "https://a.example/ferry", ARTICLE, &page(&format!("{}{cut}", prose(8))));
    // A paywall that was passed.
    check(
        Verdict::Article,
        "https://a.example/ferry",
        ARTICLE,
        &page(&format!("<div class=paywall>{}</div>", prose(8))),
    );
}

#[test]
fn page_that_lacks_its_stated_paid_part_is_paywalled() {
    let paid = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"The ferry","isAccessibleForFree":"False",
        "hasPart":{"@type":"WebPageElement","isAccessibleForFree":"False","cssSelector":".paid-part"}}</script>"#;
    let page =
        |part: &str| format!("<article><h1>The ferry</h1>{}<div class=paid-part>{part}</div></article>", prose(10));
    check(Verdict::Paywalled, "https://a.example/ferry", paid, &page("<p>Read on with a subscription.</p>"));
    check(Verdict::Article, "https://a.example/ferry", paid, &page(&prose(6)));
}

fn teasers(count: usize) -> String {
    let teaser = |n| {
        format!(
            "<li class='item item-{n}'><a href=/story/{n}><b>Harbour board meets for the {n}th time</b></a>\
             <p>The board met again, and what it said about the ferry of day {n} is told here in short for all.</p></li>"
        )
    };
    (1..=count).map(teaser).collect()
}

#[test]
fn teasers_are_a_listing_whatever_url_and_date() {
    let list = format!("<main><h1>Harbour</h1><ul>{}</ul></main>", teasers(14));
    check(Verdict::Listing, "https://a.example/harbour", "", &list);
    check(
        Verdict::Listing,
        "https://a.example/harbour",
        "<meta property=article:published_time content=2026-11-20>",
        &list,
    );
    check(Verdict::Listing, "https://a.example/topic/harbour", ARTICLE, &list);
    let results: String = (1..=10)
        .map(|n| format!("<div class=result><h3><a href=/r/{n}>Result number {n} of them</a></h3><p>Ferry, ferry and ferry.</p></div>"))
        .collect();
    check(Verdict::Listing, "https://a.example/search?q=ferry", "", &format!("<h1>10 results</h1>{results}"));
    let goods: String = (1..=24)
        .map(|n| format!("<div class=good><a href=/hat-{n}><img src=/{n}.jpg alt=''>A hat of felt {n}</a><span>{n},90 €</span></div>"))
        .collect();
    check(Verdict::Listing, "https://a.example/hats", "", &format!("<h1>Hats</h1><section>{goods}</section>"));
}

#[test]
fn article_with_many_teasers_stays_an_article() {
    let page = format!("<main><h1>The ferry</h1>{}<ul>{}</ul></main>", prose(4), teasers(20));
    check(Verdict::Article, "https://a.example/ferry", "", &page);
    check(Verdict::Article, "https://a.example/news/ferry", ARTICLE, &page);
    let menu: String = (1..=200).map(|n| format!("<li><a href=/m/{n}>Office of matters {n}</a></li>")).collect();
    let menu = format!("<div class=menu><ul>{menu}</ul></div><h1>The ferry</h1>{}", prose(3));
    check(Verdict::Article, "https://a.example/ferry", "", &menu);
}

/// A question and two answers, in elements with this name and class.
fn posts(post: &str) -> String {
    let tag = post.split(' ').next().unwrap();
    format!("<div>{}</div>", ["Anna", "Ben", "Cleo"].map(|name| {
        format!("<{post}><b>{name}</b><p>I waited for the ferry at the old pier and it left without me, so what is one to do?</p></{tag}>")
    }).concat())
}

#[test]
fn threads_are_recognized_by_forum_class_names() {
    for post in [
        "div class='topic-body crawler-post'",
        "div class='topic-post clearfix regular'",
        "table class='athing comtr' id=7",
        "li class=comments_subtree",
        "div class='q-box spacing_log_answer_content puppeteer_test_answer_content'",
        "div class='answercell post-layout--right'",
        "div class=qa-a-list-item",
        "div class=bbp-reply-content",
        "div class=lia-message-body-content",
        "li class='postbit postbitim'",
        "article class='message message--post'",
        "li class=topic-owner-post",
    ] {
        check(Verdict::Thread, "https://a.example/late-ferries", "", &posts(post));
        // Some forums call all their pages articles.
        check(Verdict::Thread, "https://a.example/late-ferries", ARTICLE, &posts(post));
    }
    let reddit = posts("shreddit-comment depth=0");
    check(
        Verdict::Thread,
        "https://a.example/r/ferries/comments/1ab2/late/",
        "",
        &format!("<shreddit-post>{}</shreddit-post>{reddit}", prose(1)),
    );
    let flarum = format!("<div id=flarum-loading></div><noscript id=flarum-content>{}</noscript>", posts("article"));
    check(Verdict::Thread, "https://a.example/d/2068-late-ferries", "", &flarum);
    check(Verdict::Thread, "https://a.example/t/123270/Late-ferries", "", &posts("div class=postItem"));
    check(Verdict::Thread, "https://git.a.example/harbour/ferry/issues/7", "", &posts("div class=timeline-comment"));
    let mail = "<h1>[ferries] Late again</h1><pre>I waited for the ferry at the old pier, and it left without me.\n\nAnna</pre>";
    check(Verdict::Thread, "https://a.example/pipermail/ferries/2026-November/000123.html", "", mail);
    check(Verdict::Thread, "https://lists.a.example/archives/ferries/2026/msg00012.html", "", mail);
}

#[test]
fn an_article_with_comments_is_no_thread() {
    let comments = format!("<h2>3 comments</h2><section id=comments>{}</section>", posts("div class=comment"));
    check(Verdict::Article, "https://a.example/ferry", ARTICLE, &format!("<article>{}</article>{comments}", prose(6)));
    check(
        Verdict::Article,
        "https://a.example/2026/11/ferry",
        "",
        &format!("<h1>The ferry</h1>{}{comments}", prose(6)),
    );
    check(Verdict::Article, "https://blog.a.example/ferry-7", "", &format!("<h1>The ferry</h1>{}{comments}", prose(6)));
}

#[test]
fn hidden_login_form_is_no_interstitial() {
    let form = "<form style='display: none'><input name=user><input type=password></form>";
    check(Verdict::Article, "https://a.example/ferry", "", &format!("{form}<h1>The ferry</h1>{}", prose(2)));
}

#[test]
fn manuals_are_recognized_by_their_software_only() {
    let page = |class: &str| format!("<div class='{class}'><h1>The ferry</h1>{}</div>", prose(4));
    for class in ["md-content__inner md-typeset", "sidebar-scrollbox", "rst-content"] {
        check(Verdict::Document, "https://a.example/ferry", "", &page(class));
    }
    // A column of medium width.
    check(Verdict::Article, "https://a.example/ferry", "", &page("md-content"));
}
