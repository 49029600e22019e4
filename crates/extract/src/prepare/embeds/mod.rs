//! Replaces embeds (posts, videos, maps and the like) by links. The words of an embedded post stay as a quotation.

pub(crate) mod bare_addresses;
mod services;

use dom_query::NodeRef;
use url::Url;

use crate::dom::short_text;
use crate::dom::tree::{self, attribute};
use crate::dom::urls;
use services::{PLAYER_WORDS, POST_CLASSES, SERVICE_KINDS, UNWANTED_FRAMES};

/// The whole text of some posts before their script has run.
const PLACEHOLDER_LABELS: &[&str] = &["view post on imgur com", "view this post on instagram"];
/// The maximum length of a title on a card, in characters.
const MAX_TITLE_CHARS: usize = 120;

/// Replaces each embed by a link card: `<p class="embed"><a href>…</a></p>`.
pub(crate) fn replace_with_cards(posts: &[NodeRef<'_>], frames: &[NodeRef<'_>], base: Option<&Url>) {
    for post in posts {
        if is_same_site_teaser(post, base) {
            post.remove_from_parent();
            continue;
        }
        let url = post_url(post, base);
        let says_nothing = PLACEHOLDER_LABELS.contains(&crate::dom::words::match_key(&tree::line_text(post)).as_str());
        insert_card(post, url, if says_nothing { Remainder::Nothing } else { Remainder::Quotation });
    }
    for (nth, frame) in frames.iter().enumerate() {
        if nth >= MAX_FRAMES {
            frame.remove_from_parent();
            continue;
        }
        let url = frame_url(frame, base)
            .filter(|url| is_wanted(url.as_str()) && !is_advertisement(frame) && !is_same_site_teaser(frame, base));
        insert_card(frame, url, Remainder::Nothing);
    }
}

/// The maximum number of frames that become cards; each card takes several nodes.
const MAX_FRAMES: usize = 5_000;

/// What is kept of the embed beside the card.
#[derive(Clone, Copy, PartialEq)]
enum Remainder {
    /// Its words.
    Quotation,
    Nothing,
}

/// Returns whether one of the classes marks an embedded post.
pub(crate) fn has_post_class(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| POST_CLASSES.contains(&class))
}

/// Returns whether elements of this name load content from elsewhere.
pub(crate) fn is_frame_element(name: &str) -> bool {
    matches!(
        name,
        "iframe"
            | "embed"
            | "object"
            | "video"
            | "audio"
            | "amp-youtube"
            | "amp-vimeo"
            | "amp-twitter"
            | "amp-instagram"
            | "amp-tiktok"
            | "amp-facebook"
            | "amp-iframe"
            | "amp-video"
            | "amp-audio"
            | "amp-brightcove"
            | "amp-dailymotion"
            | "lite-youtube"
            | "lite-vimeo"
            | "youtube-video"
    )
}

/// Returns whether an embed shows another article of the same site, as WordPress embeds them.
fn is_same_site_teaser(embed: &NodeRef<'_>, base: Option<&Url>) -> bool {
    let is_same_site = |url: &Url| base.is_some_and(|base| urls::host_without_www(base) == urls::host_without_www(url));
    let links = || tree::elements(embed, |node| node.has_attr("href"));
    let link = || links().first().and_then(|link| attribute(link, "href")).and_then(|to| urls::resolve_http(&to, base));
    embed.has_class("wp-embedded-content") && frame_url(embed, base).or_else(link).as_ref().is_some_and(is_same_site)
}

/// Returns the URL of a post: a known attribute, else its last link to a known service.
fn post_url(post: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let own = ["data-instgrm-permalink", "cite", "data-href", "data-text-post-permalink", "data-embed-url"]
        .iter()
        .filter_map(|name| attribute(post, name))
        .find_map(|url_text| urls::resolve_http(&url_text, base));
    own.or_else(|| {
        tree::elements(post, |node| tree::has_name(node, &["a"]))
            .iter()
            .rev()
            .filter_map(|link| attribute(link, "href").and_then(|url_text| urls::resolve_http(&url_text, base)))
            .find(|url| service_kind(url) != "Page")
    })
}

fn frame_url(frame: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    if let Some(url) = url_from_video_id(frame) {
        return Some(url);
    }
    let own = ["src", "data-src", "data-lazy-src", "data", "data-url", "data-href", "data-cmp-src"]
        .iter()
        .filter_map(|name| attribute(frame, name))
        .find_map(|url_text| urls::resolve_http(&url_text, base));
    let inside = || {
        tree::elements(frame, |node| tree::has_name(node, &["source", "embed", "a"]))
            .iter()
            .filter_map(|source| attribute(source, "src").or_else(|| attribute(source, "href")))
            .find_map(|url_text| urls::resolve_http(&url_text, base))
    };
    own.or_else(inside).map(|url| to_page_url(&url))
}

