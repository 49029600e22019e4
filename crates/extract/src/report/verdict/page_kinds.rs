//! What makes a page one of another kind than an article.

use super::page_signals::Signs;
use super::url_signals::Place;

/// Words of prose, in paragraphs, that make a page worth reading whatever else is on it.
const ENOUGH_PROSE: usize = 250;
/// Words of a sentence or two.
const SENTENCE: usize = 20;

pub(super) fn is_video(signs: &Signs, place: &Place, words: usize) -> bool {
    const STEPS: &[&str] = &["watch", "video", "videos", "clip", "clips", "v", "embed", "mediathek"];
    let stated = signs.stated.is_video || signs.stated.og_type.starts_with("video");
    let about = stated
        && !signs.stated.is_article
        && (place.has(STEPS) || words <= 200 || signs.stated.og_type.starts_with("video"));
    let bare = signs.has_player && place.has(STEPS) && !signs.stated.is_article && words <= 120;
    (about && words <= 400) || bare
}

pub(super) fn is_thread(signs: &Signs, place: &Place, _: usize) -> bool {
    const HOSTS: &[&str] =
        &["forum", "forums", "community", "discuss", "board", "boards", "answers", "discourse", "talk"];
    const STEPS: &[&str] = &[
        "viewtopic.php",
        "showthread.php",
        "showtopic.php",
        "threads",
        "thread",
        "topic",
        "topics",
        "t",
        "d",
        "discussion",
        "discussions",
        "questions",
        "question",
        "forum",
        "forums",
        "comments",
        "issues",
        "pull",
    ];
    if place.is_front {
        return false;
    }
    let by_address = place.begins_with(HOSTS)
        || place
            .steps
            .iter()
            .any(|step| STEPS.contains(&step.as_str()) || step.starts_with("thread-") || step.starts_with("viewtopic"));
    let stated = signs.stated.is_thread && !signs.stated.is_article;
    let software = signs.has_forum_software;
    stated
        || signs.has_forum_posts
        || (software && (by_address || signs.posts >= 2))
        || (by_address && (place.is_numbered() || place.begins_with(HOSTS)) && signs.posts >= 2)
        || is_mail(place)
}

/// A message in the archive of a mailing list.
fn is_mail(place: &Place) -> bool {
    const HOSTS: &[&str] = &["lists", "list", "lore", "mail-archive", "marc", "mailman", "listserv", "mailarchive"];
    const STEPS: &[&str] = &["pipermail", "hyperkitty", "mail-archive", "mailarchive", "mailing-list", "mailman3"];
    const INDEXES: &[&str] =
        &["thread.html", "threads.html", "subject.html", "date.html", "author.html", "index.html", "latest"];
    let archived = place.begins_with(HOSTS) && place.steps.len() >= 2 || place.below(STEPS);
    archived && place.is_numbered() && !place.ends_with(INDEXES)
}

pub(super) fn is_product(signs: &Signs, place: &Place, _: usize) -> bool {
    const STEPS: &[&str] =
        &["product", "products", "p", "dp", "itm", "item", "prod", "artikel", "produkt", "produit", "producto", "app"];
    /// Below these stands nothing else.
    const GOODS: &[&str] = &["product", "products", "dp", "itm", "produkt", "produkte", "produit", "producto"];
    if signs.stated.is_article || place.is_front || signs.stated.og_type == "product.group" {
        return false;
    }
    let stated =
        signs.stated.is_product || matches!(signs.stated.og_type.as_str(), "product" | "og:product" | "product.item");
    let sold = signs.has_price || signs.buys > 0;
    let by_address = place.below(STEPS);
    let among_goods = place.below(GOODS) && signs.prices > 0;
    (stated && (sold || by_address)) || ((by_address && sold || among_goods) && signs.buys <= 3)
}

pub(super) fn is_listing(signs: &Signs, place: &Place, _: usize) -> bool {
    /// Below these stand lists, whatever their names.
    const SHELVES: &[&str] = &[
        "collections",
        "collection",
        "category",
        "categories",
        "cat",
        "c",
        "tag",
        "tags",
        "topic",
        "topics",
        "search",
        "shop",
        "browse",
        "market",
        "archive",
        "archives",
        "section",
        "sections",
        "kategorie",
        "kategorien",
        "categorie",
        "categoria",
        "forums",
    ];
    /// And these are lists when nothing stands below them.
    const STEPS: &[&str] = &["news", "blog", "author", "authors", "page", "articles", "stories", "latest"];
    let shelved = place.has(SHELVES) || signs.stated.is_collection;
    let named = shelved || place.is_front || place.ends_with(STEPS);
    if signs.stated.is_article && !place.is_front {
        return !signs.stated.is_news && is_list(signs, 80) && signs.entry_words < signs.entries * 30;
    }
    let undated = signs.is_undated;
    is_list(signs, 80)
        || named && is_list(signs, 40)
        || undated && is_list(signs, 60)
        || undated && is_list(signs, 50) && signs.cards >= 20
        || is_shop(signs)
        || named && has_cards(signs, shelved)
}

/// At least so many hundredths of a page are entries of lists, and hardly a sentence stands beside them.
fn is_list(signs: &Signs, share: usize) -> bool {
    const FEWEST: usize = 8;
    /// Words of a title; what has less is a menu.
    const SHORTEST: usize = 5;
    const A_PREFACE: usize = 60;
    signs.entries >= FEWEST
        && signs.entry_words >= signs.entries * SHORTEST
        && signs.entry_words * 100 >= signs.main * share
        && signs.lone_prose <= A_PREFACE + signs.entry_words / 20
}

/// Many things to buy.
fn is_shop(signs: &Signs) -> bool {
    let cards = signs.cards.max(signs.headed_links);
    let priced = signs.prices >= 8 && signs.entries >= 8 && signs.entry_words * 2 >= signs.main
        || signs.prices >= 20 && signs.cards >= 20;
    signs.buys >= 4 || signs.stated.og_type == "product.group" && cards >= 8 || priced && !signs.stated.is_product
}

/// Where lists are expected: many links of one make, or titles that are links, and no long text.
fn has_cards(signs: &Signs, shelved: bool) -> bool {
    let cards = signs.cards.max(signs.headed_links);
    let little = signs.prose < ENOUGH_PROSE.min(cards * 12);
    let listed = signs.headed_links >= 8
        || signs.cards >= 20 && signs.entry_words * 10 >= signs.main * 3
        || signs.prose < 2 * SENTENCE;
    let short = cards >= 8 && signs.longest < 150 && signs.prose < cards * 80;
    short && if shelved { little || signs.is_undated } else { listed }
}

pub(super) fn is_document(signs: &Signs, place: &Place, _: usize) -> bool {
    const HOSTS: &[&str] =
        &["docs", "doc", "developer", "developers", "wiki", "manual", "manuals", "reference", "devdocs", "man"];
    const STEPS: &[&str] = &[
        "docs",
        "doc",
        "documentation",
        "reference",
        "manual",
        "manuals",
        "api",
        "userguide",
        "user-guide",
        "handbook",
    ];
    const BLOGS: &[&str] = &["blog", "news", "post", "posts", "articles", "article", "story", "stories"];
    if signs.stated.is_news || place.has(BLOGS) || place.is_front && !place.begins_with(HOSTS) {
        return false;
    }
    // An encyclopedia is a wiki too, and its pages are articles by their own word.
    let wiki = place.has(&["wiki"]) && !signs.stated.is_article;
    signs.has_manual_software || place.begins_with(HOSTS) || place.has(STEPS) || wiki
}
