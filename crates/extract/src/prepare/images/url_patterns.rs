//! Recognizes the purpose of images and links by their URLs.

use std::sync::LazyLock;

use crate::dom::multi_pattern::MultiPattern;

/// URLs of placeholders and spacers.
static PLACEHOLDERS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "1x1.",
        "/blank.",
        "blank.gif",
        "blank.png",
        "spacer.",
        "placeholder",
        "transparent.",
        "/grey.",
        "grey-placeholder",
        "lazyload.",
        "lazy-load",
        "/loading.",
        "loader.gif",
        "pixel.gif",
        "pixel.png",
        "/empty.",
        "clear.gif",
        "dummy.",
        "missing-image.",
        "progress.gif",
    ])
});

/// Hosts and paths of visit counters.
static TRACKERS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "facebook.com/tr",
        "google-analytics.com",
        "googleadservices.com",
        "doubleclick.net",
        "scorecardresearch.com",
        "quantserve.com",
        "pixel.wp.com",
        "stats.wordpress.com",
        "comscore.com",
        "chartbeat",
        "/pixel?",
        "/pixel/",
        "/beacon",
        "b.gif",
        "/1x1",
        "feedburner.com/~r",
        "feedsportal.com",
        "ivwbox.de",
        "vgwort.de",
        "counter.theconversation",
        "analytics.twitter.com",
        "bat.bing.com",
        "ads.linkedin.com",
        "px.ads.",
        "mc.yandex.ru",
        "counter.yadro.ru",
        "top-fwz1.mail.ru",
        "sitemeter",
        "statcounter",
        "/piwik.php",
        "/matomo.php",
        "amazon-adsystem.com",
        "assoc-amazon",
        "pagead",
        "/count.gif",
        "/track/",
        "republication-tracker",
    ])
});

/// Words for avatars in classes and URLs.
static AVATARS: LazyLock<MultiPattern> =
    LazyLock::new(|| MultiPattern::new(&["avatar", "userpic", "user-pic", "profile-pic", "/flags/"]));

/// URLs that share a page on a social network.
static SHARE_LINKS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "facebook.com/sharer",
        "facebook.com/share.php",
        "facebook.com/dialog/share",
        "twitter.com/intent/",
        "twitter.com/share",
        "twitter.com/home?status",
        "x.com/intent/",
        "bsky.app/intent/",
        "api.whatsapp.com/send",
        "wa.me/?",
        "t.me/share",
        "telegram.me/share",
        "linkedin.com/share",
        "linkedin.com/cws/share",
        "pinterest.com/pin/create",
        "reddit.com/submit",
        "tumblr.com/share",
        "tumblr.com/widgets/share",
        "xing.com/spi/shares",
        "xing.com/app/user?op=share",
        "plus.google.com/share",
        "vk.com/share",
        "news.ycombinator.com/submitlink",
        "line.me/r/msg",
        "social-plugins.line.me",
        "addtoany.com/add_to",
        "getpocket.com/save",
        "mailto:?",
    ])
});

/// Parts of the URLs of ad images.
static ADS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&["/avw.php", "/www/delivery/", "//adserver.", "//ads.", "/adclick", "/adimage"])
});

/// Folders and file prefixes of buttons and icons.
static ICONS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "/icons/",
        "/icon/",
        "share_buttons",
        "share-buttons",
        "/icon-",
        "/icon_",
        "/ico-",
        "/ico_",
        "/arrow-",
        "/arrow_",
        "/buttons/",
        "/puce.",
        "/bullet.",
    ])
});

/// Folders of themes and plugins, and generators of QR codes.
static THEME_ASSETS: LazyLock<MultiPattern> = LazyLock::new(|| {
    MultiPattern::new(&[
        "/wp-content/themes/",
        "/wp-content/plugins/",
        "/sites/all/themes/",
        "/sites/all/modules/",
        "/themes/custom/",
        "/siteglobals/",
        "/create-qr-code",
    ])
});

/// Returns whether a URL shares a page on a social network.
pub(crate) fn is_share_link(url: &str) -> bool {
    SHARE_LINKS.is_match(&url.to_ascii_lowercase())
}

pub(crate) fn is_ad_image(url: &str) -> bool {
    ADS.is_match(&url.to_ascii_lowercase())
}

pub(crate) fn is_icon(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".svg", ".png", ".gif", ".webp"].iter().any(|end| path.ends_with(end)) && ICONS.is_match(&path)
}

/// Returns whether a URL is an image of the site's theme and not a photograph.
pub(crate) fn is_theme_asset(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    THEME_ASSETS.is_match(&url) && ![".jpg", ".jpeg", ".webp"].iter().any(|end| url.ends_with(end))
}

/// Returns whether a URL is a placeholder for an image.
pub(crate) fn is_placeholder(url: &str) -> bool {
    if url.starts_with("data:") || url.starts_with("about:") || url.starts_with("blob:") {
        return true;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    PLACEHOLDERS.is_match(&path)
}

/// Returns whether a URL, or the class and id of an image, contain a word for avatars.
pub(crate) fn mentions_avatar(text: &str) -> bool {
    AVATARS.is_match(&text.to_ascii_lowercase())
}

/// Returns whether a URL is a known visit counter.
pub(crate) fn is_tracker(url: &str) -> bool {
    !url.starts_with("data:") && TRACKERS.is_match(&url.to_ascii_lowercase())
}
