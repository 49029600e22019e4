//! Pictures at the moment of reading: each foreign address in a clean body becomes one of ours, or
//! words and a link.
//!
//! This runs at every page view, so it is one pass over the text. That is enough because
//! [`CleanHtml`] has a canonical form: lower-case names, every attribute in double
//! quotes with quotes escaped.

use url::Url;

use crate::dom::tree::escape;
use crate::dom::urls;
use crate::sanitize::CleanHtml;

/// Where a picture stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageState {
    /// We have it.
    Available {
        /// Its address with us, such as `/picture/ab12`.
        url: String,
        /// Width in pixels, if known.
        width: Option<u32>,
        /// Height in pixels, if known.
        height: Option<u32>,
    },
    /// It is on its way.
    Pending,
    /// It could not be had.
    Missing,
}

impl CleanHtml {
    /// The body with every picture as `shown` says, asked with the picture's original address. A
    /// picture that is not here becomes its description with a link to the original
    /// (`class="picture-waiting"` or `"picture-missing"`), so a browser loads nothing foreign.
    pub fn resolve_images(&self, mut shown: impl FnMut(&str) -> ImageState) -> CleanHtml {
        let html = self.as_str();
        let mut out = String::with_capacity(html.len() + 256);
        let mut rest = html;
        let mut link: Option<&str> = None;
        while let Some(start) = rest.find('<') {
            let end = start + tag_length(&rest[start..]);
            let tag = &rest[start..end];
            if tag.starts_with("<img ") || tag == "<img>" {
                out.push_str(&rest[..start]);
                // A link around the picture itself is closed for a moment, since links do not nest.
                let closes = rest[end..].starts_with("</a>");
                picture(&mut out, tag, link.filter(|_| closes), link.is_some(), &mut shown);
            } else {
                out.push_str(&rest[..end]);
                if tag.starts_with("<a ") {
                    link = Some(tag);
                } else if tag == "</a>" {
                    link = None;
                }
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
        CleanHtml::from_trusted(out)
    }
}

impl CleanHtml {
    /// Whether the body itself shows this picture, perhaps in another size, or begins with a picture, so that the lead
    /// image need not stand above it.
    pub fn shows_lead_image(&self, lead: &str) -> bool {
        let lead = Url::parse(lead).ok();
        let same = |image: &str| {
            let source = attribute(image, "src").and_then(|source| Url::parse(&unescape(source)).ok());
            source.zip(lead.as_ref()).is_some_and(|(source, lead)| urls::is_same_picture(&source, lead))
        };
        let mut paragraphs = 0;
        let mut rest = self.as_str();
        while let Some(start) = rest.find('<') {
            let end = start + tag_length(&rest[start..]);
            let tag = &rest[start..end];
            if tag.starts_with("<img ") && (same(tag) || (paragraphs <= 1 && !is_small(tag))) {
                return true;
            }
            paragraphs += usize::from(tag == "</p>" && !rest[..start].trim().is_empty());
            rest = &rest[end..];
        }
        false
    }
}

/// Whether a picture says that it is too small to begin an article with.
fn is_small(image: &str) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| size.parse::<u32>().ok());
    side("width").is_some_and(|width| width < 200) || side("height").is_some_and(|height| height < 100)
}

/// Length of the tag at the start, to its `>` outside quotes.
fn tag_length(html: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

/// An attribute's value as it stands in the tag, still escaped.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"')?;
        if before.rsplit(' ').next() == Some(name) {
            return Some(value);
        }
        rest = next;
    }
    None
}

