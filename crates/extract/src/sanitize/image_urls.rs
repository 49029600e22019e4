//! Rewrites image URLs when an article is shown: each foreign image becomes a stored one, or its description and a
//! link.
//!
//! This runs at every page view, so it is a single pass over the text. That works because
//! [`CleanHtml`] has a normal form: lower-case names, and attributes in double quotes with
//! quotes escaped.

use url::Url;

use crate::dom::tree::escape;
use crate::dom::urls;
use crate::sanitize::CleanHtml;

/// The state of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageState {
    /// It is stored.
    Available {
        /// Its local URL, such as `/image/ab12`.
        url: String,
        /// Width in pixels, if known.
        width: Option<u32>,
        /// Height in pixels, if known.
        height: Option<u32>,
    },
    /// It is still being fetched.
    Pending,
    /// It could not be fetched.
    Missing,
}

impl CleanHtml {
    /// Returns the body with local image URLs. Calls `state_of` with the original URL of each image. An image that is
    /// not stored becomes its description and a link to the original (`class="image-pending"` or
    /// `"image-missing"`), so browsers load nothing foreign.
    pub fn resolve_images(&self, mut state_of: impl FnMut(&str) -> ImageState) -> CleanHtml {
        let html = self.as_str();
        let mut out = String::with_capacity(html.len() + 256);
        let mut rest = html;
        let mut link: Option<&str> = None;
        while let Some(start) = rest.find('<') {
            let end = start + tag_length(&rest[start..]);
            let tag = &rest[start..end];
            if tag.starts_with("<img ") || tag == "<img>" {
                out.push_str(&rest[..start]);
                // Links do not nest, so a link around the image is closed and reopened.
                let closes = rest[end..].starts_with("</a>");
                write_image(&mut out, tag, link.filter(|_| closes), link.is_some(), &mut state_of);
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
    /// Returns whether the body shows this image, possibly in another size, or begins with an image, so that no lead
    /// image is needed above it.
    pub fn shows_lead_image(&self, lead: &str) -> bool {
        let lead = Url::parse(lead).ok();
        let same = |image: &str| {
            let source = attribute(image, "src").and_then(|source| Url::parse(&unescape(source)).ok());
            source.zip(lead.as_ref()).is_some_and(|(source, lead)| urls::is_same_image(&source, lead))
        };
        // A picture that could not be had is no lead image.
        let has_source = |image: &str| attribute(image, "src").is_some();
        let mut paragraphs = 0;
        let mut rest = self.as_str();
        while let Some(start) = rest.find('<') {
            let end = start + tag_length(&rest[start..]);
            let tag = &rest[start..end];
            if tag.starts_with("<img ") && (same(tag) || (paragraphs <= 1 && has_source(tag) && !is_small(tag))) {
                return true;
            }
            paragraphs += usize::from(tag == "</p>" && !rest[..start].trim().is_empty());
            rest = &rest[end..];
        }
        false
    }
}

/// Returns whether an image's size attributes say that it is too small to begin an article with.
fn is_small(image: &str) -> bool {
    let side = |name: &str| attribute(image, name).and_then(|size| size.parse::<u32>().ok());
    side("width").is_some_and(|width| width < 200) || side("height").is_some_and(|height| height < 100)
}

/// Returns the length of the tag at the start, up to its unquoted `>`.
pub(super) fn tag_length(html: &str) -> usize {
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

/// Returns an attribute's value as written in the tag, still escaped.
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

fn write_image(
    out: &mut String,
    tag: &str,
    reopened_link: Option<&str>,
    in_link: bool,
    state_of: &mut impl FnMut(&str) -> ImageState,
) {
    let source = attribute(tag, "src").unwrap_or_default();
    let alt = attribute(tag, "alt").unwrap_or_default();
    let class = match state_of(&unescape(source)) {
        ImageState::Available { url, width, height } => return write_available_image(out, tag, &url, (width, height)),
        ImageState::Pending => "image-pending",
        ImageState::Missing => "image-missing",
    };
    let description = if alt.trim().is_empty() { "Image without a description." } else { alt };
    // An image that the page contained has no URL to open.
    if source.is_empty() || urls::is_inline_image(source) || (in_link && reopened_link.is_none()) {
        out.push_str(&format!("<span class=\"{class}\">{description}</span>"));
        return;
    }
    let (close, open) = match reopened_link {
        Some(link) => ("</a>", link),
        None => ("", ""),
    };
    out.push_str(&format!(
        "{close}<span class=\"{class}\">{description} <a href=\"{source}\" rel=\"noopener noreferrer\">Open \
         original image</a></span>{open}"
    ));
}

fn write_available_image(out: &mut String, tag: &str, url: &str, size: (Option<u32>, Option<u32>)) {
    out.push_str(&format!("<img src=\"{}\" loading=\"lazy\" decoding=\"async\"", escape(url)));
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
    fn an_available_image_gets_its_local_url() {
        let rewritten = body("<p>One <img src='https://a.example/p.jpg?x=1&y=2' alt='A \"cat\" <b>'> two</p>")
            .resolve_images(|url| {
                assert_eq!(url, "https://a.example/p.jpg?x=1&y=2");
                ImageState::Available { url: "/image/1".into(), width: Some(4), height: Some(3) }
            });
        assert_eq!(
            rewritten.as_str(),
            "<p>One <img src=\"/image/1\" loading=\"lazy\" decoding=\"async\" width=\"4\" height=\"3\" \
             alt=\"A &quot;cat&quot; &lt;b&gt;\"> two</p>"
        );
    }

    #[test]
    fn a_missing_image_becomes_its_description_and_a_link() {
        let rewritten =
            body("<p><img src='https://a.example/p.jpg' alt='A cat'></p>").resolve_images(|_| ImageState::Missing);
        assert_eq!(
            rewritten.as_str(),
            "<p><span class=\"image-missing\">A cat <a href=\"https://a.example/p.jpg\" rel=\"noopener \
             noreferrer\">Open original image</a></span></p>"
        );
    }

    #[test]
    fn detects_the_lead_image_in_another_size_or_an_opening_image() {
        let lead = "https://a.example/pictures/flooded-bridge-1200x630.jpg";
        let paragraphs = "<p>It rained.</p><p>It went on raining.</p>";
        for (html, wanted) in [
            (format!("{paragraphs}<figure><img src='https://a.example/flooded-bridge-640x480.jpg'></figure>"), true),
            (format!("{paragraphs}<p><img src='https://a.example/mayor.jpg'></p>"), false),
            (format!("<p><img src='https://a.example/mayor.jpg'></p>{paragraphs}"), true),
            (format!("<p><img src='https://a.example/face.jpg' width=60 height=60></p>{paragraphs}"), false),
            (paragraphs.to_owned(), false),
        ] {
            assert_eq!(body(&html).shows_lead_image(lead), wanted, "{html}");
        }
    }

    #[test]
    fn links_around_missing_images_do_not_nest() {
        for html in [
            "<p><a href='https://a.example/'><img src='https://a.example/p.jpg'></a></p>",
            "<p><a href='https://a.example/'><b><img src='https://a.example/p.jpg'></b></a></p>",
        ] {
            let rewritten = body(html).resolve_images(|_| ImageState::Pending);
            let mut open = 0;
            for part in rewritten.as_str().split('<') {
                open += i32::from(part.starts_with("a ")) - i32::from(part.starts_with("/a>"));
                assert!((0..=1).contains(&open), "{}", rewritten.as_str());
            }
            assert!(!rewritten.as_str().contains("<img"));
        }
    }
}
