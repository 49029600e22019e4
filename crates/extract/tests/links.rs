//! Lists of links on pages of many kinds.

#![expect(clippy::unwrap_used, reason = "a test may stop at what should not happen")]

use extract::Selector;
use extract::links::{LinkList, PageLinks, SketchPiece};
use url::Url;

const PAGE: &str = "https://pier.example/news";

fn read(html: &str) -> PageLinks {
    PageLinks::read(html, &Url::parse(PAGE).unwrap())
}

fn lists(html: &str) -> Vec<LinkList> {
    read(html).find_lists()
}

fn titles(list: &LinkList) -> Vec<&str> {
    list.links.iter().map(|link| link.title.as_str()).collect()
}

const TITLES: [&str; 5] = [
    "The evening ferry is late again",
    "Harbour board meets on Monday",
    "New lights for the north pier",
    "Why the tide tables were wrong",
    "A storm closes the sea wall",
];

/// Writes an entry for each title: `{n}` is its number, `{t}` the title.
fn entries(pattern: &str) -> String {
    let numbered = TITLES.iter().enumerate();
    numbered.map(|(n, title)| pattern.replace("{n}", &(n + 101).to_string()).replace("{t}", title)).collect()
}

/// Checks that the first list has all titles, each page once, and is found again by its selector when all links are others.
fn check(around: &str, entry: &str) -> LinkList {
    let page = around.replace("{entries}", &entries(entry));
    let found = lists(&page);
    assert!(!found.is_empty(), "nothing found in {page}");
    assert_eq!(titles(&found[0]), TITLES, "{}", found[0].selector);
    assert!(found[0].links.iter().all(|link| link.url.as_str().starts_with("https://pier.example/")), "{found:#?}");
    let written = found[0].selector.to_string();
    assert!(!written.contains(|letter: char| letter.is_ascii_digit() && !"123456".contains(letter)), "{written}");
    let later = page.replace("{x}", "y").replace("late again", "on time").replace("-101", "-999");
    let again = read(&later).select(&written.parse::<Selector>().unwrap());
    assert_eq!(again.len(), 5, "{written}");
    assert_eq!(again[0].title, "The evening ferry is on time");
    found.into_iter().next().unwrap()
}

const MENU: &str = "<nav><ul><li><a href=/about>About the harbour board</a><li><a href=/map>Map of all the piers</a>\
     <li><a href=/jobs>Jobs at the harbour</a><li><a href=/contact>How to reach all of us</a></ul></nav>";

#[test]
fn the_index_of_a_blog() {
    let list = check(
        &format!("{MENU}<main><h1>Posts</h1><ul class=posts>{{entries}}</ul></main>"),
        "<li><time datetime='2026-11-0{n}'>Nov {n}</time> <a href='/posts/p-{n}'>{t}</a></li>",
    );
    assert_eq!(list.selector.to_string(), "ul.posts > li > a");
    assert_eq!(list.links[0].date.as_deref(), Some("2026-11-0101"));
}

#[test]
fn a_blog_like_those_of_wordpress() {
    check(
        &format!(
            "<div class='site'><header>{MENU}</header><div id='content'>{{entries}}</div>\
          <aside class=widget-area><h2>Recent</h2><ul><li><a href=/x>Some other thing to read</a><li><a href=/y>And one more thing to read</a>\
          <li><a href=/z>The last thing to read here</a></ul></aside></div>"
        ),
        "<article id='post-{n}' class='post-{n} post type-post status-publish format-standard hentry category-sea-{n}'>\
         <header class='entry-header'><h2 class='entry-title'><a href='/2026/11/p-{n}/' rel='bookmark'>{t}</a></h2>\
         <div class='entry-meta'><a href='/2026/11/p-{n}/'><time class=published datetime='2026-11-05T08:00:00Z'>5 Nov</time></a>\
         <a class='author' href='/author/ann'>Ann Keeper</a></div></header>\
         <div class='entry-content'><p>It was <a href='/glossary/tide-{n}'>the tide</a> again.</p><a class=more href='/2026/11/p-{n}/'>Continue reading</a></div>\
         <footer><a href='/category/sea' rel='category tag'>Sea</a></footer></article>",
    );
}

#[test]
fn a_front_page_with_several_lists() {
    let list = |class: &str, start: usize| -> String {
        let items: String = (start..start + 6)
            .map(|n| format!("<li class='{}'><a href='/{class}/story-{n}'>A story of {class} with number {n} to be read</a></li>", if n == start { "first" } else { "" }))
            .collect();
        format!("<section class='{class}'><h2>{class}</h2><ul>{items}</ul></section>")
    };
    let page = format!("{MENU}<div>{}{}{}</div>", list("world", 1), list("sports", 10), list("opinion", 20));
    let found = lists(&page);
    let mut selectors: Vec<String> = found.iter().map(|list| list.selector.to_string()).collect();
    selectors.sort();
    assert_eq!(
        selectors,
        ["section.opinion > ul > li > a", "section.sports > ul > li > a", "section.world > ul > li > a"]
    );
    assert!(found.iter().all(|list| list.links.len() == 6), "{found:#?}");
}

