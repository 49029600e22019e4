//! Boxes that say by their class, id or role what they are: the reason why their texts are left out, should they be.

use std::cell::RefCell;

use dom_query::{Document, NodeId, NodeRef};
use url::Url;

use crate::html::Reasons;
use crate::tidy::take;
use crate::tree::{self, Walk};
use crate::{Reason, sites};

/// Class and id words that say what a box is. A word counts when it stands whole, between spaces,
/// dashes or underscores.
const BOXES: &[(Reason, &[&str])] = &[
    (
        Reason::Advertisement,
        &[
            "ad-container",
            "ad-wrapper",
            "ad-slot",
            "adslot",
            "ad-unit",
            "ad-banner",
            "adsbygoogle",
            "advert",
            "advertisement",
            "advertising",
            "banner-ad",
            "google-ad",
            "dfp-ad",
            "taboola",
            "outbrain",
            "sponsored-content",
            "ad-box",
            "adbox",
            "ad-label",
            "ad-placeholder",
            "werbung",
            "anzeige",
            "publicidad",
            "publicite",
        ],
    ),
    (
        Reason::Newsletter,
        &[
            "newsletter",
            "newsletter-signup",
            "newsletter-form",
            "newsletter-box",
            "signup-form",
            "mailing-list",
            "mc-embed-signup",
            "email-signup",
            "subscribe-form",
            "subscription-form",
            "newsletter-promo",
        ],
    ),
    (
        Reason::RelatedLinks,
        &[
            "related",
            "related-articles",
            "related-posts",
            "related-stories",
            "related-content",
            "related-links",
            "related-news",
            "relatedposts",
            "relatedarticles",
            "related-article",
            "related-story",
            "read-more-box",
            "readmore-box",
            "recommended",
            "recommendations",
            "recommended-articles",
            "more-stories",
            "most-read",
            "mostread",
            "most-popular",
            "trending",
            "you-may-like",
            "also-read",
            "read-also",
            "lire-aussi",
            "leia-tambem",
            "lea-tambien",
            "yarpp",
            "yarpp-related",
            "jp-relatedposts",
            "zergnet",
            "rp4wp-related-posts",
            "crp-related",
            "post-navigation",
            "nav-links",
            "prev-next",
            "teaser-list",
        ],
    ),
    (
        Reason::ShareButtons,
        &[
            "share",
            "sharing",
            "share-buttons",
            "share-bar",
            "share-tools",
            "share-links",
            "social-share",
            "social-sharing",
            "sharedaddy",
            "social-buttons",
            "social-links",
            "social-icons",
            "addtoany",
            "a2a-kit",
            "addthis",
            "sharethis",
            "article-share",
            "post-share",
            "sd-sharing",
            "article-tools",
            "article-actions",
        ],
    ),
    (
        Reason::Comments,
        &[
            "comments",
            "comments-area",
            "comments-section",
            "comment-list",
            "commentlist",
            "disqus-thread",
            "respond",
            "comment-respond",
            "comment-form",
            "fb-comments",
            "comments-container",
            "article-comments",
        ],
    ),
    (
        Reason::CookieNotice,
        &[
            "cookie-banner",
            "cookie-notice",
            "cookie-consent",
            "cookieconsent",
            "cookie-bar",
            "cookie-law-info-bar",
            "gdpr",
            "gdpr-banner",
            "consent-banner",
            "onetrust-consent-sdk",
            "cookies-banner",
            "cookie-popup",
            "cc-window",
        ],
    ),
    (
        Reason::Promotion,
        &[
            "promo-box",
            "promobox",
            "promo",
            "paywall-promo",
            "app-promo",
            "donate-box",
            "donation-box",
            "call-to-action",
            "cta-box",
            "subscribe-box",
            "follow-us",
            "inline-promo",
            "piano-inline",
            "membership-promo",
        ],
    ),
    (
        Reason::AuthorNote,
        &[
            "author-bio",
            "author-box",
            "authorbox",
            "about-author",
            "author-card",
            "author-info",
            "saboxplugin-wrap",
            "post-author-box",
            "abh-box",
            "author-description",
            "about-the-author",
            "author-profile",
        ],
    ),
    (
        Reason::Navigation,
        &[
            "breadcrumb",
            "breadcrumbs",
            "skip-link",
            "skip-to-content",
            "screen-reader-text",
            "table-of-contents-toggle",
            "pagination",
            "page-links",
            "toc-toggle",
        ],
    ),
    (
        Reason::Details,
        &[
            "tag-list",
            "tags-links",
            "post-tags",
            "article-tags",
            "entry-tags",
            "tagcloud",
            "cat-links",
            "entry-meta",
            "entry-footer",
            "post-meta",
            "article-meta",
            "reading-time",
        ],
    ),
];

/// Takes out what a rule for the page's site names.
pub(crate) fn remove(page: &Document, url: Option<&Url>, reasons: &mut Reasons) {
    let rules = sites::of(url).map_or(&[][..], |site| site.remove);
    for (selector, reason) in rules {
        if let Some(found) = page.try_select(selector) {
            found.nodes().iter().for_each(|node| take(node, *reason, reasons));
        }
    }
}

/// Notes for each text in a box that names itself why it goes, should it go.
pub(crate) fn note(page: &Document, reasons: &mut Reasons) {
    let inside: RefCell<Vec<(NodeId, Reason)>> = RefCell::default();
    tree::walk(
        &tree::body(page),
        |node| {
            if node.is_text() {
                if let Some((_, reason)) = inside.borrow().first() {
                    reasons.entry(node.id).or_insert(*reason);
                }
                return Walk::Past;
            }
            if !node.is_element() {
                return Walk::Past;
            }
            if let Some(reason) = named_box(node) {
                inside.borrow_mut().push((node.id, reason));
            }
            Walk::Into
        },
        |node| {
            let mut inside = inside.borrow_mut();
            if inside.last().is_some_and(|(id, _)| *id == node.id) {
                inside.pop();
            }
        },
    );
}

fn named_box(node: &NodeRef<'_>) -> Option<Reason> {
    let role = tree::attribute(node, "role").unwrap_or_default();
    match role.as_str() {
        "tooltip" => return Some(Reason::NotPartOfTheArticle),
        "navigation" | "menu" | "menubar" => return Some(Reason::Navigation),
        "alertdialog" | "dialog" => return Some(Reason::CookieNotice),
        _ => {}
    }
    let name = tree::name(node);
    if matches!(name.as_str(), "body" | "html" | "article" | "main" | "img" | "a" | "p" | "figure" | "table")
        || tree::is_inline(&name)
    {
        return None;
    }
    let marks = tree::marks(node);
    if marks.trim().is_empty() {
        return None;
    }
    let marks = marks.replace("__", "-").replace('_', "-");
    let words: Vec<&str> = marks.split(' ').collect();
    BOXES.iter().find(|(_, names)| words.iter().any(|word| names.contains(word))).map(|(reason, _)| *reason)
}
