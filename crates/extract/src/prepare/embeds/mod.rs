//! Posts, videos, maps and whatever else a page loads from elsewhere: each becomes a plain link, and
//! an embedded post keeps its own words as a quotation.

mod services;

use dom_query::NodeRef;
use url::Url;

use crate::dom::short_text;
use crate::dom::tree::{self, attribute};
use crate::dom::urls;
use services::{KINDS, PLAYERS, POSTS, UNWANTED};

/// All that some posts say before a script has loaded them.
const LABELS: &[&str] = &["view post on imgur com", "view this post on instagram"];
/// Letters of a title.
const LONGEST_TITLE: usize = 120;

/// Turns every embed into a link card `<p class="embed"><a href>…</a></p>`.
pub(crate) fn resolve(posts: &[NodeRef<'_>], frames: &[NodeRef<'_>], base: Option<&Url>) {
    for post in posts {
        if is_teaser(post, base) {
            post.remove_from_parent();
            continue;
        }
        let address = post_address(post, base);
        let says_nothing = LABELS.contains(&crate::dom::words::key(&tree::line(post)).as_str());
        put_card(post, address, if says_nothing { Keep::Nothing } else { Keep::Quotation });
    }
    for frame in frames {
        let address = frame_address(frame, base).filter(|url| is_wanted(url.as_str()) && !is_teaser(frame, base));
        put_card(frame, address, Keep::Nothing);
    }
}

/// What remains of the embed itself beside the card.
#[derive(Clone, Copy, PartialEq)]
enum Keep {
    /// Its own words.
    Quotation,
    Nothing,
}

/// Whether these are classes of an embedded post.
pub(crate) fn is_post(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| POSTS.contains(&class))
}

