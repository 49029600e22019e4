//! What a feed is for.

use url::Url;

/// What a feed is for. The order is that in which feeds are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The articles of the site, or of the part of it that the page shows.
    Main,
    /// Comments, on the site or on one article.
    Comments,
}

/// Parts of words for comments, in lower case.
const COMMENT_WORDS: &[&str] = &[
    "comment",
    "kommentar",
    "comentari",
    "comentári",
    "commenti",
    "reactie",
    "komentar",
    "комментар",
    "коментар",
    "yorum",
    "komment",
    "評論",
    "评论",
    "コメント",
    "댓글",
    "التعليقات",
];

/// Returns what a feed is for, by its title and address.
pub(super) fn kind_of(feed: &Url, title: Option<&str>, page: &Url) -> Kind {
    let title = title.unwrap_or_default().to_lowercase();
    let is_titled = COMMENT_WORDS.iter().any(|word| title.contains(word));
    let segments = || feed.path_segments().into_iter().flatten();
    let is_addressed = segments().any(|segment| matches!(segment, "comments" | "comment-feed" | "comments-rss"));
    // WordPress has the comments of an article below its address.
    let below = feed.path().strip_prefix(page.path().trim_end_matches('/'));
    let is_article = page.path().split('/').filter(|segment| segment.contains('-')).count() > 0;
    let is_below_article = is_article && feed.host() == page.host() && below == Some("/feed/");
    if is_titled || is_addressed || is_below_article { Kind::Comments } else { Kind::Main }
}