/// Builds the URL from the video or post id of custom elements.
fn url_from_video_id(frame: &NodeRef<'_>) -> Option<Url> {
    let id = |name: &str| attribute(frame, name).filter(|id| crate::dom::words::is_plain_token(id, 40));
    let url_text = match tree::element_name(frame)?.as_ref() {
        "amp-youtube" => format!("https://www.youtube.com/watch?v={}", id("data-videoid")?),
        "lite-youtube" | "youtube-video" => format!("https://www.youtube.com/watch?v={}", id("videoid")?),
        "amp-vimeo" => format!("https://vimeo.com/{}", id("data-videoid")?),
        "lite-vimeo" => format!("https://vimeo.com/{}", id("videoid")?),
        "amp-twitter" => format!("https://x.com/i/status/{}", id("data-tweetid")?),
        "amp-instagram" => format!("https://www.instagram.com/p/{}/", id("data-shortcode")?),
        "amp-dailymotion" => format!("https://www.dailymotion.com/video/{}", id("data-videoid")?),
        _ => return None,
    };
    Url::parse(&url_text).ok()
}

/// Turns the URL of a player into that of the page people would open.
fn to_page_url(url: &Url) -> Url {
    let host = urls::host_without_www(url);
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let better = match host {
        "youtube.com" | "youtube-nocookie.com" | "m.youtube.com"
            if url.path().starts_with("/embed/")
                && last != "videoseries"
                && crate::dom::words::is_plain_token(last, 20) =>
        {
            Url::parse(&format!("https://www.youtube.com/watch?v={last}")).ok()
        }
        "player.vimeo.com" if crate::dom::words::is_plain_token(last, 20) => {
            Url::parse(&format!("https://vimeo.com/{last}")).ok()
        }
        "platform.twitter.com" => {
            query_value(url, "id").and_then(|id| Url::parse(&format!("https://x.com/i/status/{id}")).ok())
        }
        "facebook.com" => query_value(url, "href").and_then(|url_text| urls::resolve_http(&url_text, None)),
        "w.soundcloud.com" => query_value(url, "url").and_then(|url_text| urls::resolve_http(&url_text, None)),
        "open.spotify.com" => {
            Url::parse(&format!("https://open.spotify.com{}", url.path().replacen("/embed", "", 1))).ok()
        }
        _ => None,
    };
    better.unwrap_or_else(|| url.clone())
}

fn query_value(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn is_wanted(url_text: &str) -> bool {
    let url_text = url_text.to_ascii_lowercase();
    !UNWANTED_FRAMES.iter().any(|pattern| {
        // "ads." must start a name, or it would match "downloads.".
        url_text
            .match_indices(pattern)
            .any(|(at, _)| !pattern.starts_with("ads") || url_text[..at].ends_with(['/', '.']))
    })
}

/// Returns whether a frame says that it holds an advertisement.
fn is_advertisement(frame: &NodeRef<'_>) -> bool {
    const TITLES: &[&str] = &[
        "3rd party ad content",
        "ad",
        "ads",
        "advertisement",
        "advertising",
        "anzeige",
        "werbung",
        "publicidad",
        "publicité",
    ];
    frame.attr("title").is_some_and(|title| TITLES.contains(&crate::dom::words::match_key(&title).as_str()))
}

fn service_kind(url: &Url) -> &'static str {
    let place = format!("{}{}", urls::host_without_www(url), url.path());
    let starts = |pattern: &str| {
        place.starts_with(pattern) || place.split(['.', '/']).any(|_| place.contains(&format!(".{pattern}")))
    };
    SERVICE_KINDS.iter().find(|(pattern, _)| starts(pattern)).map_or("Page", |(_, kind)| kind)
}

/// Returns the label of a card, such as "Video on youtube.com".
fn card_label(url: &Url) -> String {
    let host = urls::host_without_www(url);
    match service_kind(url) {
        "Page" if has_extension(url, &[".mp4", ".m4v", ".webm", ".ogv", ".m3u8", ".mov"]) => format!("Video on {host}"),
        "Page" if has_extension(url, &[".mp3", ".m4a", ".ogg", ".oga", ".opus", ".aac", ".wav"]) => {
            format!("Audio on {host}")
        }
        "Page" => format!("Embedded page on {host}"),
        kind => format!("{kind} on {host}"),
    }
}

/// Returns the page's title for an embed, unless it only names the player.
fn card_title(embed: &NodeRef<'_>) -> Option<String> {
    let title = attribute(embed, "title").and_then(|title| short_text::clean_text(&title))?;
    let key = crate::dom::words::match_key(&title);
    let is_specific = key.split(' ').any(|word| !PLAYER_WORDS.contains(&word) && word.len() > 2);
    (is_specific && title.chars().count() <= MAX_TITLE_CHARS).then_some(title)
}