/// Whether an element of this name loads something from elsewhere.
pub(crate) fn is_frame(name: &str) -> bool {
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

/// Whether an embed shows another article of the same site, as WordPress embeds them.
fn is_teaser(embed: &NodeRef<'_>, base: Option<&Url>) -> bool {
    let is_ours = |url: &Url| base.is_some_and(|base| urls::host(base) == urls::host(url));
    let links = || tree::elements(embed, |node| node.has_attr("href"));
    let link = || links().first().and_then(|link| attribute(link, "href")).and_then(|to| urls::web(&to, base));
    embed.has_class("wp-embedded-content") && frame_address(embed, base).or_else(link).as_ref().is_some_and(is_ours)
}

/// The link of a post to itself: its last link, which leads to the place of the post.
fn post_address(post: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let own = ["data-instgrm-permalink", "cite", "data-href", "data-text-post-permalink", "data-embed-url"]
        .iter()
        .filter_map(|name| attribute(post, name))
        .find_map(|address| urls::web(&address, base));
    own.or_else(|| {
        tree::elements(post, |node| tree::is_any(node, &["a"]))
            .iter()
            .rev()
            .filter_map(|link| attribute(link, "href").and_then(|address| urls::web(&address, base)))
            .find(|url| kind(url) != "Page")
    })
}

fn frame_address(frame: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    if let Some(url) = by_number(frame) {
        return Some(url);
    }
    let own = ["src", "data-src", "data-lazy-src", "data", "data-url", "data-href", "data-cmp-src"]
        .iter()
        .filter_map(|name| attribute(frame, name))
        .find_map(|address| urls::web(&address, base));
    let inside = || {
        tree::elements(frame, |node| tree::is_any(node, &["source", "embed", "a"]))
            .iter()
            .filter_map(|source| attribute(source, "src").or_else(|| attribute(source, "href")))
            .find_map(|address| urls::web(&address, base))
    };
    own.or_else(inside).map(|url| watchable(&url))
}

/// Elements that name a video by its number only.
fn by_number(frame: &NodeRef<'_>) -> Option<Url> {
    let number = |name: &str| attribute(frame, name).filter(|id| crate::dom::words::is_plain(id, 40));
    let address = match tree::local(frame)?.as_ref() {
        "amp-youtube" => format!("https://www.youtube.com/watch?v={}", number("data-videoid")?),
        "lite-youtube" | "youtube-video" => format!("https://www.youtube.com/watch?v={}", number("videoid")?),
        "amp-vimeo" => format!("https://vimeo.com/{}", number("data-videoid")?),
        "lite-vimeo" => format!("https://vimeo.com/{}", number("videoid")?),
        "amp-twitter" => format!("https://x.com/i/status/{}", number("data-tweetid")?),
        "amp-instagram" => format!("https://www.instagram.com/p/{}/", number("data-shortcode")?),
        "amp-dailymotion" => format!("https://www.dailymotion.com/video/{}", number("data-videoid")?),
        _ => return None,
    };
    Url::parse(&address).ok()
}

/// The address a person would open instead of the player's own.
fn watchable(url: &Url) -> Url {
    let host = urls::host(url);
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let better = match host {
        "youtube.com" | "youtube-nocookie.com" | "m.youtube.com"
            if url.path().starts_with("/embed/") && last != "videoseries" && crate::dom::words::is_plain(last, 20) =>
        {
            Url::parse(&format!("https://www.youtube.com/watch?v={last}")).ok()
        }
        "player.vimeo.com" if crate::dom::words::is_plain(last, 20) => {
            Url::parse(&format!("https://vimeo.com/{last}")).ok()
        }
        "platform.twitter.com" => {
            query(url, "id").and_then(|id| Url::parse(&format!("https://x.com/i/status/{id}")).ok())
        }
        "facebook.com" => query(url, "href").and_then(|address| urls::web(&address, None)),
        "w.soundcloud.com" => query(url, "url").and_then(|address| urls::web(&address, None)),
        "open.spotify.com" => {
            Url::parse(&format!("https://open.spotify.com{}", url.path().replacen("/embed", "", 1))).ok()
        }
        _ => None,
    };
    better.unwrap_or_else(|| url.clone())
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn is_wanted(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    !UNWANTED.iter().any(|known| {
        // "ads." must be the start of a name, or it would match "downloads.".
        address.match_indices(known).any(|(at, _)| !known.starts_with("ads") || address[..at].ends_with(['/', '.']))
    })
}

fn kind(url: &Url) -> &'static str {
    let place = format!("{}{}", urls::host(url), url.path());
    let starts =
        |known: &str| place.starts_with(known) || place.split(['.', '/']).any(|_| place.contains(&format!(".{known}")));
    KINDS.iter().find(|(known, _)| starts(known)).map_or("Page", |(_, kind)| kind)
}

/// The words on a card.
fn words(url: &Url) -> String {
    let host = urls::host(url);
    match kind(url) {
        "Page" if is_file(url, &[".mp4", ".m4v", ".webm", ".ogv", ".m3u8", ".mov"]) => format!("Video on {host}"),
        "Page" if is_file(url, &[".mp3", ".m4a", ".ogg", ".oga", ".opus", ".aac", ".wav"]) => {
            format!("Audio on {host}")
        }
        "Page" => format!("Embedded page on {host}"),
        kind => format!("{kind} on {host}"),
    }
}

/// What an embed is called by the page, unless that is the name of the player.
fn title(embed: &NodeRef<'_>) -> Option<String> {
    let title = attribute(embed, "title").and_then(|title| short_text::fact(&title))?;
    let key = crate::dom::words::key(&title);
    let says = key.split(' ').any(|word| !PLAYERS.contains(&word) && word.len() > 2);
    (says && title.chars().count() <= LONGEST_TITLE).then_some(title)
}

fn is_file(url: &Url, ends: &[&str]) -> bool {
    ends.iter().any(|end| url.path().to_ascii_lowercase().ends_with(end))
}

fn put_card(embed: &NodeRef<'_>, address: Option<Url>, keep: Keep) {
    let place = outermost_wrapper(embed);
    if let Some(url) = &address {
        let card = embed.tree.new_element("p");
        card.set_attr("class", "embed");
        let link = embed.tree.new_element("a");
        link.set_attr("href", url.as_str());
        link.set_text(match title(embed) {
            Some(title) => format!("{}: {title}", words(url)),
            None => words(url),
        });
        card.append_child(&link);
        place.insert_after(&card);
    }
    if keep == Keep::Quotation && tree::has_text(embed) {
        embed.rename("blockquote");
        embed.remove_all_attrs();
        if place.id != embed.id {
            place.insert_before(embed);
        }
    }
    if keep == Keep::Nothing || place.id != embed.id || !tree::has_text(embed) {
        if keep == Keep::Nothing || place.id != embed.id {
            place.remove_from_parent();
        } else {
            embed.remove_from_parent();
        }
    }
}

/// The widest element around an embed that holds nothing else, so that no empty frame remains; a
/// figure stays, for its caption.
fn outermost_wrapper<'a>(embed: &NodeRef<'a>) -> NodeRef<'a> {
    let mut place = *embed;
    while let Some(parent) = place.parent() {
        let alone = parent.children_it(false).all(|child| {
            child.id == place.id
                || child.is_comment()
                || tree::is_blank_text(&child)
                || tree::is_any(&child, &["script", "noscript", "style"])
        });
        if !alone || !tree::is_any(&parent, &["div", "span", "p", "center"]) {
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
    fn cards_say_what_is_behind_the_link() {
        for (address, wanted) in [
            ("https://www.youtube.com/watch?v=abc", "Video on youtube.com"),
            ("https://x.com/i/status/5", "Post on x.com"),
            ("https://netflix.com/title", "Embedded page on netflix.com"),
            ("https://www.google.com/maps/embed?pb=1", "Map on google.com"),
            ("https://cdn.example/talk.mp3", "Audio on cdn.example"),
        ] {
            assert_eq!(words(&Url::parse(address).unwrap()), wanted);
        }
    }

    #[test]
    fn a_card_has_the_title_of_what_is_embedded() {
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
    fn players_lead_to_the_page_a_person_would_open() {
        for (player, wanted) in [
            ("https://www.youtube-nocookie.com/embed/a-b_c?rel=0", "https://www.youtube.com/watch?v=a-b_c"),
            ("https://player.vimeo.com/video/76979871?h=1", "https://vimeo.com/76979871"),
            ("https://open.spotify.com/embed/episode/1", "https://open.spotify.com/episode/1"),
        ] {
            assert_eq!(watchable(&Url::parse(player).unwrap()).as_str(), wanted);
        }
    }

    #[test]
    fn a_picture_that_is_a_post_gets_a_card_and_a_teaser_of_the_same_site_none() {
        let base = Url::parse("https://a.example/rain").unwrap();
        let clean = |html: &str| crate::sanitize::sanitize_html(html, Some(&base)).as_str().to_owned();
        let post =
            "<blockquote class=imgur-embed-pub><a href='https://imgur.com/a1'>View post on imgur.com</a></blockquote>";
        assert!(
            clean(post).ends_with(">Picture on imgur.com</a></p>") && !clean(post).contains("View"),
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
