//! Tests for each kind of page other than an article.

use super::page_signals::PageSignals;
use super::url_signals::UrlSignals;

/// Words of prose that make a page worth reading, whatever else it holds.
const WORTHWHILE_PROSE_WORDS: usize = 250;
/// Words of a sentence or two.
const SENTENCE_WORDS: usize = 20;

pub(super) fn is_video(signals: &PageSignals, url: &UrlSignals, words: usize) -> bool {
    const STEPS: &[&str] = &["watch", "video", "videos", "clip", "clips", "v", "embed", "mediathek"];
    let stated = signals.stated.is_video || signals.stated.og_type.starts_with("video");
    let about = stated
        && !signals.stated.is_article
        && (url.has_step(STEPS) || words <= 200 || signals.stated.og_type.starts_with("video"));
    let bare = signals.has_player && url.has_step(STEPS) && !signals.stated.is_article && words <= 120;
    (about && words <= 400) || bare
}

pub(super) fn is_thread(signals: &PageSignals, url: &UrlSignals, _: usize) -> bool {
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
    if url.is_front_page {
        return false;
    }
    let by_url = url.host_starts_with(HOSTS)
        || url
            .steps
            .iter()
            .any(|step| STEPS.contains(&step.as_str()) || step.starts_with("thread-") || step.starts_with("viewtopic"));
    let stated = signals.stated.is_thread && !signals.stated.is_article;
    let software = signals.has_forum_software;
    stated
        || signals.has_forum_posts
        || (software && (by_url || signals.posts >= 2))
        || (by_url && (url.has_digit() || url.host_starts_with(HOSTS)) && signals.posts >= 2)
        || is_mailing_list_message(url)
}

/// A message in a mailing list archive.
fn is_mailing_list_message(url: &UrlSignals) -> bool {
    const HOSTS: &[&str] = &["lists", "list", "lore", "mail-archive", "marc", "mailman", "listserv", "mailarchive"];
    const STEPS: &[&str] = &["pipermail", "hyperkitty", "mail-archive", "mailarchive", "mailing-list", "mailman3"];
    const INDEXES: &[&str] =
        &["thread.html", "threads.html", "subject.html", "date.html", "author.html", "index.html", "latest"];
    let archived = url.host_starts_with(HOSTS) && url.steps.len() >= 2 || url.is_below(STEPS);
    archived && url.has_digit() && !url.ends_with_step(INDEXES)
}

pub(super) fn is_product(signals: &PageSignals, url: &UrlSignals, _: usize) -> bool {
    const STEPS: &[&str] =
        &["product", "products", "p", "dp", "itm", "item", "prod", "artikel", "produkt", "produit", "producto", "app"];
    /// Path segments below which there are only products.
    const PRODUCT_STEPS: &[&str] = &["product", "products", "dp", "itm", "produkt", "produkte", "produit", "producto"];
    if signals.stated.is_article || url.is_front_page || signals.stated.og_type == "product.group" {
        return false;
    }
    let stated = signals.stated.is_product
        || matches!(signals.stated.og_type.as_str(), "product" | "og:product" | "product.item");
    let sold = signals.has_price || signals.buy_buttons > 0;
    let by_url = url.is_below(STEPS);
    let in_product_section = url.is_below(PRODUCT_STEPS) && signals.prices > 0;
    (stated && (sold || by_url)) || ((by_url && sold || in_product_section) && signals.buy_buttons <= 3)
}

pub(super) fn is_listing(signals: &PageSignals, url: &UrlSignals, _: usize) -> bool {
    /// Path segments below which there are only lists.
    const LIST_STEPS: &[&str] = &[
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
    /// Path segments that are lists when they come last.
    const STEPS: &[&str] = &["news", "blog", "author", "authors", "page", "articles", "stories", "latest"];
    let in_list_section = url.has_step(LIST_STEPS) || signals.stated.is_collection;
    let named = in_list_section || url.is_front_page || url.ends_with_step(STEPS);
    if signals.stated.is_article && !url.is_front_page {
        return !signals.stated.is_news && is_list(signals, 80) && signals.item_words < signals.items * 30;
    }
    let undated = signals.is_undated;
    is_list(signals, 80)
        || named && is_list(signals, 40)
        || undated && is_list(signals, 60)
        || undated && is_list(signals, 50) && signals.similar_links >= 20
        || sells_many_products(signals)
        || named && has_item_cards(signals, in_list_section)
}

/// Returns whether at least `share` percent of the page are list items, with hardly any prose beside them.
fn is_list(signals: &PageSignals, share: usize) -> bool {
    const MIN_ITEMS: usize = 8;
    /// Words of a title; shorter items are menu entries.
    const MIN_TITLE_WORDS: usize = 5;
    const PREFACE_WORDS: usize = 60;
    signals.items >= MIN_ITEMS
        && signals.item_words >= signals.items * MIN_TITLE_WORDS
        && signals.item_words * 100 >= signals.main_words * share
        && signals.prose_outside_lists <= PREFACE_WORDS + signals.item_words / 20
}

/// Many products for sale.
fn sells_many_products(signals: &PageSignals) -> bool {
    let similar_links = signals.similar_links.max(signals.linked_headings);
    let priced = signals.prices >= 8 && signals.items >= 8 && signals.item_words * 2 >= signals.main_words
        || signals.prices >= 20 && signals.similar_links >= 20;
    signals.buy_buttons >= 4
        || signals.stated.og_type == "product.group" && similar_links >= 8
        || priced && !signals.stated.is_product
}

/// Returns whether a page where a list is expected has many similar links or linked headings, and no long text.
fn has_item_cards(signals: &PageSignals, in_list_section: bool) -> bool {
    let similar_links = signals.similar_links.max(signals.linked_headings);
    let little = signals.prose < WORTHWHILE_PROSE_WORDS.min(similar_links * 12);
    let listed = signals.linked_headings >= 8
        || signals.similar_links >= 20 && signals.item_words * 10 >= signals.main_words * 3
        || signals.prose < 2 * SENTENCE_WORDS;
    let short = similar_links >= 8 && signals.longest_prose < 150 && signals.prose < similar_links * 80;
    short && if in_list_section { little || signals.is_undated } else { listed }
}

pub(super) fn is_document(signals: &PageSignals, url: &UrlSignals, _: usize) -> bool {
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
    if signals.stated.is_news || url.has_step(BLOGS) || url.is_front_page && !url.host_starts_with(HOSTS) {
        return false;
    }
    // An encyclopedia is a wiki too, but its pages state that they are articles.
    let wiki = url.has_step(&["wiki"]) && !signals.stated.is_article;
    signals.has_manual_software || url.host_starts_with(HOSTS) || url.has_step(STEPS) || wiki
}