fn has_extension(url: &Url, extensions: &[&str]) -> bool {
    extensions.iter().any(|end| url.path().to_ascii_lowercase().ends_with(end))
}

fn insert_card(embed: &NodeRef<'_>, url: Option<Url>, remainder: Remainder) {
    let place = outermost_wrapper(embed);
    if let Some(url) = &url {
        let card = embed.tree.new_element("p");
        card.set_attr("class", "embed");
        let link = embed.tree.new_element("a");
        link.set_attr("href", url.as_str());
        link.set_text(match card_title(embed) {
            Some(title) => format!("{}: {title}", card_label(url)),
            None => card_label(url),
        });
        card.append_child(&link);
        place.insert_after(&card);
    }
    if remainder == Remainder::Quotation && tree::has_visible_text(embed) {
        embed.rename("blockquote");
        embed.remove_all_attrs();
        if place.id != embed.id {
            place.insert_before(embed);
        }
    }
    if remainder == Remainder::Nothing || place.id != embed.id || !tree::has_visible_text(embed) {
        if remainder == Remainder::Nothing || place.id != embed.id {
            place.remove_from_parent();
        } else {
            embed.remove_from_parent();
        }
    }
}

/// Returns the outermost element that holds only the embed, so that no empty frame remains. A figure stays, for its
/// caption.
fn outermost_wrapper<'a>(embed: &NodeRef<'a>) -> NodeRef<'a> {
    let mut place = *embed;
    while let Some(parent) = place.parent() {
        let alone = parent.children_it(false).all(|child| {
            child.id == place.id
                || child.is_comment()
                || tree::is_blank_text(&child)
                || tree::has_name(&child, &["script", "noscript", "style"])
        });
        if !alone || !tree::has_name(&parent, &["div", "span", "p", "center"]) {
            break;
        }
        place = parent;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_name_the_service() {
        for (url_text, wanted) in [
            ("https://www.youtube.com/watch?v=abc", "Video on youtube.com"),
            ("https://x.com/i/status/5", "Post on x.com"),
            ("https://netflix.com/title", "Embedded page on netflix.com"),
            ("https://www.google.com/maps/embed?pb=1", "Map on google.com"),
            ("https://cdn.example/talk.mp3", "Audio on cdn.example"),
        ] {
            assert_eq!(card_label(&Url::parse(url_text).unwrap()), wanted);
        }
    }

    #[test]
    fn cards_include_the_title() {
        for (frame, wanted) in [
            ("<iframe src=https://youtu.be/a title='The flood of 1954'>", "Video on youtu.be: The flood of 1954"),
            ("<iframe src=https://youtu.be/a title='YouTube video player'>", "Video on youtu.be"),
            ("<video src=https://cdn.example/rain.m4v>", "Video on cdn.example"),
        ] {
            let html = crate::sanitize::sanitize_html(frame, None);
            assert!(html.as_str().contains(&format!(">{wanted}</a>")), "{}", html.as_str());
        }
    }

    #[test]
    fn player_urls_become_page_urls() {
        for (player, wanted) in [
            ("https://www.youtube-nocookie.com/embed/a-b_c?rel=0", "https://www.youtube.com/watch?v=a-b_c"),
            ("https://player.vimeo.com/video/76979871?h=1", "https://vimeo.com/76979871"),
            ("https://open.spotify.com/embed/episode/1", "https://open.spotify.com/episode/1"),
        ] {
            assert_eq!(to_page_url(&Url::parse(player).unwrap()).as_str(), wanted);
        }
    }

    #[test]
    fn image_posts_become_cards_and_same_site_teasers_go() {
        let base = Url::parse("https://a.example/rain").unwrap();
        let clean = |html: &str| crate::sanitize::sanitize_html(html, Some(&base)).as_str().to_owned();
        let post =
            "<blockquote class=imgur-embed-pub><a href='https://imgur.com/a1'>View post on imgur.com</a></blockquote>";
        assert!(
            clean(post).ends_with(">Image on imgur.com</a></p>") && !clean(post).contains("View"),
            "{}",
            clean(post)
        );
        let frame = |host: &str| {
            clean(&format!("<p>A.</p><iframe class=wp-embedded-content src='https://{host}/b/embed/'></iframe>"))
        };
        assert_eq!(frame("a.example"), "<p>A.</p>");
        assert!(frame("b.example").contains("class=\"embed\""));
        let quoted = "<p>A.</p><blockquote class=wp-embedded-content><p><a href='/snow'>Snow</a></p></blockquote>";
        assert_eq!(clean(quoted), "<p>A.</p>");
    }

    #[test]
    fn advertising_frames_are_unwanted_and_downloads_are_not() {
        assert!(!is_wanted("https://ads.example/frame"));
        assert!(!is_wanted("https://x.example/ads/1"));
        assert!(is_wanted("https://downloads.example/film"));
    }
}