#[test]
fn a_layout_of_tables() {
    let around = format!(
        "<table><tr><td width=100>{}</td><td><table class=news>{{entries}}</table></td></tr></table>",
        "<a href=/a>Home page</a><br><a href=/b>Links</a><br><a href=/c>Guestbook</a><br>"
    );
    check(&around, "<tr><td>{n}.11.</td><td><b><a href='item.php?id={n}'>{t}</a></b></td></tr>");
}

#[test]
fn cards_with_a_picture_and_a_title_that_lead_to_one_page() {
    let list = check(
        "<div class=grid>{entries}</div>",
        "<div class='card'><a href='/s/p-{n}'><img src='/i/{n}.jpg' alt='A boat'></a><a class=tag href='/tag/sea'>Sea</a>\
         <h3 class='card-title'><a href='/s/p-{n}'>{t}</a></h3><p>Teaser of it.</p><a href='/s/p-{n}' class=more>Read more</a></div>",
    );
    assert_eq!(list.links.len(), 5);
}

#[test]
fn cards_that_are_one_link() {
    check(
        "<div class=grid>{entries}</div>",
        "<a class=card href='/s/p-{n}'><span class=date>12 Nov 2026</span><div>News</div><h3>{t}</h3><p>A teaser of a few more words follows here.</p></a>",
    );
    check(
        "<div class=grid>{entries}</div>",
        "<a class=card href='/s/p-{n}'><div>12 Nov 2026</div><div>News</div><div>{t}</div></a>",
    );
}

#[test]
fn cards_whose_only_link_says_read_more() {
    check(
        "<div class=teasers>{entries}</div>",
        "<div class=teaser><h3>{t}</h3><p>Some words of the teaser.</p><p><a class=button href='/s/p-{n}'>Read more</a></p></div>",
    );
}

#[test]
fn a_menu_is_no_list_of_articles() {
    let found = lists(&format!("{MENU}<p>Welcome to <a href=/one>the pier of the town</a>."));
    assert!(found.is_empty(), "{found:#?}");
    let footer = "<div class='site-footer'><ul><li><a href=/terms-of-use>The terms of use of all this</a>\
        <li><a href=/privacy>What we know of you and yours</a><li><a href=/imprint>Who is to blame for this site</a></ul></div>";
    assert!(lists(&format!("{footer}<p>Text")).is_empty());
}

#[test]
fn pages_tags_and_authors_are_no_articles() {
    let links = |base: &str| -> String {
        (1..8).map(|n| format!("<li><a href='{base}{n}'>Something long enough for a title {n}</a></li>")).collect()
    };
    for base in ["/tag/a", "/category/b", "/author/c", "/blog/page/", "/news?page=", "/2026/0"] {
        let found = lists(&format!("<main><ul>{}</ul></main>", links(base)));
        assert!(found.is_empty(), "{base}: {found:#?}");
    }
}

#[test]
fn an_archive_with_further_pages() {
    let pager = "<div class=pages>".to_owned()
        + &(1..9).map(|n| format!("<a href='/news?page={n}'>{n}</a> ")).collect::<String>()
        + "<a href='/news?page=2'>Older entries of the archive</a></div>";
    check(
        &format!("<div id=archive><h1>Archive</h1>{{entries}}{pager}</div>"),
        "<p><a href='/news/p-{n}.html'>{t}</a> <small>({n})</small></p>",
    );
}

#[test]
fn classes_that_are_made_anew_with_each_version() {
    let list = check(
        "<div class='css-1x2y3z sc-bdVaJa'><div class='Grid_root__aBcDe'>{entries}</div></div>",
        "<div class='css-9k8j7h{n}'><div class='sc-fzXyZw kLmNoP'><a class='Card_link__xY3zQ' href='/s/p-{n}'><span class='jsx-{n}'>{t}</span></a></div></div>",
    );
    assert_eq!(list.selector.to_string(), "div > div > div > a");
}