fn unescape(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

fn picture(
    out: &mut String,
    tag: &str,
    around: Option<&str>,
    linked: bool,
    shown: &mut impl FnMut(&str) -> ImageState,
) {
    let source = attribute(tag, "src").unwrap_or_default();
    let words = attribute(tag, "alt").unwrap_or_default();
    let class = match shown(&unescape(source)) {
        ImageState::Available { url, width, height } => return here(out, tag, &url, (width, height)),
        ImageState::Pending => "picture-waiting",
        ImageState::Missing => "picture-missing",
    };
    let described = if words.trim().is_empty() { "Image without a description." } else { words };
    if source.is_empty() || (linked && around.is_none()) {
        out.push_str(&format!("<span class=\"{class}\">{described}</span>"));
        return;
    }
    let (close, open) = match around {
        Some(link) => ("</a>", link),
        None => ("", ""),
    };
    out.push_str(&format!(
        "{close}<span class=\"{class}\">{described} <a href=\"{source}\" rel=\"noopener noreferrer\">Open \
         original image</a></span>{open}"
    ));
}

fn here(out: &mut String, tag: &str, address: &str, size: (Option<u32>, Option<u32>)) {
    out.push_str(&format!("<img src=\"{}\" loading=\"lazy\" decoding=\"async\"", escape(address)));
    if let (Some(width), Some(height)) = size {
        out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
    }
    out.push_str(&format!(" alt=\"{}\">", attribute(tag, "alt").unwrap_or_default()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(html: &str) -> CleanHtml {
        crate::sanitize::sanitize_html(html, None)
    }

    #[test]
    fn a_picture_we_have_is_shown_from_our_own_address() {
        let shown = body("<p>One <img src='https://a.example/p.jpg?x=1&y=2' alt='A \"cat\" <b>'> two</p>")
            .resolve_images(|address| {
                assert_eq!(address, "https://a.example/p.jpg?x=1&y=2");
                ImageState::Available { url: "/picture/1".into(), width: Some(4), height: Some(3) }
            });
        assert_eq!(
            shown.as_str(),
            "<p>One <img src=\"/picture/1\" loading=\"lazy\" decoding=\"async\" width=\"4\" height=\"3\" \
             alt=\"A &quot;cat&quot; &lt;b&gt;\"> two</p>"
        );
    }

    #[test]
    fn a_picture_we_lack_becomes_its_words_and_a_link() {
        let shown =
            body("<p><img src='https://a.example/p.jpg' alt='A cat'></p>").resolve_images(|_| ImageState::Missing);
        assert_eq!(
            shown.as_str(),
            "<p><span class=\"picture-missing\">A cat <a href=\"https://a.example/p.jpg\" rel=\"noopener \
             noreferrer\">Open original image</a></span></p>"
        );
    }

    #[test]
    fn a_body_shows_its_lead_in_another_size_or_begins_with_another_picture() {
        let lead = "https://a.example/pictures/flooded-bridge-1200x630.jpg";
        let words = "<p>It rained.</p><p>It went on raining.</p>";
        for (html, wanted) in [
            (format!("{words}<figure><img src='https://a.example/flooded-bridge-640x480.jpg'></figure>"), true),
            (format!("{words}<p><img src='https://a.example/mayor.jpg'></p>"), false),
            (format!("<p><img src='https://a.example/mayor.jpg'></p>{words}"), true),
            (format!("<p><img src='https://a.example/face.jpg' width=60 height=60></p>{words}"), false),
            (words.to_owned(), false),
        ] {
            assert_eq!(body(&html).shows_lead_image(lead), wanted, "{html}");
        }
    }

    #[test]
    fn links_around_missing_pictures_do_not_nest() {
        for html in [
            "<p><a href='https://a.example/'><img src='https://a.example/p.jpg'></a></p>",
            "<p><a href='https://a.example/'><b><img src='https://a.example/p.jpg'></b></a></p>",
        ] {
            let shown = body(html).resolve_images(|_| ImageState::Pending);
            let mut open = 0;
            for part in shown.as_str().split('<') {
                open += i32::from(part.starts_with("a ")) - i32::from(part.starts_with("/a>"));
                assert!((0..=1).contains(&open), "{}", shown.as_str());
            }
            assert!(!shown.as_str().contains("<img"));
        }
    }
}