#[test]
fn the_index_of_a_forum() {
    check(
        &format!(
            "{MENU}<table class='topics'><thead><tr><th><a href='?sort=t'>Topic</a></th></tr></thead><tbody>{{entries}}</tbody></table>"
        ),
        "<tr class='row{n} topic'><td class=title><a class=topic-title href='/t/p-{n}'>{t}</a> <a href='/t/p-{n}?page=2'>2</a></td>\
         <td><a href='/user/bob{n}'>bob{n}</a></td><td><a href='/t/p-{n}/last'>3 hours ago</a></td></tr>",
    );
}

#[test]
fn the_changes_of_a_program() {
    let page = "<main><h1>Changelog</h1><dl>".to_owned()
        + &(1..7).map(|n| format!("<dt><a href='/news/v2.{n}.0/'>Tides 2.{n}.0</a></dt><dd>Fixes <a href='/issue/{n}4'>#{n}4</a>.</dd>")).collect::<String>()
        + "</dl></main>";
    let with_headings = page.replace("<dt>", "<h2>").replace("</dt>", "</h2>");
    let found = lists(&with_headings);
    assert_eq!(titles(&found[0])[..2], ["Tides 2.1.0", "Tides 2.2.0"], "{found:#?}");
}

#[test]
fn entries_that_are_set_apart_are_in_the_list_too() {
    let page = format!(
        "<ul class=news><li class='item lead'><a href='/s/p-1'>The story at the top of the page</a></li>{}</ul>",
        entries("<li class='item plain'><a href='/s/p-{n}'>{t}</a></li>")
    );
    assert_eq!(lists(&page)[0].links.len(), 6);
    let columns = format!(
        "<div class=page><div class='col left'><ul>{}</ul></div><div class='col right'><ul>{}</ul></div></div>",
        entries("<li><a href='/s/p-{n}'>{t}</a></li>"),
        entries("<li><a href='/r/p-{n}'>And {t}</a></li>")
    );
    assert_eq!(lists(&columns).len(), 2, "columns are two lists");
}

#[test]
fn titles_in_scripts_without_spaces_are_short() {
    let items: String = ["潮の満ち引き", "港の夜明け", "新しい灯台"]
        .iter()
        .enumerate()
        .map(|(n, title)| format!("<li><a href='/p/{n}'>{title}</a></li>"))
        .collect();
    assert_eq!(lists(&format!("<ul>{items}</ul>")).len(), 1);
}

#[test]
fn the_list_of_a_link_that_was_pointed_at_is_selected() {
    let page = read(&format!(
        "<aside><h3>Notes</h3>{}</aside><main>{}</main>",
        entries("<p class=note><a href='/n/{n}'>{t}</a></p>"),
        entries("<h2><a href='/s/{n}'>Story: {t}</a></h2>")
    ));
    let sketch = page.sketch();
    let selector = sketch.iter().flat_map(|line| &line.pieces).find_map(|piece| match piece {
        SketchPiece::Link(text, _, selector) if text == TITLES[2] => Some(selector.clone()),
        _ => None,
    });
    let selected = page.select(&selector.unwrap());
    assert_eq!(selected.iter().map(|link| &*link.title).collect::<Vec<_>>(), TITLES);
    assert!(sketch[0].is_heading);
}

#[test]
fn only_links_of_the_web_are_taken() {
    let page = read(
        "<base href='https://pier.example/b/'><ul><li><a href='javascript:alert(1)'>Run this now please</a><li><a href='data:text/html,x'>Open this now please</a>\
        <li><a href='file:///etc/passwd'>Read this now please</a><li><a href='mailto:a@b.c'>Write to us now please</a><li><a href='#top'>To the top of this</a>\
        <li><a href='/news#x'>This page itself again</a><li><a href='/'>The front page of it</a><li><a href='p?utm_source=x#c'>A page of the site</a></ul>",
    );
    let found = page.select(&"ul > li > a".parse().unwrap());
    assert_eq!(found.iter().map(|link| link.url.as_str()).collect::<Vec<_>>(), ["https://pier.example/b/p"]);
}

#[test]
fn huge_and_deep_pages_end_soon() {
    let many: String = (0..60_000)
        .map(|n| format!("<div class='a{}'><a href='/p/{n}'>A title of some words {n}</a></div>", n % 7))
        .collect();
    let deep = "<div class=x>".repeat(20_000) + &entries("<a href='/p/{n}'>{t}</a>");
    let odd: String = (0..3_000)
        .map(|n| {
            format!(
                "<div class='{}'><p><a href='/p/{n}'>A title of some words {n}</a></p></div>",
                format!("{n:b}").replace('0', "b").replace('1', "c")
            )
        })
        .collect();
    for page in [many, deep, odd] {
        let page = read(&page);
        for list in page.find_lists() {
            assert!(list.links.len() <= extract::links::MAX_LISTED);
        }
        assert!(page.sketch().len() <= 1_500);
    }
}
